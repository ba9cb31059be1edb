"""Render the pieces of a block as text with clean spacing, and map positions in the text back to the wikitext.

First all pieces are joined unchanged ("raw"); marks, gaps and breaks leave a private-use character. Then one regular expression
finds what is untidy, and every position is mapped from the raw text to the tidy one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from kg.wikitext.article import Link
from kg.wikitext.markup.pieces import Break, Close, Gap, Mark, Open, Piece, Run
from kg.wikitext.markup.quotes import Toggle, resolve_quotes
from kg.wikitext.markup.tidying import BREAK, GAP, MARK, Edit, Positions, edited, edits_of, is_tidy

# Shared by all blocks without edits, and never written to.
_NOWHERE: dict[int, int] = {}
_NO_ENDS: list[int] = []
_AT_START = [0]


class SourcedMark(NamedTuple):
    """A reference mark in a text and the span of its source."""

    position: int
    reference: int
    start: int
    end: int


class Rendered(NamedTuple):
    """A block as a reader sees it; spans and positions refer to ``text``.

    ``opened`` and ``closed``: where markup begins (ends) in the source whose text begins (ends) at a position.
    """

    text: str
    links: tuple[Link, ...]
    marks: tuple[SourcedMark, ...]
    italics: tuple[tuple[int, int], ...]
    bold: tuple[tuple[int, int], ...]
    opened: dict[int, int]
    closed: dict[int, int]
    runs: list[Run]
    run_starts: list[int]
    edits: tuple[Edit, ...]
    edit_ends: list[int]

    def source_start(self, position: int) -> int:
        """Return where the character at ``position`` begins in the wikitext, including markup that opens there."""
        raw = self._raw(bisect_right(self.edit_ends, position) - 1, position) if self.edits else position
        i = bisect_right(self.run_starts, raw) - 1
        run = self.runs[i]
        start = run.start + raw - self.run_starts[i] if run.linear else run.start
        return min(start, self.opened[position]) if position in self.opened else start

    def source_end(self, position: int) -> int:
        """Return where the character before ``position`` ends in the wikitext, including markup that closes there."""
        raw = self._raw(bisect_left(self.edit_ends, position) - 1, position) if self.edits else position
        i = bisect_left(self.run_starts, raw) - 1
        run = self.runs[i]
        end = run.start + raw - self.run_starts[i] if run.linear else run.end
        return max(end, self.closed[position]) if position in self.closed else end

    def _raw(self, edit: int, position: int) -> int:
        return position - self.edit_ends[edit] + self.edits[edit].end if edit >= 0 else position


def render(pieces: list[Piece]) -> Rendered:
    """Join pieces into the text of a block."""
    if len(pieces) == 1 and (plain := _plain(pieces[0])):
        return plain
    raw = _Raw(_without_margins(resolve_quotes(pieces)))
    if not raw.styles and _is_untouched(raw.text):
        return _untouched(raw)
    edits = tuple(edits_of(raw.text))
    to = Positions(edits)
    tidy = edited(raw.text, edits)
    opened, closed = _markup(raw, to)
    return Rendered(
        tidy,
        tuple(_links(raw, to, tidy)),
        tuple([SourcedMark(to.end(at), m.reference, m.start, m.end) for at, m in raw.marks]),
        _spans(raw.italics, to),
        _spans(raw.bold, to),
        opened,
        closed,
        raw.runs,
        raw.run_starts,
        edits,
        [e.until for e in edits],
    )


def _is_untouched(text: str) -> bool:
    """Whether a text needs no edit, as most do; it then holds no mark."""
    return not text or (text[0] != " " and text[-1] != " " and is_tidy(text))


def _untouched(raw: _Raw) -> Rendered:
    """Return a block without edits and styles: every position in its raw text is the same in what a reader sees."""
    text = raw.text
    if not raw.spans:
        return Rendered(text, (), (), (), (), _NOWHERE, _NOWHERE, raw.runs, raw.run_starts, (), _NO_ENDS)
    links: list[Link] = []
    opened: dict[int, int] = {}
    closed: dict[int, int] = {}
    for start, end, piece, finish in raw.spans:
        if start >= end:
            continue
        if start not in opened or piece.start < opened[start]:
            opened[start] = piece.start
        if end not in closed or finish > closed[end]:
            closed[end] = finish
        if piece.target and (shown := text[start:end].strip()):
            begin = text.index(shown, start)
            links.append(Link(begin, begin + len(shown), piece.target, piece.fragment))
    if len(links) > 1:
        links.sort(key=_place)
    italics = tuple(sorted([span for span in raw.italics if span[0] < span[1]])) if raw.italics else ()
    return Rendered(text, tuple(links), (), italics, (), opened, closed, raw.runs, raw.run_starts, (), _NO_ENDS)


def _place(link: Link) -> tuple[int, int]:
    return link.start, link.end


def _plain(piece: Piece) -> Rendered | None:
    """Return a block of one run of tidy text, as most cells and list items are; None for any other."""
    if type(piece) is not Run or not piece.linear:
        return None
    text = piece.text.strip()
    if not text or not is_tidy(text):
        return None
    start = piece.start if piece.text[0] == text[0] else piece.end - len(piece.text.lstrip())
    run = Run(text, start, start + len(text))
    return Rendered(text, (), (), (), (), _NOWHERE, _NOWHERE, [run], _AT_START, (), _NO_ENDS)


class _Raw:
    """A block's pieces joined unchanged, with positions in that text."""

    def __init__(self, pieces: Sequence[Piece | Toggle]) -> None:
        self.runs: list[Run] = []
        self.run_starts: list[int] = []
        self.spans: list[tuple[int, int, Open, int]] = []
        self.marks: list[tuple[int, Mark]] = []
        self.italics: list[tuple[int, int]] = []
        self.bold: list[tuple[int, int]] = []
        self.styles: list[tuple[int, Toggle]] = []
        self._since: dict[str, int] = {}
        waiting: list[tuple[int, Open]] = []
        length = 0
        for piece in pieces:
            run: Run | None = None
            if type(piece) is Run:
                run = piece
            elif type(piece) is Open:
                waiting.append((length, piece))
            elif type(piece) is Close:
                if waiting:
                    self._span(*waiting.pop(), length, piece.end)
            else:
                run = self._sign(piece, length)
            if run is not None:
                self.runs.append(run)
                self.run_starts.append(length)
                length += len(run.text)
        self.text = self.runs[0].text if len(self.runs) == 1 else "".join([run.text for run in self.runs])

    def _span(self, start: int, opened: Open, at: int, end: int) -> None:
        """Record markup around the text from ``start`` to ``at``, which ends at ``end`` in the source."""
        self.spans.append((start, at, opened, end))
        if opened.italic:
            self.italics.append((start, at))

    def _sign(self, piece: Piece | Toggle, at: int) -> Run | None:
        """Record a mark, an omission, the end of a line or a style; return its placeholder character, if any."""
        if isinstance(piece, Mark):
            self.marks.append((at, piece))
            return Run(MARK, piece.start, piece.end, False)
        if isinstance(piece, Gap):
            return Run(GAP, piece.start, piece.end, False)
        if isinstance(piece, Break):
            return Run("\n" if piece.soft else BREAK, piece.start, piece.end, False)
        if isinstance(piece, Toggle):
            self._toggle(piece, at)
        return None

    def _toggle(self, toggle: Toggle, at: int) -> None:
        spans = self.italics if toggle.style == "italic" else self.bold
        if toggle.on:
            self._since[toggle.style] = at
        elif toggle.style in self._since:
            spans.append((self._since.pop(toggle.style), at))
        self.styles.append((at, toggle))


