"""Balance links and addresses in brackets."""

from __future__ import annotations

import re

from kg.wikitext.markup.repair.open_markup import Insertion, Mask, Opened
from kg.wikitext.markup.repair.signs import ANGLE
from kg.wikitext.markup.repair.unclosed_markup import UnclosedMarkup

_URL = re.compile(r"(?:[a-z]{2,9}:)?//|mailto:|news:", re.IGNORECASE)
_ADDRESS_END = re.compile(r"[^\s\[\]<>\"]*+(?:([<\"])|([^\S \n]))")
_NUMERIC_HOST = re.compile(r"[a-z]{2,9}://(\[)[0-9A-Fa-f:.]++(\])", re.IGNORECASE)
_ADDRESS_PART = re.compile(r"[^\s|\[\]{}<>\"]*+(\|)?")
_TARGET_END = re.compile(r"[|\n\[\]<]")
_REST_OF_PIPE = re.compile(r"[^\n|\[\]{}]*+\|(?!\|)")
_LONGEST_HALF_CLOSED = 200


class Brackets(UnclosedMarkup):
    """Handles the signs of links and addresses; ``_cell`` is where the cell of a table begins, until a link follows."""

    def __init__(self, text: str, repairing: bool = False) -> None:
        super().__init__(text, repairing)
        self._cell = -1
        self._address_end = -1
        self._piped = False

    def _brackets(self, match: re.Match[str]) -> int | None:
        size = match.end() - match.start()
        if size == 1:
            if _URL.match(self.text, match.end()):
                self._push("address", match)
                return self._address(match.end())
            if self._nearest("link") >= 0:
                self._push("bracket", match)
            return None
        if size > 2:
            self.masks.append(Mask(match.start(), match.end() - 2))
            if size == 3 and self._nearest("link") < 0:
                self._push("bracket", match)
        self._push("link", match, start=match.end() - 2)
        return None

    def _address(self, start: int) -> int | None:
        """Handle an address in brackets: characters that end it without being spaces, and the brackets of a numeric host, are masked."""
        host = _NUMERIC_HOST.match(self.text, start)
        if host:
            self.masks += (Mask(*host.span(1)), Mask(*host.span(2)))
        if end := _ADDRESS_END.match(self.text, host.end() if host else start):
            if end[1]:
                self.insertions.append(Insertion(end.start(1), " "))
            else:
                self.masks.append(Mask(*end.span(2), " "))
        return host.end() if host else None

    def _ends(self, match: re.Match[str]) -> None:
        place, end = match.span()
        if end - place > 1 and self._too_deep("link", place, end):
            return
        strong = self._innermost_strong()
        while place < end:
            index = len(self._open) - 1
            while index > strong and self._open[index].kind == "tag":
                index -= 1
            if index <= strong:
                break
            opened = self._open[index]
            if opened.kind == "bracket" and end - place == 2 and self._nearest("link") >= 0:
                self._open.pop(index)
                continue
            self._discard(index + 1, place)
            self._open.pop()
            place += self._end_bracket(opened, place, end)
        if end - place > 1:
            self.masks.append(Mask(place, end))

    def _end_bracket(self, opened: Opened, place: int, end: int) -> int:
        """Close a link, address or plain bracket; return the number of signs that it takes."""
        if opened.kind == "bracket":
            self.masks.append(Mask(place, place + 1))
            return 1
        if opened.kind == "address":
            if self.text.find("\n", opened.end, place) >= 0:
                self._mask_sign(opened)
            return 1
        if end - place == 1:
            if place - opened.end > _LONGEST_HALF_CLOSED or self.text.find("\n", opened.end, place) >= 0:
                self._open.append(opened)
            else:
                self._put(place + 1, "]", "link closed by one bracket")
            return 1
        stop = _TARGET_END.search(self.text, opened.end, place)
        fragment = stop is not None and stop.group() == "<" and self.text.find("#", opened.end, stop.start()) >= 0
        if fragment:
            until = self.text.find("|", opened.end, place)
            self.masks += (Mask(*m.span()) for m in ANGLE.finditer(self.text, opened.end, until if until >= 0 else place))
        if stop and stop.group() != "|" and not fragment and not self.text.startswith("<!--", stop.start()):
            self._mask_sign(opened)
            self.masks.append(Mask(place, place + 2))
        else:
            self._show_pipe(opened, place + 2)
        return 2

    def _show_pipe(self, link: Opened, end: int) -> None:
        """Mask a single pipe after the first link of a cell, since the text before it is not a list of attributes."""
        innermost = self._innermost_strong()
        if self._cell < 0 or innermost < 0 or self._open[innermost].kind != "table":
            return
        before, self._cell = self._cell, -1
        if self.text.find("|", before, link.start) < 0 and (pipe := _REST_OF_PIPE.match(self.text, end)):
            self.masks.append(Mask(pipe.end() - 1, pipe.end()))

    def _option(self, match: re.Match[str]) -> None:
        """Handle an address in a file's option: the parser would read past the ``|`` that ends it."""
        self.masks.append(Mask(*match.span("option")))

    def _in_link(self, match: re.Match[str]) -> None:
        """Handle an address in any part of a link, if a ``|`` ends it."""
        if not self._open or self._open[-1].kind != "link":
            return
        if match.end() > self._address_end and (part := _ADDRESS_PART.match(self.text, match.end())):
            self._address_end, self._piped = part.end(), part[1] is not None
        if self._piped:
            self.masks.append(Mask(match.start(), match.start() + 1))
