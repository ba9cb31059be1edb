"""When an event happened: which of a passage's time expressions belongs to its predicate."""

from __future__ import annotations

from spacy.tokens import Token

from kg.extraction.tree import SUBJECTS, clause_of, is_clause_head
from kg.facts import Interval
from kg.language.reading import PassageDoc, TimeExpression

INHERITING = ("conj", "xcomp", "advcl", "acl", "parataxis", "amod")
"""Clauses that happen in the time of the clause that they hang on, where they name none of their own."""


class Times:
    """The time expressions of one passage by the word whose event they date.

    ``triggers`` are the positions of words that report events: an event noun keeps a time that hangs on it for itself.
    """

    def __init__(self, passage: PassageDoc, triggers: frozenset[int] = frozenset()) -> None:
        self._by_word: dict[int, list[TimeExpression]] = {}
        for time in passage.times:
            head = passage.doc[time.start : time.end].root
            self._by_word.setdefault(governor(head, triggers).i, []).append(time)

    def of(self, predicate: Token) -> Interval | None:
        """The time of the event that ``predicate`` reports, or None where the passage does not say."""
        node: Token | None = predicate
        while node is not None:
            found = self._by_word.get(node.i)
            if found:
                return best(found, predicate).when
            node = above(node)
        return None


def governor(time: Token, triggers: frozenset[int]) -> Token:
    """The verb or event noun that a time expression modifies."""
    for node in time.ancestors:
        if node.i in triggers or is_clause_head(node):
            return node
    return clause_of(time)


def above(node: Token) -> Token | None:
    """The predicate whose time ``node`` shares, or None where a time must not be carried over."""
    head = node.head
    if head is node:
        return None
    if node.pos_ in ("NOUN", "PROPN"):
        return clause_of(node) if clause_of(node) is not node else None
    if node.dep_ in INHERITING and not (node.dep_ == "conj" and _says_no_time(node)):
        return head if is_clause_head(head) else clause_of(head)
    return None


def _says_no_time(node: Token) -> bool:
    """A coordinated clause with a subject of its own may happen at another time, unless it follows at once."""
    return any(c.dep_ in SUBJECTS for c in node.children) and any(c.dep_ == "aux" and c.lower_ == "had" for c in node.children)


def best(times: list[TimeExpression], predicate: Token) -> TimeExpression:
    """The most exact time of a clause; of equals, the nearest to the predicate."""
    order = {"day": 0, "month": 1, "year": 2, "interval": 3}
    return min(times, key=lambda t: (order[t.when.precision], abs(t.start - predicate.i)))
