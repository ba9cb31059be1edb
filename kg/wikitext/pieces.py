"""The pieces of a block of text, on their way from the tree to what a reader sees.

A block (a paragraph, list item, table cell, caption or field) is a flat list of pieces in the order of the text.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Run(NamedTuple):
    """Text shown; ``linear`` where it stands letter for letter in the source."""

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
    """The beginning of markup around the pieces that follow; a link where it has a target."""

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
    """Something left out."""

    start: int
    end: int


class Break(NamedTuple):
    """A line's end: between the lines of one paragraph (``soft``), or between the parts of a cell, caption or field."""

    start: int
    end: int
    soft: bool = True


Piece: TypeAlias = Run | Quotes | Open | Close | Mark | Gap | Break


def shows_text(pieces: list[Piece]) -> bool:
    """Whether a reader sees anything of ``pieces``."""
    return any(isinstance(p, Run) and not p.text.isspace() for p in pieces)
