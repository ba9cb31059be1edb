"""What the phrases of a headline are reduced against: the passage, its entities and the event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Token

from kg.extraction.discourse.answers import makers_of
from kg.extraction.headlines.constituents import HeadlinePiece
from kg.extraction.headlines.naming import headline_words
from kg.extraction.syntax.dependencies import children, noun_conjuncts
from kg.extraction.syntax.quotations import quotations
from kg.facts import Entity, Interval, Kind
from kg.language.parsing.plain import propositions_of
from kg.language.reading import Mention, PassageDoc

POINTS = frozenset({"point", "anchor", "range", "around", "throughout"})
"""Relations of a time expression that dates the event: the date after the headline replaces it."""
CORE_LABEL = re.compile(r"(?:C-)?ARG[0-9A]")
"""PropBank's labels for the core arguments of a predicate's sense."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A preceding event: the code of its category, and its actors."""

    category: str
    actors: Sequence[str]


@dataclass(frozen=True)
class EventContext:
    """The passage that reports an event, and what is known of the event."""

    passage: PassageDoc
    entities: Mapping[str, Entity]
    when: Interval | None = None
    """The time of the event, given by the date after the headline."""
    dateless: bool = False
    """Whether the headline must not contain times."""
    taking_part: frozenset[str] = frozenset()
    """The participants of the event: a phrase that names them is left out last."""
    earlier: Sequence[Earlier] = ()
    """The preceding events, most recent last."""
    events: frozenset[int] = frozenset()
    """The nouns that report the event."""

    @cached_property
    def mentions(self) -> Mapping[int, Mention]:
        """The mentions of the passage by the position of each of their words."""
        return {i: m for m in self.passage.mentions for i in range(m.start, m.end)}

    @cached_property
    def times(self) -> frozenset[int]:
        """The words of time expressions that a headline does not repeat."""
        own = [t for t in self.passage.times if not t.named and t.relation in POINTS and (self.dateless or _is_same(t.when, self.when))]
        return frozenset(i for t in own for i in range(t.start, t.end))

    @cached_property
    def quoted(self) -> frozenset[int]:
        """The words between quotation marks."""
        return frozenset(i for q in quotations(self.passage.doc) for i in range(q.start, q.end))

    @cached_property
    def called_for(self) -> frozenset[tuple[int, int]]:
        """Each predicate with each head of its core arguments, by their positions."""
        found = propositions_of(self.passage.doc)
        return frozenset((p.predicate, a.head) for p in found for a in p.arguments if CORE_LABEL.fullmatch(a.label))

    @cached_property
    def bracketed(self) -> frozenset[int]:
        """The words and marks in brackets."""
        depth, found = 0, set()
        for token in self.passage.doc:
            depth += token.text in ("(", "[")
            if depth:
                found.add(token.i)
            depth -= depth > 0 and token.text in (")", "]")
        return frozenset(found)

    def is_person(self, mention: Mention | None) -> bool:
        keys = mention.keys if mention is not None and not mention.coreferent else ()
        return bool(keys) and all(k in self.entities and self.entities[k].kind is Kind.PERSON for k in keys)

    def names_person(self, noun: Token) -> bool:
        """Whether a noun, or the name after it, is a person's."""
        return any(self.is_person(self.mentions.get(t.i)) for t in (noun, *children(noun, "flat", "appos", "nmod:desc")))

    def members_beside(self, noun: Token) -> tuple[str, ...]:
        """Return the members of a group listed after it: "three neighbours: A, B and C"."""
        lists = [t for t in children(noun, "appos") if len(noun_conjuncts(t)) > 1 and t.i > noun.i]
        named = [m for t in lists[:1] for n in noun_conjuncts(t) if (m := self.mentions.get(n.i)) is not None and not m.coreferent]
        keys = tuple(dict.fromkeys(k for m in named for k in m.keys if k in self.entities))
        agents = all(self.entities[k].kind in (Kind.STATE, Kind.INSTITUTION) for k in keys)
        return keys if noun.tag_ == "NNS" and len(keys) > 1 and agents else ()

    def names_itself(self, token: Token, mention: Mention) -> bool:
        """Whether a description says whose it is ("Serbia's foreign minister"), or describes somebody of whom only the state is known."""
        named = (self.mentions.get(t.i) for t in token.subtree if t != token and t.i < token.i)
        if any(m is not None and m is not mention and not m.coreferent for m in named):
            return True
        of_state = all(self.entities[k].kind is Kind.STATE for k in mention.keys if k in self.entities)
        return of_state and token.pos_ not in ("PRON", "DET") and token.lower_ not in headline_words("of_states")

    def takes_part(self, noun: Token) -> bool:
        """Whether a phrase names somebody who takes part in the event."""
        named = [self.mentions.get(t.i) for n in noun_conjuncts(noun) for t in (n, *children(n, "compound", "nmod:desc", "flat", "appos"))]
        return any(m is not None and self.taking_part & set(m.keys) for m in named)

    def is_called_for(self, predicate: Token, word: Token) -> bool:
        """Whether a word is a core argument of a predicate's sense."""
        return (predicate.i, word.i) in self.called_for

    def is_open(self, pronoun: Token) -> bool:
        """Whether the referent of a pronoun is unknown."""
        mention = self.mentions.get(pronoun.i)
        return mention is None or not mention.keys

    def names_beside(self, pronoun: Token, keys: Iterable[str]) -> bool:
        """Whether somebody stands elsewhere in the clause of a pronoun, so that the pronoun does not mean them."""
        named = {k for t in pronoun.head.subtree if t != pronoun and (m := self.mentions.get(t.i)) for k in m.keys}
        return bool(named & set(keys))

    def stands_for_one(self, pronoun: Token, pieces: Sequence[HeadlinePiece]) -> bool:
        """Whether a plural pronoun was replaced by one name."""
        mention = self.mentions.get(pronoun.i)
        return mention is not None and len(mention.keys) == 1 and all(p.at != pronoun.i or p.text != pronoun.text for p in pieces)

    def makers(self, noun: Token) -> Sequence[str]:
        """Return who made what a noun denotes ("these claims"), by the preceding events; empty if nobody is known to have."""
        categories = makers_of(noun.lemma_.lower())
        return next((e.actors for e in reversed(self.earlier) if e.category in categories), ())


def _is_same(time: Interval, when: Interval | None) -> bool:
    """Whether a time expression says when the event was, which another sentence may say more exactly."""
    return when is not None and not when.inferred and time.earliest <= when.earliest and when.latest <= time.latest
