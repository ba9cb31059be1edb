"""Predicates of a passage read from its propositions: PropBank predicates with numbered arguments, by the frames table.

A proposition is what ``kg.language.encoder`` puts into ``Doc._.propositions``: ``predicate`` (the position of its word), ``roleset`` and
``arguments``, pairs of a label (ARG0, ARGM-LOC …) and the position of the argument's head.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from spacy.tokens import Doc, Token

from kg.extraction.events.fillers import AGENTS, Fillers
from kg.extraction.events.predicates import Predicate, inside, in_messages, is_spoken_of, at_talks, beside_subject, around, agents_of_participles, other_side, happens
from kg.extraction.frames.matching import lemma, noun_phrase, with_measured
from kg.extraction.frames.nouns import NOTHING
from kg.extraction.frames.table import SUPPORT, ArgumentTest, FrameTable, Row
from kg.extraction.syntax.arguments import Argument, arguments, noun_arguments
from kg.extraction.syntax.dependencies import SUBJECTS, children, clause_of, noun_conjuncts, preposition
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.phrases import is_preposition

EXTENSION = ("._.", "propositions", None, None)
"""Where ``Doc.user_data`` holds ``Doc._.propositions``."""
LIGHT_VERB = "ARGM-LVB"
PARTNER = "ARGM-COM"
VERBAL = ("VERB", "AUX")
NOUNS = ("NOUN", "PROPN")
SPELLINGS = tuple((re.compile(p), e) for p, e in ((r"yse$", "yze"), (r"([^aeiou])ise$", r"\1ize"), (r"our$", "or"), (r"ence$", "ense"), (r"fil$", "fill")))
BETWEEN_AGENTS = frozenset({"ACCUSE", "ASSAULT", "COERCE", "SANCTION", "REJECT", "THREATEN", "REQUEST", "SUPPORT", "AID", "CONSULT", "COOPERATE", "RETREAT", "CONCEDE"})
SENSE_BONUS = 2
"""How much more a row must say of the arguments to be taken though it is of another sense than the one that was read."""
TITLES = ("nmod:desc", "compound", "flat")
PLURALS = ("NNS", "NNPS")
OWN = ("poss", "adj", "of", "by")


class PropositionArgument(Protocol):
    """A label ("ARG0", "ARGM-LOC") and the position of the word that heads what fills it."""

    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def head(self) -> int: ...  # noqa: D102


class Proposition(Protocol):
    """What the encoder says of one predicate; ``roleset`` is None where PropBank has no sense for the word."""

    @property
    def predicate(self) -> int: ...  # noqa: D102
    @property
    def roleset(self) -> str | None: ...  # noqa: D102
    @property
    def fallback(self) -> bool: ...  # noqa: D102
    @property
    def arguments(self) -> Sequence[PropositionArgument]: ...  # noqa: D102


def propositions_of(doc: Doc) -> Sequence[Proposition]:
    """The propositions of a parsed passage; none where its reader gives none."""
    found: Sequence[Proposition] = doc.user_data.get(EXTENSION) or ()
    return found


@dataclass(frozen=True)
class PropositionReader:
    """Finds what the propositions of one passage tell, by the frames table."""

    fillers: Fillers

    @property
    def table(self) -> FrameTable:
        """The rows that say what a sense tells."""
        return self.fillers.lexicon.table

    def beyond(self, known: Iterable[Predicate]) -> list[Predicate]:
        """What the propositions tell besides predicates that the lexicon knows.

        A verb that the lexicon has, though not with these arguments, counts only where the table's row says what its arguments are; a noun
        only where a verb carries it: of both the lexicon knows when they are silent.
        """
        told = {i for p in known for i in (p.token.i, p.clause.i)}
        content = {n.i for p in known if p.kind == "verb" for a in p.arguments for n in noun_conjuncts(a.token)}
        return [
            predicate
            for predicate, row in self._read()
            if not told & {predicate.token.i, predicate.clause.i}
            and predicate.kind not in ("noun", "adjective")
            and not self._is_only_meant(predicate)
            and (predicate.kind != "light" or predicate.token.i not in content)
            and (row.is_typed or lemma(predicate.clause) not in self.fillers.lexicon.verbs_by_lemma or self._untyped(predicate))
        ]

    def _untyped(self, predicate: Predicate) -> bool:
        """What the lexicon's verb does between named agents counts though their words are none that it lists."""
        acting = [a.token for a in predicate.arguments if a.position == "subj"]
        return predicate.category.split("-", 1)[0] in BETWEEN_AGENTS and any(self.fillers.agents(t, acting=True) for t in acting)

    def _is_only_meant(self, predicate: Predicate) -> bool:
        """A purpose ("a plan to fight X", "stayed to protect Y"), what a gerund names ("banned from entering"), a participle without a doer."""
        verb = predicate.clause
        marks = {m.lower_ for m in children(verb, "mark", "case")}
        if verb.tag_ == "VBG" and (is_spoken_of(verb) or "from" in marks or verb.dep_ in ("acl", "amod")):
            return True
        if "to" in marks and (verb.dep_ in ("advcl", "acl") or (verb.dep_ == "xcomp" and not self._says_how(verb.head))):
            return True
        return verb.dep_ in ("acl", "amod") and verb.tag_ == "VBN" and all(a.position != "subj" for a in predicate.arguments)

    def _says_how(self, governor: Token) -> bool:
        """Whether a verb says of the act in its complement that it was begun, done, planned or refused."""
        lexicon, word = self.fillers.lexicon, lemma(governor)
        return lexicon.group("modality", word) is not None or lexicon.group("aspect", word) is not None

    def predicates(self) -> list[Predicate]:
        """All predicates that a row of the table knows, in the order of the text; verbs take the nouns whose act they carry."""
        return [predicate for predicate, _ in self._read()]

    def _read(self) -> list[tuple[Predicate, Row]]:
        found: dict[int, Predicate] = {}
        rows: dict[int, Row] = {}
        carriers: list[tuple[Row, Token, list[Argument]]] = []
        doc = self.fillers.passage.doc
        for proposition in propositions_of(doc):
            token = doc[proposition.predicate]
            if token.pos_ in NOUNS and self._is_named_or_spoken_of(token):
                continue
            known = self._arguments(proposition, token)
            row = self._row(proposition, token, known)
            if row is None:
                continue
            if row.category in SUPPORT:
                carriers.append((row, token, known))
            else:
                found[token.i], rows[token.i] = self._predicate(proposition, row, token, known), row
        for row, verb, known in carriers:
            self._carry(found, row, verb, known)
        content = {n.i for p in found.values() if p.kind in ("verb", "adjective") for a in p.arguments for n in noun_conjuncts(a.token)}
        return [(found[i], rows[i]) for i in sorted(found) if found[i].kind != "noun" or i not in content]

    def _is_named_or_spoken_of(self, noun: Token) -> bool:
        """A noun that is a name, only modifies another, or is what something is about: "an agreement on the normalisation of relations"."""
        mention = self.fillers.mention(noun)
        if (mention is not None and not mention.attributive) or noun.dep_ in TITLES:
            return True
        marker = preposition(noun)
        mediating = marker in function_words("under") and self.fillers.lexicon.group("mediating", lemma(noun)) is not None
        return marker in function_words("topic") or mediating

    def _row(self, proposition: Proposition, token: Token, known: Sequence[Argument]) -> Row | None:
        """The row of the sense, or of another sense of the word whose row says more of the arguments: senses are told apart less surely."""
        of_sense = self.table.rows.get(proposition.roleset or "", ())
        unsure = proposition.fallback or proposition.roleset is None
        rows = (row for key in self._keys(proposition, token) for row in self.table.by_lemma.get(key, ()))
        others = [row for row in rows if (unsure or row.is_typed) and row not in of_sense]
        bonus = 0 if unsure else SENSE_BONUS
        ranked = sorted([*((row.specificity + bonus, row) for row in of_sense), *((row.specificity, row) for row in others)], key=lambda r: -r[0])
        return next((row for _, row in ranked if all(self._passes(t, token, known) for t in row.tests)), None)

    def _keys(self, proposition: Proposition, token: Token) -> list[str]:
        """The lemma of the proposition, as PropBank writes it, with the particle if there is one."""
        base = (proposition.roleset or "").rpartition(".")[0] or american(lemma(token).replace("-", ""))
        word = base.split("_")[0]
        after = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
        particles = {c.lower_ for c in children(token, "compound:prt")} | {after}
        return [word, *(f"{word}_{p}" for p in sorted(particles) if f"{word}_{p}" in self.table.by_lemma)]

    def _passes(self, test: ArgumentTest, token: Token, known: Sequence[Argument]) -> bool:
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

    def _arguments(self, proposition: Proposition, token: Token) -> list[Argument]:
        """The arguments by number, then those that only the tree gives: obliques of a verb, possessor and complements of a noun."""
        doc = token.doc
        found: list[Argument] = []
        for argument in proposition.arguments:
            head = self._named(doc[argument.head])
            position = _position(argument.label.removeprefix("C-"), head)
            if position and head.i != token.i and Argument(position, head) not in found:
                found.append(Argument(position, head))
        taken = {t.i for a in found for t in noun_conjuncts(a.token)}
        positions = {a.position for a in found}
        rest = arguments(token) if token.pos_ in VERBAL or token.pos_ == "ADJ" else noun_arguments(token)
        for other in rest:
            if other.token.i not in taken and not (other.position in ("subj", "obj", "iobj") and other.position in positions):
                found.append(other)
        return found

    def _named(self, head: Token) -> Token:
        """The name that a title stands before ("Prime Minister X")."""
        while head.dep_ in TITLES and head.pos_ in NOUNS and head.head.pos_ in NOUNS and head.head.i > head.i:
            head = head.head
        return head

    def _predicate(self, proposition: Proposition, row: Row, token: Token, known: list[Argument]) -> Predicate:
        doc = token.doc
        light = next((doc[a.head] for a in proposition.arguments if a.label == LIGHT_VERB), None)
        kind, clause = "verb", token
        placed = [self._placed(a, row) for a in known]
        if token.pos_ in NOUNS and light is not None:
            kind, clause = "light", light
            placed += self._of_carrier(light, token, placed)
        elif token.pos_ in NOUNS:
            kind = "noun"
            verb = clause_of(token)
            clause = verb if happens(token, verb, self.fillers) else token
            placed += [*agents_of_participles(token), *around(token, verb, self.fillers)]
            placed += other_side(token, verb, row.roles)
        elif token.pos_ == "ADJ":
            kind = "adjective"
        else:
            placed += [*inside(token, placed, row.roles), *in_messages(placed, self.fillers), *at_talks(placed, self.fillers), *beside_subject(placed)]
        placed += self._subjects_of_content(placed, row)
        return Predicate(
            token=token,
            clause=clause,
            kind=kind,
            category=row.category,
            source=f"{proposition.roleset} {row.source}",
            roles=row.roles,
            arguments=tuple(dict.fromkeys(placed)),
            needs=("actor|recipient|mediator|about",) if kind == "noun" else (),
        )

    def _placed(self, argument: Argument, row: Row) -> Argument:
        """A numbered argument that the row says nothing of, by its preposition."""
        if argument.position in row.roles or not argument.position.isdigit():
            return argument
        return Argument(preposition(argument.token) or argument.position, argument.token)

    def _subjects_of_content(self, known: Iterable[Argument], row: Row) -> list[Argument]:
        """Who is to act in a clause that is argument 1: "demanded that X withdraw", "called on X to withdraw"."""
        if "ccomp" not in row.roles or any(a.position == "ccomp" for a in known):
            return []
        clauses = [a.token for a in known if a.position == "obj" and a.token.pos_ in VERBAL]
        return [Argument("ccomp", a.token) for c in clauses for a in arguments(c) if a.position == "subj"]

    def _carry(self, found: dict[int, Predicate], row: Row, verb: Token, known: Sequence[Argument]) -> None:
        """Give the act that a noun tells to the verb that carries it: "began talks", "issued a statement", "received a visit from X"."""
        objects = [a.token for a in known if a.position == "obj"]
        for noun in (t for o in objects for n in noun_conjuncts(o) for t in with_measured(n, self.fillers)):
            predicate = found.get(noun.i)
            if predicate is None or predicate.kind != "noun" or verb.i in found:
                continue
            passed = [a for a in self._of_carrier(verb, noun, predicate.arguments) if a not in predicate.arguments]
            roles = predicate.roles
            if row.category == "@2":
                passed = [Argument({"subj": "inverse", "from": "subj", "2": "subj", "by": "subj"}.get(a.position, a.position), a.token) for a in passed]
                roles = {**roles, "inverse": "recipient"}
            found[noun.i] = replace(
                predicate, kind="light", clause=verb, roles=roles, arguments=(*predicate.arguments, *passed), source=f"{predicate.source} in {lemma(verb)}"
            )

    def _of_carrier(self, verb: Token, noun: Token, own: Sequence[Argument]) -> list[Argument]:
        """What the verb that carries a noun's act adds: its subject, if the noun names no actor, and its obliques."""
        positions = {a.position for a in own}
        added = []
        for argument in arguments(verb):
            if noun in noun_conjuncts(argument.token) or argument.position in ("obj", "ccomp", "xcomp"):
                continue
            if argument.position == "subj" and positions & {"subj", "poss", "by"}:
                continue
            added.append(argument)
        return added


def american(word: str) -> str:
    """The American spelling, which PropBank's frames are listed by: criticise, honour, defence, travelled."""
    for pattern, ending in SPELLINGS:
        changed = pattern.sub(ending, word)
        if changed != word:
            return changed
    return word


def _position(label: str, head: Token) -> str | None:
    """The position of an argument as rules name it: number, or preposition of a modifier; None for times, manners and the like without one."""
    if label.startswith("ARG") and label[3:4].isdigit():
        return {"0": "subj", "1": "obj"}.get(label[3], label[3])
    if label == PARTNER:
        return "with"
    if label in (LIGHT_VERB, "ARGM-TMP", "ARGM-NEG", "ARGM-MOD", "ARGM-PRR") or not label.startswith("ARGM") or head.pos_ in VERBAL:
        return None
    marker = preposition(head)
    return marker if marker and is_preposition(marker) else None
