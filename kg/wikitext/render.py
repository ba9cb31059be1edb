"""From the pieces of a block to its text with clean spacing, and back from positions in the text to the wikitext.

First all pieces are joined as they are ("raw"); marks and gaps leave a private character behind. Then one regular
expression finds what is untidy, and every position is carried over from the raw text to the tidy one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.wikitext.article import Link, ReferenceMark
from kg.wikitext.pieces import Close, Gap, Mark, Open, Piece, Quotes, Run

MARK, GAP = "\ue000", "\ue001"
_UNSEEN = f"\u200b\u00ad\u200e\u200f\u2060\ufeff{MARK}{GAP}"
_UNTIDY = re.compile(
    rf"[\s{_UNSEEN}]*[(\[][\s{_UNSEEN},;]*{GAP}[\s{_UNSEEN},;]*[)\]]"
    rf"|(?<=[(\[])[\s{_UNSEEN},;]*{GAP}[\s{_UNSEEN},;]*"
    rf"|[\s{_UNSEEN}]{{2,}}|[^\S ]|[{_UNSEEN}]"
)
_CLOSING = frozenset(",.;:!?)]}”’")
_STOPS = frozenset(".,;:!?)\"”")


class _Edit(NamedTuple):
    """``raw[start:end]`` becomes ``text`` (nothing or a space), which begins at ``at`` in the tidy text."""

    start: int
    end: int
    text: str
    at: int


class Rendered(NamedTuple):
    """A block as a reader sees it; spans and positions refer to ``text``. ``marks`` come with their span in the source."""

    text: str
    links: tuple[Link, ...]
    marks: tuple[tuple[ReferenceMark, int, int], ...]
    italics: tuple[tuple[int, int], ...]
    bold: tuple[tuple[int, int], ...]
    opened: dict[int, int]
    closed: dict[int, int]
    runs: tuple[tuple[int, Run], ...]
    edits: tuple[_Edit, ...]

    def source_start(self, position: int) -> int:
        """Where the character at ``position`` begins in the wikitext, with the markup that opens there."""
        i = bisect_right(self.edits, position, key=lambda e: e.at + len(e.text)) - 1
        raw = position if i < 0 else position - self.edits[i].at - len(self.edits[i].text) + self.edits[i].end
        at, run = self.runs[bisect_right(self.runs, raw, key=lambda r: r[0]) - 1]
        start = run.start + raw - at if run.linear else run.start
        return min(start, self.opened.get(position, start))

    def source_end(self, position: int) -> int:
        """Where the character before ``position`` ends in the wikitext, with the markup that closes there."""
        i = bisect_left(self.edits, position, key=lambda e: e.at + len(e.text)) - 1
        raw = position if i < 0 else position - self.edits[i].at - len(self.edits[i].text) + self.edits[i].end
        at, run = self.runs[bisect_left(self.runs, raw, key=lambda r: r[0]) - 1]
        end = run.start + raw - at if run.linear else run.end
        return max(end, self.closed.get(position, end))


def render(pieces: Iterable[Piece]) -> Rendered:
    """Join pieces into the text of a block."""
    raw = _Raw()
    for piece in resolve_quotes(list(pieces)):
        raw.add(piece)
    raw.end()
    return _tidy(raw)


class _Raw:
    """A block's pieces joined as they are, with positions in that text."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.runs: list[tuple[int, Run]] = []
        self.spans: list[tuple[int, int, Open, int]] = []
        self.marks: list[tuple[int, Mark]] = []
        self.italics: list[tuple[int, int]] = []
        self.bold: list[tuple[int, int]] = []
        self.open: list[tuple[int, Open]] = []
        self.toggled: dict[str, int] = {}
        self.styles: list[tuple[int, int, bool]] = []

    def add(self, piece: Piece | _Toggle) -> None:
        """Append one piece."""
        if isinstance(piece, Run):
            self._text(piece.text, piece)
        elif isinstance(piece, Open):
            self.open.append((self.length, piece))
        elif isinstance(piece, Close):
            if self.open:
                at, opened = self.open.pop()
                self.spans.append((at, self.length, opened, piece.end))
                if opened.italic:
                    self.italics.append((at, self.length))
        elif isinstance(piece, Mark):
            self.marks.append((self.length, piece))
            self._text(MARK, Run(MARK, piece.start, piece.end, False))
        elif isinstance(piece, Gap):
            self._text(GAP, Run(GAP, piece.start, piece.end, False))
        elif isinstance(piece, _Toggle):
            self._toggle(piece)

    def _text(self, text: str, run: Run) -> None:
        self.runs.append((self.length, run))
        self.parts.append(text)
        self.length += len(text)

    def _toggle(self, piece: _Toggle) -> None:
        for style, spans in (("italic", self.italics), ("bold", self.bold)):
            if style not in piece.styles:
                continue
            if style in self.toggled:
                spans.append((self.toggled.pop(style), self.length))
                self.styles.append((self.length, piece.end, False))
            else:
                self.toggled[style] = self.length
                self.styles.append((self.length, piece.start, True))

    def end(self) -> None:
        """Close what is still open."""
        for style, spans in (("italic", self.italics), ("bold", self.bold)):
            if style in self.toggled:
                spans.append((self.toggled.pop(style), self.length))


