"""Blocks of text and their pieces, between the tree and the text that a reader sees.

A block (a paragraph, list item, table cell, caption or field) is a flat list of pieces in text order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from kg.wikitext.article import Infobox, PassageKind


class Run(NamedTuple):
    """Visible text; ``linear`` if it occurs letter for letter in the source."""

    text: str
    start: int
    end: int
    linear: bool = True


class Quotes(NamedTuple):
    """Two or more apostrophes: italics, bold. ``opening``: two grave accents, a typewriter's quotation mark."""

    size: int
    start: int
    end: int
    opening: bool = False


class Open(NamedTuple):
    """The beginning of markup around the following pieces; a link if it has a target."""

    start: int
    end: int
    target: str = ""
    fragment: str | None = None
    italic: bool = False


class Close(NamedTuple):
    """The end of the markup opened last."""

    start: int
    end: int


class Mark(NamedTuple):
    """A reference mark."""

    start: int
    end: int
    reference: int


class Gap(NamedTuple):
    """An omission."""

    start: int
    end: int


class Break(NamedTuple):
    """The end of a line: between lines of one paragraph (``soft``), or between parts of a cell, caption or field."""

    start: int
    end: int
    soft: bool = True


Piece: TypeAlias = Run | Quotes | Open | Close | Mark | Gap | Break


def shows_text(pieces: list[Piece]) -> bool:
    """Whether a reader sees anything of ``pieces``."""
    return any(type(piece) is Run and not piece.text.isspace() for piece in pieces)


class BlockCell(NamedTuple):
    """The pieces of a table cell and the header of its column."""

    pieces: list[Piece]
    header: str
    from_above: bool


class Block(NamedTuple):
    """A paragraph, list item, caption, field or (with ``cells``) table row, as pieces."""

    kind: PassageKind
    pieces: list[Piece]
    start: int
    section: tuple[str, ...]
    name: str = ""
    cells: tuple[BlockCell, ...] = ()


class Fault(NamedTuple):
    """A part of the text that an error kept from being read; only its plain text is kept."""

    start: int
    end: int
    error: str


@dataclass
class Found:
    """The result of walking through an article."""

    faults: list[Fault] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    blocks: list[Block] = field(default_factory=list)
    hatnotes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    see_also: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    infobox: Infobox | None = None
