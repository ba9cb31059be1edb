"""What the walk through an article collects: blocks of text, and what stands beside them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kg.wikitext.article import Infobox, PassageKind
from kg.wikitext.pieces import Piece


@dataclass(frozen=True, slots=True)
class BlockCell:
    """The pieces of a table cell and the header of its column."""

    pieces: list[Piece]
    header: str
    from_above: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, caption, field or (with ``cells``) table row, still in pieces."""

    kind: PassageKind
    pieces: list[Piece]
    start: int
    section: tuple[str, ...]
    name: str = ""
    cells: tuple[BlockCell, ...] = ()


@dataclass
class Found:
    """What the walk through an article collects."""

    notes: Counter[str] = field(default_factory=Counter)
    blocks: list[Block] = field(default_factory=list)
    hatnotes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    see_also: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    infobox: Infobox | None = None