class _Positions:
    """Carries positions in the raw text over to the tidy one."""

    def __init__(self, edits: Sequence[_Edit]) -> None:
        self.edits = edits
        self.starts = [e.start for e in edits]

    def start(self, raw: int) -> int:
        """For the beginning of something: within what became a space, the place behind it."""
        i = bisect_right(self.starts, raw) - 1
        if i < 0:
            return raw
        edit = self.edits[i]
        if raw == edit.start:
            return edit.at
        return edit.at + len(edit.text) + max(0, raw - edit.end)

    def end(self, raw: int) -> int:
        """For the end of something: within what became a space, the place before it."""
        i = bisect_left(self.starts, raw) - 1
        if i < 0:
            return raw
        edit = self.edits[i]
        if raw < edit.end:
            return edit.at
        return edit.at + len(edit.text) + raw - edit.end


def _tidy(raw: _Raw) -> Rendered:
    text = "".join(raw.parts)
    edits = tuple(_edits(text))
    tidy: list[str] = []
    place = 0
    for edit in edits:
        tidy += (text[place : edit.start], edit.text)
        place = edit.end
    tidy.append(text[place:])
    to = _Positions(edits)
    links, opened, closed = [], dict[int, int](), dict[int, int]()
    for at, until, piece, finish in raw.spans:
        start, end = to.start(at), to.end(until)
        if start < end:
            opened[start] = min(piece.start, opened.get(start, piece.start))
            closed[end] = max(finish, closed.get(end, finish))
            if piece.target:
                links.append(Link(start, end, piece.target, piece.fragment))
    for at, source, opens in raw.styles:
        if opens:
            opened[to.start(at)] = min(source, opened.get(to.start(at), source))
        else:
            closed[to.end(at)] = max(source, closed.get(to.end(at), source))
    return Rendered(
        "".join(tidy),
        tuple(sorted(links, key=lambda link: (link.start, link.end))),
        tuple((ReferenceMark(to.end(at), m.reference), m.start, m.end) for at, m in raw.marks),
        _spans(raw.italics, to),
        _spans(raw.bold, to),
        opened,
        closed,
        tuple(raw.runs),
        edits,
    )


def _spans(spans: list[tuple[int, int]], to: _Positions) -> tuple[tuple[int, int], ...]:
    carried = ((to.start(a), to.end(b)) for a, b in sorted(spans))
    return tuple((a, b) for a, b in carried if a < b)


def _edits(text: str) -> Iterable[_Edit]:
    change = 0
    for match in _UNTIDY.finditer(text):
        start, end = match.span()
        new = _instead(match.group(), text[start - 1 : start], text[end : end + 1])
        if new != match.group():
            yield _Edit(start, end, new, start + change)
            change += len(new) - (end - start)


def _instead(found: str, before: str, after: str) -> str:
    """What stands in the place of untidy characters: a space, or nothing."""
    if not before or not after:
        return ""
    spaced = any(c.isspace() for c in found)
    if found != found.rstrip(")]") and not spaced:
        return ""
    left_out = MARK in found or GAP in found
    if left_out and (after in _CLOSING or before in "(["):
        return ""
    if spaced:
        return " "
    return " " if MARK in found and before in _STOPS and after.isalnum() else ""


class _Toggle(NamedTuple):
    styles: tuple[str, ...]
    start: int
    end: int


def resolve_quotes(pieces: list[Piece]) -> list[Piece | _Toggle]:
    """Quote marks resolved line by line as MediaWiki does (Parser::doQuotes): 2 italic, 3 bold, 4 an apostrophe and
    bold, 5 both, more: apostrophes and 5; where a line has an odd number of both, one bold is an apostrophe and italic.
    """
    if not any(isinstance(p, Quotes) for p in pieces):
        return list(pieces)
    resolved: list[Piece | _Toggle] = []
    breaks = [i for i, p in enumerate(pieces) if isinstance(p, Run) and p.text == "\n"]
    for begin, end in pairwise([0, *breaks, len(pieces)]):
        resolved += _line(pieces[begin:end])
    return resolved


def _line(pieces: list[Piece]) -> Iterable[Piece | _Toggle]:
    counts = {i: _split(p.count) for i, p in enumerate(pieces) if isinstance(p, Quotes)}
    bold = [i for i, (_, n) in counts.items() if n in (3, 5)]
    italic = [i for i, (_, n) in counts.items() if n in (2, 5)]
    if len(bold) % 2 and len(italic) % 2:
        threes = [i for i in bold if counts[i][1] == 3]
        if threes:
            chosen = next((i for i in threes if _single_letter_before(pieces, i)), threes[0])
            counts[chosen] = (counts[chosen][0] + 1, 2)
            bold.remove(chosen)
            italic.append(chosen)
    open_styles: list[str] = []
    for i, piece in enumerate(pieces):
        if not isinstance(piece, Quotes):
            yield piece
            continue
        kept, count = counts[i]
        if kept:
            yield Run("'" * kept, piece.start, piece.start + kept)
        styles = {2: ("italic",), 3: ("bold",), 5: ("italic", "bold")}[count]
        for style in styles:
            if style in open_styles:
                open_styles.remove(style)
            else:
                open_styles.append(style)
        yield _Toggle(styles, piece.start + kept, piece.end)
    if open_styles and pieces:
        end = pieces[-1].end if not isinstance(pieces[-1], Open) else pieces[-1].start
        yield _Toggle(tuple(open_styles), end, end)


def _split(count: int) -> tuple[int, int]:
    """Apostrophes that are shown, and those that are markup."""
    if count == 4:
        return 1, 3
    return (count - 5, 5) if count > 5 else (0, count)


def _single_letter_before(pieces: list[Piece], i: int) -> bool:
    before = pieces[i - 1] if i else None
    return isinstance(before, Run) and bool(re.search(r"(^|\s)\S$", before.text))
