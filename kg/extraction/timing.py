"""When an event happened: which of a passage's time expressions belongs to its predicate."""

from __future__ import annotations

from spacy.tokens import Token

from kg.extraction.tree import PASSIVE_SUBJECTS, SUBJECTS, clause_of, is_clause_head
from kg.facts import Interval
from kg.language.reading import PassageDoc, TimeExpression

SIMULTANEOUS = frozenset({"when", "as", "while", "where", "whereupon"})
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
    if _is_fronted(time):
        return time.sent.root
    for node in time.ancestors:
        if node.i in triggers or is_clause_head(node):
            return node
    return clause_of(time)


def _is_fronted(time: Token) -> bool:
    """Whether the time opens the sentence and a comma ends it: it then belongs to the main clause, however it was parsed."""
    doc, end = time.doc, time.right_edge.i if time.right_edge.i - time.i < 3 else time.i
    opens = all(t.pos_ in ("ADP", "DET", "ADV", "SPACE") for t in doc[time.sent.start : time.left_edge.i]) and time.i - time.sent.start < 4
    return opens and end + 1 < len(doc) and doc[end + 1].text == "," and is_clause_head(time.sent.root)


def above(node: Token) -> Token | None:
    """The predicate whose time ``node`` shares, or None where a time must not be carried over."""
    head = node.head
    if head is node:
        return None
    if node.pos_ in ("NOUN", "PROPN"):
        return clause_of(node) if clause_of(node) is not node else None
    if node.dep_ in INHERITING and not _happens_apart(node):
        return head if is_clause_head(head) else clause_of(head)
    return None


def _happens_apart(node: Token) -> bool:
    """A clause with a subject of its own may happen at another time, unless it says that it is the same."""
    own = any(c.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS) for c in node.children)
    return own and not any(c.dep_ in ("mark", "advmod") and c.lower_ in SIMULTANEOUS for c in node.children)


def best(times: list[TimeExpression], predicate: Token) -> TimeExpression:
    """The most exact time of a clause; of equals, the nearest to the predicate."""
    order = {"day": 0, "month": 1, "year": 2, "interval": 3}
    return min(times, key=lambda t: (order[t.when.precision], abs(t.start - predicate.i)))
