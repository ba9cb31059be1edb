"""Where markup that is never closed plausibly ends."""

from __future__ import annotations

import re

from kg.wikitext.markup.repair.open_markup import STRONG, OpenMarkup

_CONTENT = re.compile(r"\s*+(\{\{(?:[^{}]++|\{\{[^{}]*+\}\})*+\}\}|\[[^\[\]\n]*+\]|https?://[^\s<>\[\]{}|]++)")
# The rest of a template in one line up to a single brace, as long as such a mistake is.
_HALF_CLOSED = re.compile(r"[^{}\n]{1,200}+\}(?!\})")
_ARGUMENTS = re.compile(r"\n[ \t]*+(?![|\s}!*#])")


class UnclosedMarkup(OpenMarkup):
    """The open elements of a text, and how each is given up; ``repairing``: none extends past a heading."""

    def __init__(self, text: str, repairing: bool = False) -> None:
        super().__init__()
        self.text = text
        self.repairing = repairing

    def _unwind(self, limit: int) -> None:
        while self._open:
            self._give_up(limit)
        self._skipped.clear()

    def _give_up(self, limit: int) -> None:
        """Close the element opened last, at ``limit`` or before."""
        opened = self._open[-1]
        if opened.kind not in STRONG:
            self._discard(len(self._open) - 1, limit)
        elif opened.kind == "ref":
            self._close_ref(limit)
        else:
            self._open.pop()
            if opened.kind == "table":
                self._put(limit, "\n|}\n", "table not closed")
            elif opened.size > 3:
                self._mask_sign(opened)
            elif opened.size == 2 and (half := _HALF_CLOSED.match(self.text, opened.end, limit)):
                self._put(half.end(), "}", "template closed by one brace")
            else:
                self._put(self._template_end(opened.start, limit), "}" * opened.size, "template not closed")

    def _close_ref(self, limit: int) -> None:
        while self._open[-1].kind != "ref":
            self._give_up(limit)
        begin = self._open.pop().end
        self._put(self._reference_end(begin, limit), "</ref>", "reference not closed")

    def _reference_end(self, begin: int, limit: int) -> int:
        """Return where an unclosed reference plausibly ends: after its template, link or address; else at the end of the line."""
        if match := _CONTENT.match(self.text, begin):
            return min(match.end(), limit)
        end = self.text.find("\n", begin, limit)
        return end if end >= 0 else limit

    def _template_end(self, start: int, limit: int) -> int:
        """Return the end of an unclosed template: that of its line, or of the lines with ``|`` that continue it."""
        match = _ARGUMENTS.search(self.text, start, limit)
        return match.start() if match else limit


def line_end(text: str, start: int) -> int:
    """Return the end of the line of ``start``."""
    end = text.find("\n", start)
    return len(text) if end < 0 else end
