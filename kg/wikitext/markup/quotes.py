"""Quote marks for italics and bold, resolved line by line as MediaWiki does (``Parser::doQuotes``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.wikitext.markup.pieces import Break, Piece, Quotes, Run

_STYLES = {2: ("italic",), 3: ("bold",), 5: ("italic", "bold")}


class Toggle(NamedTuple):
    """The beginning or end of italics or bold."""

    style: str
    on: bool
    start: int
    end: int


def resolve_quotes(pieces: Sequence[Piece]) -> Sequence[Piece | Toggle]:
    """Pieces with toggles in place of quote marks.

    2 mean italics, 3 bold, 4 an apostrophe and bold, 5 both, more: apostrophes and 5. Where a line has an odd number of
    both, one of its bold marks (behind a single letter, if there is one) is an apostrophe and italics.
    """
    if Quotes not in map(type, pieces):
        return pieces
    resolved: list[Piece | Toggle] = []
    line: list[Piece] = []
    for piece in pieces:
        line.append(piece)
        if isinstance(piece, Break):
            resolved += _line(line)
            line = []
    resolved += _line(line)
    return resolved


def _line(pieces: list[Piece]) -> Iterator[Piece | Toggle]:
    if any(isinstance(p, Quotes) and p.opening for p in pieces):
        pieces = _typewriter(pieces)
    counts = _counts(pieces)
    on: list[str] = []
    end = 0
    for i, piece in enumerate(pieces):
        if i not in counts:
            if isinstance(piece, Break):
                yield from (Toggle(style, False, end, end) for style in on)
                on = []
            yield piece
            end = piece.end
            continue
        kept, count = counts[i]
        if kept:
            yield Run("'" * kept, piece.start, piece.start + kept)
        for style in _STYLES[count]:
            yield Toggle(style, style not in on, piece.start + kept, piece.end)
            on.remove(style) if style in on else on.append(style)
        end = piece.end
    yield from (Toggle(style, False, end, end) for style in on)


def _typewriter(pieces: list[Piece]) -> list[Piece]:
    """Resolve quotation marks in newswire style: two grave accents open, the next two apostrophes close."""
    found: list[Piece] = []
    opened = -1
    for piece in pieces:
        if isinstance(piece, Quotes) and piece.opening:
            opened = len(found)
            piece = Run("``", piece.start, piece.end)
        elif isinstance(piece, Quotes) and piece.size == 2 and opened >= 0:
            found[opened] = Run('"', found[opened].start, found[opened].end, False)
            opened = -1
            piece = Run('"', piece.start, piece.end, False)
        found.append(piece)
    return found


def _counts(pieces: list[Piece]) -> dict[int, tuple[int, int]]:
    """Return, for each of the quote marks of a line, the apostrophes shown and those that are markup."""
    counts = {i: _split(p.size) for i, p in enumerate(pieces) if isinstance(p, Quotes)}
    bold = [i for i, (_, n) in counts.items() if n != 2]
    italic = [i for i, (_, n) in counts.items() if n != 3]
    threes = [i for i in bold if counts[i][1] == 3]
    if len(bold) % 2 and len(italic) % 2 and threes:
        chosen = next((i for i in threes if _behind_single_letter(pieces, i)), threes[0])
        counts[chosen] = (counts[chosen][0] + 1, 2)
    return counts


def _split(count: int) -> tuple[int, int]:
    if count == 4:
        return 1, 3
    return (count - 5, 5) if count > 5 else (0, count)


def _behind_single_letter(pieces: list[Piece], i: int) -> bool:
    before = pieces[i - 1] if i else None
    return isinstance(before, Run) and bool(re.search(r"(^|\s)\S$", before.text))
