"""Track the markup that is open at a position of a text, and what to insert or mask where it is never closed."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from kg.wikitext.knowledge import table

# MediaWiki gives up on templates nested deeper than 40 ($wgMaxPPExpandDepth 100 in all); a table counts for its rows and cells.
_DEEPEST = 60
_TABLE = 3
# So many open elements leave room for another, whatever they are.
_ROOMY = _DEEPEST // _TABLE - _TABLE
STRONG = frozenset({"braces", "ref", "table"})
MASK = "\ue0ff"


class Insertion(NamedTuple):
    """A sign to insert at an offset."""

    at: int
    sign: str


class Mask(NamedTuple):
    """A span hidden from the parser; ``character`` replaces each of its characters."""

    start: int
    end: int
    character: str = MASK


class Opened:
    """An open element: its kind (``braces``, ``link``, ``address``, ``bracket``, ``table``, ``ref``, ``tag``) and the span of its sign."""

    __slots__ = ("end", "kind", "name", "size", "start")

    def __init__(self, kind: str, start: int, end: int, name: str = "") -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.name = name
        self.size = end - start


class OpenMarkup:
    """A stack of open elements, and the insertions, masks and notes that come of closing or dropping them.

    ``crowded``: tables or references are nested so deep that some must be unclosed.
    """

    def __init__(self) -> None:
        self.insertions: list[Insertion] = []
        self.masks: list[Mask] = []
        self.notes: Counter[str] = Counter()
        self.crowded = False
        self._open: list[Opened] = []
        self._skipped: Counter[str] = Counter()

    def mask_open(self) -> None:
        """Mask the signs of elements left open, if nothing is inserted to close them."""
        while self._open:
            self._mask_sign(self._open.pop())

    def _push(self, kind: str, match: re.Match[str], name: str = "", start: int | None = None) -> None:
        opened = Opened(kind, match.start() if start is None else start, match.end(), name)
        if len(self._open) > _ROOMY and not self._has_room(_TABLE if kind == "table" else 1):
            self._mask_sign(opened)
            self.crowded = self.crowded or kind in ("ref", "table")
            self._skipped[name or kind] += 1
            self.notes["markup nested too deep"] += 1
            return
        self._open.append(opened)

    def _has_room(self, weight: int) -> bool:
        """Whether another element can be opened; the oldest unclosed tags and links are dropped to make room."""
        kinds = [opened.kind for opened in self._open]
        used = len(kinds) + weight + (_TABLE - 1) * kinds.count("table")
        while used > _DEEPEST:
            if STRONG.issuperset(kinds):
                return False
            oldest = next(i for i, kind in enumerate(kinds) if kind not in STRONG)
            self._mask_sign(self._open.pop(oldest))
            del kinds[oldest]
            used -= 1
        return True

    def _too_deep(self, key: str, start: int, end: int) -> bool:
        """Whether this closes an element that was too deep to be opened, and is therefore masked too."""
        if not self._skipped[key]:
            return False
        self._skipped[key] -= 1
        self.masks.append(Mask(start, end))
        return True

    def _nearest(self, kind: str, name: str = "", through: frozenset[str] = frozenset()) -> int:
        """Return the stack index of the innermost of a kind, below no strong elements except kinds in ``through``; -1 if there is none."""
        for i in range(len(self._open) - 1, -1, -1):
            opened = self._open[i]
            if opened.kind == kind and opened.name == name:
                return i
            if opened.kind in STRONG and opened.kind not in through:
                return -1
        return -1

    def _discard(self, index: int, at: int) -> None:
        """Drop the elements of the stack from ``index`` on, none of them strong; optional end tags are inserted at ``at``."""
        while len(self._open) > index:
            opened = self._open.pop()
            if opened.name in implied():
                self.insertions.append(Insertion(at, f"</{opened.name}>"))
            else:
                self._mask_sign(opened)

    def _mask_sign(self, opened: Opened) -> None:
        end = opened.start + opened.size if opened.kind == "braces" else opened.start + 1 if opened.kind == "tag" else opened.end
        if opened.kind != "bracket":
            self.masks.append(Mask(opened.start, end))

    def _innermost_strong(self) -> int:
        if self._open and self._open[-1].kind in STRONG:
            return len(self._open) - 1
        for i in range(len(self._open) - 1, -1, -1):
            if self._open[i].kind in STRONG:
                return i
        return -1

    def _inside(self, kind: str) -> bool:
        return any(opened.kind == kind for opened in self._open)

    def _put(self, at: int, sign: str, note: str) -> None:
        self.insertions.append(Insertion(at, sign))
        self.notes[note] += 1


@cache
def implied() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the elements with optional end tags: which ones each ends when it begins, and within which elements."""
    return {name: (frozenset(row["ends"]), frozenset(row["within"])) for name, row in table("tags")["implied"].items()}
