"""Broken markup mended before it is parsed: what is opened and never closed is closed where it can be meant to end.

Only closing signs are put in; ``Mended.original`` carries offsets back to the text as it was.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate, islice

_PROTECTED = r"<!--.*?-->|<(?P<tag>nowiki|math|syntaxhighlight|source|pre|score|timeline)\b[^<>]*>.*?</(?P=tag)\s*>"
_SIGNS = re.compile(
    rf"(?P<protected>{_PROTECTED})"
    r"|(?P<comment><!--)"
    r"|(?P<used><ref(?=[\s/>])[^<>]*?/\s*>)"
    r"|(?P<ref><ref(?=[\s>])[^<>]*>)"
    r"|(?P<closed></ref\s*>)"
    r"|(?P<cut></ref\b(?!\s*>))"
    r"|(?P<heading>^={2,6}[^=\n].*?=[ \t]*$)"
    r"|(?P<table>^[ \t:]*\{\|)"
    r"|(?P<end>^[ \t]*\|\}(?!\}))"
    r"|(?P<open>\{{2,})"
    r"|(?P<close>\}{2,})",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_SINGLE_CLOSE = re.compile(r"\[\[[^\[\]\n]{1,200}\](?!\])")
# Tables may be indented, which mwparserfromhell does not see.
_INDENTED_TABLE = re.compile(r"^[ \t]*:+[ \t]*(?=\{\|)", re.MULTILINE)
_FAR = 5000
_CONTENT = re.compile(r"\s*(\{\{(?:[^{}]|\{\{[^{}]*\}\})*\}\}|\[[^\[\]\n]*\]|https?://[^\s<>\[\]{}|]+)")
_NEXT_REF = re.compile(r"<ref(?=[\s>])[^<>]*(?<!/)>|</ref", re.IGNORECASE)
_ARGUMENTS = re.compile(r"\n[ \t]*(?![|\s}!*#])")


@dataclass(frozen=True, slots=True)
class Mended:
    """A text fit for parsing, where in it signs were put in, and how often which.

    ``added[i]`` is the number of characters that were put in before ``places[i]``; it has one more for the end.
    """

    text: str
    places: tuple[int, ...]
    added: tuple[int, ...]
    notes: Counter[str]

    def original(self, offset: int) -> int:
        """The offset in the original text of one in the mended text; within what was put in, the place it was put."""
        i = bisect_right(self.places, offset) - 1
        if i < 0:
            return offset
        before = self.places[i] - self.added[i]
        return max(before, offset - self.added[i + 1])


def mend(wikitext: str) -> Mended:
    """The text with closing signs where they are missing. Nothing is scanned where the signs are even in number."""
    notes: Counter[str] = Counter()
    insertions: list[tuple[int, str]] = []
    if _uneven(wikitext):
        scan = _Scan(wikitext)
        insertions += scan.run()
        notes.update(scan.notes)
    insertions += ((m.end(), "\n") for m in _INDENTED_TABLE.finditer(wikitext))
    for match in _SINGLE_CLOSE.finditer(wikitext):
        insertions.append((match.end(), "]"))
        notes["link closed by one bracket"] += 1
    insertions.sort(key=lambda i: i[0])
    text: list[str] = []
    place = 0
    for at, sign in insertions:
        text += (wikitext[place:at], sign)
        place = at
    text.append(wikitext[place:])
    added = tuple(accumulate((len(sign) for _, sign in insertions), initial=0))
    places = tuple(at + before for (at, _), before in zip(insertions, added, strict=False))
    return Mended("".join(text), places, added, notes)


def _uneven(text: str) -> bool:
    lower = text.lower()
    opened = lower.count("<ref>") + lower.count("<ref ")
    used = len(re.findall(r"<ref\s[^<>]*/\s*>", lower))
    return (
        text.count("{{") != text.count("}}")
        or opened - used != lower.count("</ref>")
        or text.count("<!--") != text.count("-->")
        or text.count("{|") != text.count("|}")
    )


class _Scan:
    """One way through the text with a stack of what is open: references, templates, tables."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.notes: Counter[str] = Counter()
        self.open: list[tuple[str, int]] = []
        self.insertions: list[tuple[int, str]] = []

    def run(self) -> list[tuple[int, str]]:
        """The signs to put in, each with its place."""
        handlers = {
            "comment": self._comment,
            "ref": self._ref,
            "closed": self._closed,
            "cut": self._cut,
            "heading": self._heading,
            "table": self._table,
            "end": self._end,
            "open": self._braces,
            "close": self._close,
        }
        for match in _SIGNS.finditer(self.text):
            if match.lastgroup in handlers:
                handlers[match.lastgroup](match)
        self._unwind(len(self.text))
        return self.insertions

    def _put(self, at: int, sign: str, note: str) -> None:
        self.insertions.append((at, sign))
        self.notes[note] += 1

    def _comment(self, match: re.Match[str]) -> None:
        self._put(self._line_end(match.end()), "-->", "comment not closed")

    def _ref(self, match: re.Match[str]) -> None:
        if self._inside("ref") and not self._nested(match.end()):
            self._close_ref(match.start())
        self.open.append(("ref", match.end()))

    def _nested(self, end: int) -> bool:
        """Whether the reference that opens before ``end`` and the one around it are both closed before the next opens."""
        following = [m.group().lower() for m in islice(_NEXT_REF.finditer(self.text, end, end + _FAR), 2)]
        return following == ["</ref", "</ref"]

    def _closed(self, match: re.Match[str]) -> None:
        if self._inside("ref"):
            while self.open[-1][0] != "ref":
                self._give_up(match.start())
            self.open.pop()

    def _cut(self, match: re.Match[str]) -> None:
        self._put(match.end(), ">", "reference not closed")
        self._closed(match)

    def _close_ref(self, limit: int) -> None:
        while self.open[-1][0] != "ref":
            self._give_up(limit)
        _, begin = self.open.pop()
        self._put(self._reference_end(begin, limit), "</ref>", "reference not closed")

    def _reference_end(self, begin: int, limit: int) -> int:
        """Where a reference that is not closed can be meant to end: behind its template, link or address; else at the line's end."""
        match = _CONTENT.match(self.text, begin)
        return min(match.end() if match else self._line_end(begin), limit)

    def _heading(self, match: re.Match[str]) -> None:
        self._unwind(match.start())

    def _table(self, match: re.Match[str]) -> None:
        self.open.append(("table", match.end()))

    def _end(self, match: re.Match[str]) -> None:
        if self._inside("table"):
            while self.open[-1][0] != "table":
                self._give_up(match.start())
            self.open.pop()

    def _inside(self, kind: str) -> bool:
        return any(k == kind for k, _ in self.open)

    def _braces(self, match: re.Match[str]) -> None:
        self.open.append(("{" * len(match.group()), match.start()))

    def _close(self, match: re.Match[str]) -> None:
        left = len(match.group())
        while left >= 2 and self.open and self.open[-1][0][0] == "{":
            braces, at = self.open.pop()
            closed = min(len(braces), left)
            left -= closed
            if len(braces) - closed >= 2:
                self.open.append((braces[closed:], at))

    def _unwind(self, limit: int) -> None:
        while self.open:
            self._give_up(limit)

    def _give_up(self, limit: int) -> None:
        """Close what was opened last, at ``limit`` or before."""
        kind, at = self.open[-1]
        if kind == "ref":
            self._close_ref(limit)
            return
        self.open.pop()
        if kind == "table":
            self._put(limit, "\n|}\n", "table not closed")
        else:
            self._put(self._template_end(at, limit), "}" * len(kind), "template not closed")

    def _template_end(self, start: int, limit: int) -> int:
        """The end of a template that is not closed: that of its line, or of the lines with ``|`` that go on with it."""
        match = _ARGUMENTS.search(self.text, start, limit)
        return match.start() if match else limit

    def _line_end(self, start: int) -> int:
        end = self.text.find("\n", start)
        return len(self.text) if end < 0 else end