def _without_margins(pieces: Sequence[Piece | Toggle]) -> Sequence[Piece | Toggle]:
    """Return pieces without leading and trailing white space, which is not shown; most blocks then need no edit."""
    begin, end = 0, len(pieces)
    while begin < end and _is_blank(pieces[begin]):
        begin += 1
    while end > begin and _is_blank(pieces[end - 1]):
        end -= 1
    if begin == end:
        return ()
    kept = pieces[begin:end] if begin or end < len(pieces) else pieces
    first = kept[0]
    if type(first) is Run and first.linear and first.text[:1].isspace():
        text = first.text.lstrip()
        kept = [Run(text, first.end - len(text), first.end), *kept[1:]]
    last = kept[-1]
    if type(last) is Run and last.linear and last.text[-1:].isspace():
        text = last.text.rstrip()
        kept = [*kept[:-1], Run(text, last.start, last.start + len(text))]
    return kept


def _is_blank(piece: Piece | Toggle) -> bool:
    return piece.text.isspace() if type(piece) is Run else type(piece) is Break


def _markup(raw: _Raw, to: Positions) -> tuple[dict[int, int], dict[int, int]]:
    opened: dict[int, int] = {}
    closed: dict[int, int] = {}
    for at, until, piece, finish in raw.spans:
        start, end = to.start(at), to.end(until)
        if start < end:
            opened[start] = min(piece.start, opened.get(start, piece.start))
            closed[end] = max(finish, closed.get(end, finish))
    for at, style in raw.styles:
        if style.on:
            opened[to.start(at)] = min(style.start, opened.get(to.start(at), style.start))
        else:
            closed[to.end(at)] = max(style.end, closed.get(to.end(at), style.end))
    return opened, closed


def _links(raw: _Raw, to: Positions, text: str) -> list[Link]:
    found = []
    for at, until, piece, _ in raw.spans:
        start, end = to.start(at), to.end(until)
        shown = text[start:end].strip()
        if piece.target and shown:
            start = text.index(shown, start)
            found.append(Link(start, start + len(shown), piece.target, piece.fragment))
    return sorted(found, key=_place)


def _spans(spans: list[tuple[int, int]], to: Positions) -> tuple[tuple[int, int], ...]:
    if not spans:
        return ()
    carried = ((to.start(a), to.end(b)) for a, b in sorted(spans))
    return tuple((a, b) for a, b in carried if a < b)
