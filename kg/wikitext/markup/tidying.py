"""Tidy the spacing of a text whose pieces were joined unchanged, and map positions in the one to the other.

Marks, gaps and breaks stand in it as private-use characters. One regular expression finds what is untidy.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

MARK, GAP, BREAK = "\ue000", "\ue001", "\ue002"
_UNSEEN = f"\0\u200b\u00ad\u200e\u200f\u2060\ufeff{MARK}{GAP}{BREAK}"
_BLANK = rf"[\s{_UNSEEN}]"
_UNTIDY = re.compile(rf"{_BLANK}(?:(?<=[^\S ])|(?<=[{_UNSEEN}])|(?={_BLANK}|\Z)|(?<=\A.)){_BLANK}*+", re.DOTALL)
_AROUND_GAPS = frozenset(" \t\n\r\f\v\xa0\u2009\u202f,;" + _UNSEEN)
_BLANKS = _AROUND_GAPS - {",", ";"}
_CLOSING = frozenset(",.;:!?)]}”’")
_STOPS = frozenset('.,;:!?)"”')


class Edit(NamedTuple):
    """The replacement of ``raw[start:end]`` by ``text`` (a space, a comma and a space, or nothing), which begins at ``at``."""

    start: int
    end: int
    text: str
    at: int

    @property
    def until(self) -> int:
        """Where the replacement ends."""
        return self.at + len(self.text)


class Positions:
    """Maps positions in the raw text to the tidy one."""

    def __init__(self, edits: tuple[Edit, ...]) -> None:
        self.edits = edits
        self.starts = [e.start for e in edits]

    def start(self, raw: int) -> int:
        """Map the beginning of something: inside a replacement, to the position after it."""
        i = bisect_right(self.starts, raw) - 1
        if i < 0:
            return raw
        return self.edits[i].until + max(0, raw - self.edits[i].end)

    def end(self, raw: int) -> int:
        """Map the end of something: inside a replacement, to the position before it."""
        i = bisect_left(self.starts, raw) - 1
        if i < 0:
            return raw
        edit = self.edits[i]
        return edit.at if raw < edit.end else edit.until + raw - edit.end


def is_tidy(text: str) -> bool:
    """Whether a text without omissions and spaces at its ends needs no edit."""
    return (text.isprintable() or not _UNTIDY.search(text)) and "  " not in text


def edits_of(text: str) -> Iterator[Edit]:
    """The edits that make a text tidy, in order."""
    change = 0
    for start, end in _untidy(text):
        found = text[start:end]
        new = _instead(found, text[start - 1 : start] if start else "", text[end : end + 1])
        if new != found:
            yield Edit(start, end, new, start + change)
            change += len(new) - (end - start)


def _untidy(text: str) -> Iterator[tuple[int, int]]:
    """Return the spans to tidy, in order, with adjacent ones merged."""
    if GAP not in text:
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
    place = told = 0
    while (gap := text.find(GAP, place)) >= 0:
        start, end = gap, gap + 1
        while start > place and text[start - 1] in _AROUND_GAPS:
            start -= 1
        while end < len(text) and text[end] in _AROUND_GAPS:
            end += 1
        opened, closed = text[start - 1 : start] in ("(", "["), text[end : end + 1] in (")", "]")
        if opened and closed:
            start, end = start - 1, end + 1
            while start > told and text[start - 1] in _BLANKS:
                start -= 1
            while end < len(text) and text[end] in _BLANKS:
                end += 1
        if opened or closed:
            yield start, end
            told = end
        place = end


def _instead(found: str, before: str, after: str) -> str:
    """Return the replacement of untidy characters."""
    if not before or not after:
        return ""
    left_out = MARK in found or GAP in found
    if left_out and (after in _CLOSING or before in "(["):
        return ""
    if BREAK in found:
        return ", " if before.isalnum() or before in ")]%\"”'" else " "
    if any(c.isspace() for c in found):
        return " "
    return " " if MARK in found and before in _STOPS and after.isalnum() else ""


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """Return a text with its edits."""
    if not edits:
        return text
    parts: list[str] = []
    place = 0
    for edit in edits:
        parts += (text[place : edit.start], edit.text)
        place = edit.end
    return "".join((*parts, text[place:]))
