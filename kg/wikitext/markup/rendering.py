"""Render the pieces of a block as text with clean spacing, and map positions in the text back to the wikitext.

First all pieces are joined unchanged ("raw"); marks, gaps and breaks leave a private-use character. Then one regular expression
finds what is untidy, and every position is mapped from the raw text to the tidy one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.wikitext.article import Link
from kg.wikitext.markup.pieces import Break, Close, Gap, Mark, Open, Piece, Run
from kg.wikitext.markup.quotes import Toggle, resolve_quotes

_MARK, _GAP, _BREAK = "\ue000", "\ue001", "\ue002"
_UNSEEN = f"\0\u200b\u00ad\u200e\u200f\u2060\ufeff{_MARK}{_GAP}{_BREAK}"
_BLANK = rf"[\s{_UNSEEN}]"
_UNTIDY = re.compile(rf"{_BLANK}(?:(?<=[^\S ])|(?<=[{_UNSEEN}])|(?={_BLANK}|\Z)|(?<=\A.)){_BLANK}*+", re.DOTALL)
_AROUND_GAPS = frozenset(" \t\n\r\f\v\xa0\u2009\u202f,;" + _UNSEEN)
_BLANKS = _AROUND_GAPS - {",", ";"}
_CLOSING = frozenset(",.;:!?)]}”’")
_STOPS = frozenset('.,;:!?)"”')


class _Edit(NamedTuple):
    """The replacement of ``raw[start:end]`` by ``text`` (a space, a comma and a space, or nothing), which begins at ``at``."""

    start: int
    end: int
    text: str
    at: int


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
    edits: tuple[_Edit, ...]
    edit_ends: list[int]

    def source_start(self, position: int) -> int:
        """Return where the character at ``position`` begins in the wikitext, including markup that opens there."""
        raw = self._raw(bisect_right(self.edit_ends, position) - 1, position)
        i = bisect_right(self.run_starts, raw) - 1
        run = self.runs[i]
        start = run.start + raw - self.run_starts[i] if run.linear else run.start
        return min(start, self.opened.get(position, start))

    def source_end(self, position: int) -> int:
        """Return where the character before ``position`` ends in the wikitext, including markup that closes there."""
        raw = self._raw(bisect_left(self.edit_ends, position) - 1, position)
        i = bisect_left(self.run_starts, raw) - 1
        run = self.runs[i]
        end = run.start + raw - self.run_starts[i] if run.linear else run.end
        return max(end, self.closed.get(position, end))

    def _raw(self, edit: int, position: int) -> int:
        return position - self.edit_ends[edit] + self.edits[edit].end if edit >= 0 else position


def _edit_end(edit: _Edit) -> int:
    return edit.at + len(edit.text)


def render(pieces: list[Piece]) -> Rendered:
    """Join pieces into the text of a block."""
    raw = _Raw(_without_margins(resolve_quotes(pieces)))
    edits = tuple(_edits(raw.text))
    if not (edits or raw.spans or raw.marks or raw.styles):
        return Rendered(raw.text, (), (), (), (), {}, {}, raw.runs, raw.run_starts, (), [])
    tidy = _edited(raw.text, edits)
    to = _Positions(edits)
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
        [_edit_end(e) for e in edits],
    )


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
        self._open: list[tuple[int, Open]] = []
        self._since: dict[str, int] = {}
        length = 0
        for piece in pieces:
            run = piece if type(piece) is Run else self._sign(piece, length)
            if run is not None:
                self.runs.append(run)
                self.run_starts.append(length)
                length += len(run.text)
        self.text = "".join([run.text for run in self.runs])

    def _sign(self, piece: Piece | Toggle, at: int) -> Run | None:
        """Record what shows no text; return its placeholder character, if any."""
        if isinstance(piece, Open):
            self._open.append((at, piece))
        elif isinstance(piece, Close):
            self._close(piece.end, at)
        elif isinstance(piece, Mark):
            self.marks.append((at, piece))
            return Run(_MARK, piece.start, piece.end, False)
        elif isinstance(piece, Gap):
            return Run(_GAP, piece.start, piece.end, False)
        elif isinstance(piece, Break):
            return Run("\n" if piece.soft else _BREAK, piece.start, piece.end, False)
        elif isinstance(piece, Toggle):
            self._toggle(piece, at)
        return None

    def _close(self, end: int, at: int) -> None:
        if self._open:
            start, opened = self._open.pop()
            self.spans.append((start, at, opened, end))
            if opened.italic:
                self.italics.append((start, at))

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
    kept = list(pieces[begin:end])
    first = kept[0]
    if type(first) is Run and first.linear and first.text[:1].isspace():
        text = first.text.lstrip()
        kept[0] = Run(text, first.end - len(text), first.end)
    last = kept[-1]
    if type(last) is Run and last.linear and last.text[-1:].isspace():
        text = last.text.rstrip()
        kept[-1] = Run(text, last.start, last.start + len(text))
    return kept


def _is_blank(piece: Piece | Toggle) -> bool:
    return piece.text.isspace() if type(piece) is Run else type(piece) is Break


class _Positions:
    """Maps positions in the raw text to the tidy one."""

    def __init__(self, edits: tuple[_Edit, ...]) -> None:
        self.edits = edits
        self.starts = [e.start for e in edits]

    def start(self, raw: int) -> int:
        """Map the beginning of something: inside a replacement, to the position after it."""
        i = bisect_right(self.starts, raw) - 1
        if i < 0:
            return raw
        return _edit_end(self.edits[i]) + max(0, raw - self.edits[i].end)

    def end(self, raw: int) -> int:
        """Map the end of something: inside a replacement, to the position before it."""
        i = bisect_left(self.starts, raw) - 1
        if i < 0:
            return raw
        edit = self.edits[i]
        return edit.at if raw < edit.end else _edit_end(edit) + raw - edit.end


def _edits(text: str) -> Iterator[_Edit]:
    change = 0
    for start, end in _untidy(text):
        found = text[start:end]
        new = _instead(found, text[start - 1 : start] if start else "", text[end : end + 1])
        if new != found:
            yield _Edit(start, end, new, start + change)
            change += len(new) - (end - start)


def _untidy(text: str) -> Iterator[tuple[int, int]]:
    """Return the spans to tidy, in order, with adjacent ones merged."""
    if _GAP not in text:
        yield from (match.span() for match in _UNTIDY.finditer(text))
        return
    begin = finish = -1
    for start, end in _untidy_parts(text):
        if start <= finish:
            finish = max(finish, end)
            continue
        if begin >= 0:
            yield begin, finish
        begin, finish = start, end
    if begin >= 0:
        yield begin, finish


def _untidy_parts(text: str) -> Iterator[tuple[int, int]]:
    emptied = list(_emptied(text))
    place = i = 0
    for match in _UNTIDY.finditer(text):
        start, end = match.span()
        while i < len(emptied) and emptied[i][0] <= start:
            yield emptied[i]
            place = emptied[i][1]
            i += 1
        if start >= place:
            yield start, end
    yield from emptied[i:]


def _emptied(text: str) -> Iterator[tuple[int, int]]:
    """Return brackets emptied by omissions, and text next to a gap at the beginning or end of others."""
    place = 0
    while (gap := text.find(_GAP, place)) >= 0:
        start, end = gap, gap + 1
        while start > place and text[start - 1] in _AROUND_GAPS:
            start -= 1
        while end < len(text) and text[end] in _AROUND_GAPS:
            end += 1
        opened, closed = text[start - 1 : start] in ("(", "["), text[end : end + 1] in (")", "]")
        if opened and closed:
            start, end = start - 1, end + 1
            while start > place and text[start - 1] in _BLANKS:
                start -= 1
            while end < len(text) and text[end] in _BLANKS:
                end += 1
        if opened or closed:
            yield start, end
        place = end


def _instead(found: str, before: str, after: str) -> str:
    """Return the replacement of untidy characters."""
    if not before or not after:
        return ""
    left_out = _MARK in found or _GAP in found
    if left_out and (after in _CLOSING or before in "(["):
        return ""
    if _BREAK in found:
        return ", " if before.isalnum() or before in ")]%\"”'" else " "
    if any(c.isspace() for c in found):
        return " "
    return " " if _MARK in found and before in _STOPS and after.isalnum() else ""


def _edited(text: str, edits: tuple[_Edit, ...]) -> str:
    if not edits:
        return text
    parts: list[str] = []
    place = 0
    for edit in edits:
        parts += (text[place : edit.start], edit.text)
        place = edit.end
    return "".join((*parts, text[place:]))


def _markup(raw: _Raw, to: _Positions) -> tuple[dict[int, int], dict[int, int]]:
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


def _links(raw: _Raw, to: _Positions, text: str) -> list[Link]:
    found = []
    for at, until, piece, _ in raw.spans:
        start, end = to.start(at), to.end(until)
        shown = text[start:end].strip()
        if piece.target and shown:
            start = text.index(shown, start)
            found.append(Link(start, start + len(shown), piece.target, piece.fragment))
    return sorted(found, key=lambda link: (link.start, link.end))


def _spans(spans: list[tuple[int, int]], to: _Positions) -> tuple[tuple[int, int], ...]:
    if not spans:
        return ()
    carried = ((to.start(a), to.end(b)) for a, b in sorted(spans))
    return tuple((a, b) for a, b in carried if a < b)
