"""Balance opening and closing markup in one pass with a stack, in linear time.

There are up to two runs. The first trusts the text: only matching signs count, whatever they span. If it leaves a template, table
or reference open, or opens tables and references too deep, a second, repairing run assumes that none of them extends past a heading,
and closes each where it plausibly ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from kg.wikitext.knowledge import table, words
from kg.wikitext.markup.repair.brackets import Brackets
from kg.wikitext.markup.repair.open_markup import STRONG, Insertion, Mask
from kg.wikitext.markup.repair.signs import first_sign, next_sign
from kg.wikitext.markup.repair.tags import Tags
from kg.wikitext.markup.repair.unclosed_markup import line_end

_BEHIND_HEADING = re.compile(r"\{\{[^{}\n]*+\}\}|<ref\b[^<>]*+/>|<ref\b.*?</ref\s*+>|<[^<>\n]*+>", re.IGNORECASE)
_INFOBOX = re.compile(r"[^\n|{]*+\n?\{\{\s*+infobox\b", re.IGNORECASE)
# The first argument of a parser function up to its end or a template in it; links and tags may hold the "|" that ends it.
_FUNCTION = re.compile(
    r"\s*+#?+[A-Za-z]++:(?P<asked>(?:[^|{}\[\]<>\n]++|\[\[[^\[\]{}\n]*+\]\]|<(?!ref\b|/ref\b|!--|nowiki)[^<>{}|\n]*+>|[<>](?=[\s\d=]))*+)(?=\||\}\})",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"[<>\[\]|]++")
_STRAY_END = re.compile(r"\|\}(?!\})")
_CAPTION = re.compile(r"\+[^\n|\[\]{}]*+\|(?![|}])")
# Parts of about this many characters are parsed separately.
_PIECE = 4096
_MOST_BRACES = 9
_MOST_EQUALS = 50
_EQUALS = re.compile(r"=++")


class Balance(Tags, Brackets):
    """One run over a text; afterwards, ``insertions``, ``masks``, ``cuts`` and ``notes`` contain the result."""

    def __init__(self, text: str, repairing: bool = False) -> None:
        super().__init__(text, repairing)
        self.cuts: list[int] = []

    def run(self) -> bool:
        """Scan the text. Return whether nothing stays open, as in every repairing run."""
        text = self.text
        place = free = cut = 0
        match = first_sign(text)
        while match:
            if not self._open and match.start() - cut >= _PIECE:
                line = text.rfind("\n", max(free, cut), match.start()) + 1
                if line > cut:
                    self.cuts.append(line)
                    cut = line
            place = _HANDLERS[match.lastgroup or ""](self, match) or match.end()
            if not self._open:
                free = place
            elif self.crowded and not self.repairing:
                return False
            match = next_sign(text, place)
        if not self.repairing and any(o.kind in STRONG for o in self._open):
            return False
        self._unwind(len(text))
        return True

    # -- templates

    def _braces(self, match: re.Match[str]) -> int | None:
        innermost = self._innermost_strong()
        if innermost >= 0 and self._open[innermost].kind == "table" and (ended := _table_end().match(self.text, match.start())):
            self._discard(innermost + 1, match.start())
            self._open.pop()
            self.insertions.append(Insertion(match.start(), "|}\n"))
            return ended.end()
        surplus = match.end() - match.start() - _MOST_BRACES
        if surplus > 0:
            self.masks.append(Mask(match.start(), match.start() + surplus))
        self._push("braces", match, start=match.start() + max(0, surplus))
        return self._function(match)

    def _function(self, match: re.Match[str]) -> int | None:
        """Mask the signs in a parser function's first argument, since the parser takes it for a name; return its end."""
        asked = _FUNCTION.match(self.text, match.end())
        if not asked or match.end() - match.start() != 2:
            return None
        self.masks += (Mask(*m.span()) for m in _NO_NAME.finditer(self.text, *asked.span("asked")))
        return asked.end()

    def _closing(self, match: re.Match[str]) -> None:
        place, end = match.span()
        while end - place >= 2:
            if self._too_deep("braces", place, place + 2):
                place += 2
                continue
            index = self._nearest("braces")
            if index < 0:
                break
            self._discard(index + 1, place)
            opened = self._open[-1]
            closed = min(opened.size, end - place, 3)
            opened.size -= closed
            place += closed
            if opened.size < 2:
                self._open.pop()
                if opened.size:
                    self.masks.append(Mask(opened.start, opened.start + 1))
        if place < end:
            self.masks.append(Mask(place, end))

    # -- tables

    def _table(self, match: re.Match[str]) -> None:
        self._push("table", match)
        line = line_end(self.text, match.end())
        self.masks += (Mask(*m.span()) for m in _STRAY_END.finditer(self.text, match.end(), line))
        if self._open and self._open[-1].start == match.start() and _INFOBOX.match(self.text, match.end()):
            self._open[-1].name = "infobox"
            self.masks.append(Mask(match.end() - 2, match.end()))

    def _end_table(self, match: re.Match[str]) -> None:
        if self._too_deep("table", match.start(), match.end()):
            return
        innermost = self._innermost_strong()
        if self.repairing and self._inside("table"):
            while self._open[-1].kind != "table":
                self._give_up(match.start())
        elif innermost < 0 or self._open[innermost].kind != "table":
            if not self._inside("table"):
                self.masks.append(Mask(match.end() - 2, match.end()))
            return
        self._discard(self._innermost_strong() + 1, match.start())
        if self._open.pop().name == "infobox":
            self.masks.append(Mask(match.end() - 2, match.end()))

    def _table_cell(self, match: re.Match[str]) -> None:
        innermost = self._innermost_strong()
        if innermost < 0 or self._open[innermost].kind != "table":
            return
        if len(self._open) > innermost + 1:
            self._discard_inline(innermost + 1, match.start())
        self._cell = match.end()
        if self.text.startswith("+", match.end()) and (caption := _CAPTION.match(self.text, match.end())):
            self.masks.append(Mask(match.end() + 1, caption.end()))

    def _discard_inline(self, index: int, at: int) -> None:
        """At the end of a wiki table's cell, drop what is still open in it, unless it is an HTML table or list."""
        if any(o.name in words("tags", "container") for o in self._open[index:]):
            return
        self._discard(index, at)

    # -- headings and lists

    def _no_heading(self, match: re.Match[str]) -> None:
        """Mask equals signs at the beginning of a line that does not end with them, unless only templates or tags follow."""
        line = self.text[match.start() : line_end(self.text, match.end())]
        if line.rfind("=") < len(match.group()) or _BEHIND_HEADING.sub("", line).rstrip().endswith("="):
            self._inner_equals(match.start())
            return
        self.masks.append(Mask(*match.span()))

    def _inner_equals(self, start: int) -> None:
        """Mask the equals signs within a heading that has many: the parser recurses at each, until its stack is full."""
        end = line_end(self.text, start)
        if self.text.count("=", start, end) > _MOST_EQUALS:
            self.masks += [Mask(*m.span()) for m in _EQUALS.finditer(self.text, start, end)][1:-1]

    def _heading(self, match: re.Match[str]) -> None:
        self._inner_equals(match.start())
        if self.repairing:
            self._unwind(match.start())

    def _markers(self, match: re.Match[str]) -> None:
        self.masks.append(Mask(*match.span("markers")))


@cache
def _table_end() -> re.Pattern[str]:
    """Return the pattern of a template that closes a table, on a line of its own."""
    names = "|".join(re.escape(name) for name in table("templates")["table_end"]["templates"])
    return re.compile(rf"(?<![^\n])\{{\{{\s*(?:{names})\s*\}}\}}", re.IGNORECASE)


_HANDLERS: dict[str, Callable[[Balance, re.Match[str]], int | None]] = {
    "comment": Balance._comment,
    "tag": Balance._tag,
    "end": Balance._end_tag,
    "cut": Balance._cut_tag,
    "angle": Balance._angle,
    "braces": Balance._braces,
    "closing": Balance._closing,
    "brackets": Balance._brackets,
    "ends": Balance._ends,
    "table": Balance._table,
    "table_end": Balance._end_table,
    "cell": Balance._table_cell,
    "exclamations": Balance._table_cell,
    "heading": Balance._heading,
    "markers": Balance._markers,
    "option": Balance._option,
    "address": Balance._in_link,
    "no_heading": Balance._no_heading,
}
