"""The words of a headline under construction: tokens with their text, and the constituents to which they belong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from kg.extraction.syntax.dependencies import PASSIVE_SUBJECTS, SUBJECTS, VERBALS, children, first_word
from kg.extraction.syntax.mending import names_a_time
from kg.facts import Wording

OF, CONTENT, INNER, TITLE, COMPLEMENT, PLACE, RELATIVE, PURPOSE = 2, 4, 6, 8, 10, 12, 14, 16
"""Ranks of constituents, after those that always stay (0): what a noun that always stays is of; what is said or agreed and what a word's
sense calls for (its numbered arguments, those who take part, conditions); what a noun of these is of; other complements; places and
participles; relative clauses and what is coordinated; purposes. Titles of persons come before other complements; a further name of a list
comes after the list (rank + 1)."""
QUOTATION_MARKS = frozenset('"“”«»„')
_BRACKETS = frozenset("()[]{}")


@dataclass(frozen=True, slots=True)
class HeadlinePiece:
    """The text of a token, or of an insertion in its place, in a headline. ``at`` is None for an insertion."""

    text: str
    constituent: int
    at: int | None = None


@dataclass
class Constituents:
    """The constituents of a headline by number: rank, the enclosing one, and the replacement if it is left out."""

    ranks: list[int] = field(default_factory=lambda: [0])
    within: list[int] = field(default_factory=lambda: [0])
    instead: list[str] = field(default_factory=lambda: [""])
    introduced: dict[str, set[int]] = field(default_factory=dict)
    """The entities named so far, each with the constituents that name it."""

    def open(self, rank: int, within: int, instead: str = "") -> int:
        """Open a new constituent inside another; it is left out no later than that one."""
        self.ranks.append(max(rank, self.ranks[within]))
        self.within.append(within)
        self.instead.append(instead)
        return len(self.ranks) - 1

    def introduce(self, keys: Iterable[str], c: int) -> None:
        """Record that a constituent names entities. A later name of a list counts for all constituents that contain the list."""
        at = c
        while self.ranks[at] % 2 and at and self.ranks[at] != TITLE:
            at = self.within[at]
        for key in keys:
            self.introduced.setdefault(key, set()).add(at)

    def is_introduced(self, key: str, c: int) -> bool:
        """Whether an entity is named in a constituent that is present whenever this one is."""
        named = self.introduced.get(key, set())
        while c not in named and c:
            c = self.within[c]
        return c in named

    def wordings(self, pieces: Sequence[HeadlinePiece], doc: Doc) -> tuple[Wording, ...]:
        """Return the pieces with the text's spaces and punctuation between them, joined by constituent."""
        found: list[tuple[str, int]] = []
        places = {p.at: p.constituent for p in pieces if p.at is not None}
        previous: HeadlinePiece | None = None
        for piece in pieces:
            lead = _between(previous, piece, doc) if previous is not None else ""
            mark = lead.rstrip()
            if mark == "," and previous is not None and _closes_subject(previous, piece, doc) and not any("," in text for text, _ in found):
                mark, lead = "", " "
            if mark and previous is not None:  # a comma belongs to what it sets off
                pair = _apposed(previous, piece, doc)
                if pair is None:
                    found.append((mark, self._set_off(previous.constituent, piece.constituent)))
                elif all(t.i in places for t in pair):
                    found.append((mark, max((places[t.i] for t in pair), key=lambda c: (self.ranks[c], c))))
                lead = lead[len(mark) :]
            found.append((lead + piece.text, piece.constituent))
            previous = piece
        return tuple(self._wording(text, c) for text, c in _joined(found))

    def _set_off(self, one: int, other: int) -> int:
        """Return the constituent to which punctuation between two pieces belongs: the inner one, not a title that opens the other ("…,
        Mr X")."""
        while self.ranks[other] == TITLE and one != other and not self._is_inside(one, other):
            other = self.within[other]
        return max(one, other, key=lambda c: (self.ranks[c], c))

    def _is_inside(self, inner: int, outer: int) -> bool:
        while inner and inner != outer:
            inner = self.within[inner]
        return inner == outer

    def _wording(self, text: str, c: int) -> Wording:
        return Wording(text, self.ranks[c], c, self.within[c], self.instead[c])


def _between(one: HeadlinePiece, other: HeadlinePiece, doc: Doc) -> str:
    """Return what is between two pieces: the text's own space and punctuation if no word was left out, else a space."""
    if other.text in (",", "'s", "'"):
        return ""
    if one.at is None or other.at is None or other.at <= one.at:
        return " "
    gap = doc[one.at + 1 : other.at]
    if any(t.pos_ != "PUNCT" or t.text in _BRACKETS for t in gap):
        only_time = gap[-1].text == "," and all(names_a_time(t) or t.pos_ in ("PUNCT", "ADP") for t in gap)
        return ", " if only_time or (_opens_conjunct(doc[other.at]) and doc[one.at].dep_ != "cc") else " "
    text: str = doc[one.at].whitespace_ + "".join(t.text_with_ws if t.text not in QUOTATION_MARKS else t.whitespace_ for t in gap)
    return text


def _opens_conjunct(token: Token) -> bool:
    """Whether a word begins a further conjunct."""
    return any(t.dep_ == "conj" and t.pos_ in ("NOUN", "PROPN") and first_word(t) == token for t in (token, *token.ancestors))


def _apposed(one: HeadlinePiece, other: HeadlinePiece, doc: Doc) -> tuple[Token, Token] | None:
    """Return the apposition and its noun separated by a comma between two pieces, or None."""
    if one.at is None or other.at is None or _opens_conjunct(doc[other.at]):
        return None
    for comma in doc[one.at + 1 : other.at]:
        for word in (comma.head, *(c for c in comma.head.children if c.i < comma.i)):
            if comma.text == "," and word.dep_ == "appos":
                return word, word.head
    return None


def _closes_subject(one: HeadlinePiece, other: HeadlinePiece, doc: Doc) -> bool:
    """Whether one piece ends a subject and the other begins its verb."""
    if one.at is None or other.at is None or doc[other.at].pos_ not in VERBALS:
        return False
    verb = doc[other.at].head if doc[other.at].dep_.startswith("aux") else doc[other.at]
    return any(doc[one.at] in t.subtree for t in children(verb, *SUBJECTS, *PASSIVE_SUBJECTS))


def _joined(texts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    joined: list[tuple[str, int]] = []
    for text, c in texts:
        if joined and joined[-1][1] == c:
            joined[-1] = (joined[-1][0] + text, c)
        else:
            joined.append((text, c))
    return joined
