"""Sentences with marked spans from which facts were extracted: names, triggers, dates, quotations."""

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
"""The style of a span, by the property that links to it; spans that refer to an entity are names."""
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
"""The role of a name in a fact, in words."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a sentence; ``kind`` is ``text``, ``name`` (linking to ``href``), ``trigger``, ``when``, ``quoted`` or ``hit``."""

    text: str
    kind: str = "text"
    href: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A span ``text[start:end]`` of a sentence, its style, and the things that it refers to with their roles."""

    start: int
    end: int
    kind: str
    things: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The names of what it refers to, with their roles."""
        names = ", ".join(dict.fromkeys(label for _, label in self.things))
        return f"{names} ({', '.join(self.notes)})" if self.notes else names


def words_by_passage(rows: Iterable[Row]) -> dict[str, list[Highlight]]:
    """Return the spans of each passage, from rows with ``passage``, ``start``, ``end``, ``property`` and optionally ``entity`` and
    ``label``."""
    found: dict[tuple[str, int, int], list[Row]] = defaultdict(list)
    for row in rows:
        if local(row["property"]) in PARTS or local(row["property"]) in NOTES:
            found[str(row["passage"]), int(row["start"]), int(row["end"])].append(row)
    by_passage: dict[str, list[Highlight]] = defaultdict(list)
    for (passage, start, end), group in found.items():
        by_passage[passage].append(_words(start, end, group))
    return dict(by_passage)


def names_by_passage(rows: Iterable[Row]) -> dict[str, list[Highlight]]:
    """Return the names in each passage with their links, from rows with ``passage``, ``start``, ``end`` and ``entity``."""
    found: dict[str, dict[tuple[int, int], Highlight]] = defaultdict(dict)
    for row in rows:
        at = int(row["start"]), int(row["end"])
        found[str(row["passage"])].setdefault(at, Highlight(*at, "name", ((str(row["entity"]), ""),)))
    return {passage: list(words.values()) for passage, words in found.items()}


def _words(start: int, end: int, rows: Sequence[Row]) -> Highlight:
    properties = sorted({local(row["property"]) for row in rows})
    things = tuple(dict.fromkeys((str(row["entity"]), str(row.get("label", ""))) for row in rows if "entity" in row))
    shown = {PARTS[name] for name in properties if name in PARTS}
    kind = next((kind for kind in ("trigger", "when", "quoted") if kind in shown), "name")
    return Highlight(start, end, kind, things, tuple(NOTES[name] for name in properties if name in NOTES))


def marked(text: str, words: Iterable[Highlight]) -> list[Segment]:
    """Split the sentence into segments; of nested spans, the shortest is shown, so that no mark hides another."""
    held = [each for each in words if 0 <= each.start < each.end <= len(text)]
    edges = sorted({0, len(text), *(edge for each in held for edge in (each.start, each.end))})
    pieces: list[Segment] = []
    before: Highlight | None = None
    for start, end in pairwise(edges):
        inside = [each for each in held if each.start <= start and end <= each.end]
        best = min(inside, key=lambda each: (each.end - each.start, each.kind), default=None)
        if pieces and best is before:
            pieces[-1] = Segment(pieces[-1].text + text[start:end], *_shown(best))
        else:
            pieces.append(Segment(text[start:end], *_shown(best)))
        before = best
    return pieces


def _shown(words: Highlight | None) -> tuple[str, str | None, str]:
    if words is None:
        return "text", None, ""
    href = page_address(words.things[0][0]) if words.things else None
    return words.kind, href, words.title
