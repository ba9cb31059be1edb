"""Select the row of the frames table for a proposition: by its sense, or by its arguments.

A proposition is what ``kg.language.encoder`` stores in ``Doc._.propositions``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from spacy.tokens import Token

from kg.extraction.frames.fillers import AGENTS, Fillers
from kg.extraction.frames.matching import lemma, noun_phrase, with_measured
from kg.extraction.frames.nouns import NOTHING
from kg.extraction.frames.table import ArgumentTest, FrameTable, Row
from kg.extraction.syntax.dependencies import SUBJECTS, children, noun_conjuncts
from kg.extraction.syntax.logical_arguments import LogicalArgument

VERBAL = ("VERB", "AUX")
NOUNS = ("NOUN", "PROPN")
PLURALS = ("NNS", "NNPS")
SENSE_BONUS = 2
"""Margin in specificity by which a row of another sense must exceed that of the predicted sense."""
SPELLINGS = {r"yse$": "yze", r"([^aeiou])ise$": r"\1ize", r"our$": "or", r"ence$": "ense", r"fil$": "fill"}


class PropositionArgument(Protocol):
    """A label ("ARG0", "ARGM-LOC") and the position of the head of its filler."""

    @property
    def label(self) -> str: ...
    @property
    def head(self) -> int: ...


class SensedPredicate(Protocol):
    """The encoder's reading of one predicate; ``roleset`` is None if PropBank has no sense for the word."""

    @property
    def predicate(self) -> int: ...
    @property
    def roleset(self) -> str | None: ...
    @property
    def fallback(self) -> bool: ...
    @property
    def arguments(self) -> Sequence[PropositionArgument]: ...


@dataclass(frozen=True)
class RowFinder:
    """Finds the rows of one passage's propositions."""

    fillers: Fillers

    @property
    def table(self) -> FrameTable:
        """The table of rows by sense."""
        return self.fillers.lexicon.table

    def row(self, proposition: SensedPredicate, token: Token, known: Sequence[LogicalArgument]) -> Row | None:
        """Return the row of the sense, or of another sense of the word whose row is more specific: senses are predicted less reliably."""
        of_sense = self.table.rows.get(proposition.roleset or "", ())
        unsure = proposition.fallback or proposition.roleset is None
        rows = (row for key in self._keys(proposition, token) for row in self.table.by_lemma.get(key, ()))
        others = [row for row in rows if (unsure or row.is_typed) and row not in of_sense]
        bonus = 0 if unsure else SENSE_BONUS
        ranked = [*((row.specificity + bonus, row) for row in of_sense), *((row.specificity, row) for row in others)]
        ranked.sort(key=lambda pair: -pair[0])
        return next((row for _, row in ranked if all(self._passes(t, token, known) for t in row.tests)), None)

    def _keys(self, proposition: SensedPredicate, token: Token) -> list[str]:
        """Return the lemma of the proposition, as in PropBank, with its particle, if any."""
        spelt = lemma(token).replace("-", "")
        base = (proposition.roleset or "").rpartition(".")[0] or (spelt if spelt in self.table.by_lemma else american(spelt))
        word = base.split("_")[0]
        after = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
        particles = {c.lower_ for c in children(token, "compound:prt")} | {after}
        return [word, *(f"{word}_{p}" for p in sorted(particles) if f"{word}_{p}" in self.table.by_lemma)]

    def _passes(self, test: ArgumentTest, token: Token, known: Sequence[LogicalArgument]) -> bool:
        if not test.positions:
            return token.pos_ in NOUNS
        there = [a.token for a in known if a.position in test.positions]
        if test.absent:
            return not there
        if test.negative:
            return not any(self._admits(test, t) for t in there)
        if "noun" in test.flags and token.pos_ in NOUNS:
            return True
        if not there and test.positions == ("subj",) and test.kinds & AGENTS and token.pos_ in VERBAL:
            return True  # "was rejected": whoever did it
        return any(self._admits(test, t) for t in there)

    def _admits(self, test: ArgumentTest, token: Token) -> bool:
        conjuncts = noun_conjuncts(token)
        if "several" in test.flags and (len(conjuncts) > 1 or token.tag_ in PLURALS or self._several_keys(token)):
            return True
        if "clause" in test.flags and (token.pos_ in VERBAL or children(token, "mark", "cop", *SUBJECTS)):
            return True
        if "act" in test.flags and token.pos_ in NOUNS:
            return True
        for noun in (t for c in conjuncts for t in with_measured(c, self.fillers)):
            phrase = noun_phrase(noun, self.fillers)
            if phrase.kinds & test.kinds:
                return True
            if phrase.kinds and not test.words - test.flags:
                continue
            names = [phrase.head, phrase.head.removesuffix("s"), *(f"{m} {phrase.head}" for m in phrase.modifiers)]
            names += [f"{phrase.head} {p} {n}" for p, n in phrase.complements]
            if any(name in test.words or self.table.nouns.get(name, NOTHING) & test.words for name in names):
                return True
        return False

    def _several_keys(self, token: Token) -> bool:
        mention = self.fillers.mention(token)
        return mention is not None and len(mention.keys) > 1


def american(word: str) -> str:
    """Return the American spelling, under which PropBank's frames are listed: criticise, honour, defence, travelled."""
    for pattern, ending in SPELLINGS.items():
        changed = re.sub(pattern, ending, word)
        if changed != word:
            return changed
    return word
