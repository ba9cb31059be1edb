"""Sentences with the words marked that facts were read from, as the graph selects them: names, triggers, dates, quotations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.execution.engine import Row
from server.pages.addresses import page_address
from server.pages.term_display import local

PARTS = {
    "triggerAt": "trigger",
    "officeAt": "trigger",
    "dateAt": "when",
    "quoteAt": "quoted",
}
"""How words are shown by the property that leads to them; words that stand for an entity are names."""
NOTES = {
    "actorAt": "who",
    "recipientAt": "to whom",
    "mediatorAt": "through whom",
    "placeAt": "where",
    "aboutAt": "about",
    "sourceAt": "according to",
    "partyAt": "party",
    "signatoryAt": "signatory",
    "holderAt": "holder",
    "organizationAt": "of",
}
"""What a name is in a fact, in words."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; ``kind`` is ``text``, ``name`` (leading to ``href``), ``trigger``, ``when``, ``quoted`` or ``hit``."""

    text: str
    kind: str = "text"
    href: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Characters ``text[start:end]`` of a sentence, how they are shown, and the things that they stand for with what those are."""

    start: int
    end: int
    kind: str
    things: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The names of what they stand for, and as what."""
        names = ", ".join(dict.fromkeys(label for _, label in self.things))
        return f"{names} ({', '.join(self.notes)})" if self.notes else names


def words_by_passage(rows: Iterable[Row]) -> dict[str, list[Words]]:
    """The words of each passage, of rows that have ``passage``, ``start``, ``end``, ``property`` and maybe ``entity`` and ``label``."""
    found: dict[tuple[str, int, int], list[Row]] = defaultdict(list)
    for row in rows:
        if local(row["property"]) in PARTS or local(row["property"]) in NOTES:
            found[str(row["passage"]), int(row["start"]), int(row["end"])].append(row)
    by_passage: dict[str, list[Words]] = defaultdict(list)
    for (passage, start, end), group in found.items():
        by_passage[passage].append(_words(start, end, group))
    return dict(by_passage)


def names_by_passage(rows: Iterable[Row]) -> dict[str, list[Words]]:
    """The names in each passage, of rows that have ``passage``, ``start``, ``end`` and ``entity``: what they lead to, and no more."""
    found: dict[str, dict[tuple[int, int], Words]] = defaultdict(dict)
    for row in rows:
        at = int(row["start"]), int(row["end"])
        found[str(row["passage"])].setdefault(at, Words(*at, "name", ((str(row["entity"]), ""),)))
    return {passage: list(words.values()) for passage, words in found.items()}


def _words(start: int, end: int, rows: Sequence[Row]) -> Words:
    properties = sorted({local(row["property"]) for row in rows})
    things = tuple(dict.fromkeys((str(row["entity"]), str(row.get("label", ""))) for row in rows if "entity" in row))
    shown = {PARTS[name] for name in properties if name in PARTS}
    kind = next((kind for kind in ("trigger", "when", "quoted") if kind in shown), "name")
    return Words(start, end, kind, things, tuple(NOTES[name] for name in properties if name in NOTES))


def marked(text: str, words: Iterable[Words]) -> list[Piece]:
    """The sentence in pieces; of words within words the shortest are shown, so that no mark hides another."""
    held = [each for each in words if 0 <= each.start < each.end <= len(text)]
    edges = sorted({0, len(text), *(edge for each in held for edge in (each.start, each.end))})
    pieces: list[Piece] = []
    before: Words | None = None
    for start, end in pairwise(edges):
        inside = [each for each in held if each.start <= start and end <= each.end]
        best = min(inside, key=lambda each: (each.end - each.start, each.kind), default=None)
        if pieces and best is before:
            pieces[-1] = Piece(pieces[-1].text + text[start:end], *_shown(best))
        else:
            pieces.append(Piece(text[start:end], *_shown(best)))
        before = best
    return pieces


def _shown(words: Words | None) -> tuple[str, str | None, str]:
    if words is None:
        return "text", None, ""
    href = page_address(words.things[0][0]) if words.things else None
    return words.kind, href, words.title
