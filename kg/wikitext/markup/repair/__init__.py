"""Repair broken markup before parsing.

Missing closing signs are inserted where they are plausible; all other signs without a counterpart are masked, so that the parser
never has to backtrack and takes linear time. ``Repaired.original`` maps offsets back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kg.wikitext.markup.repair.balance import Balance
from kg.wikitext.markup.repair.open_markup import Insertion, Mask

# Tables may be indented, which mwparserfromhell does not recognize.
_INDENTED_TABLE = re.compile(r"^[ \t]*+:++[ \t]*+(?=\{\|)", re.MULTILINE)
# MediaWiki removes comments before it examines the beginnings of lines.
_COMMENT_BEFORE_SIGN = re.compile(r"^(?:<!--(?:(?!-->|\n).)*+-->)++(?=[=*#:;]|\{\|)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text ready for parsing.

    ``text`` is the original with insertions; ``masked``, of the same length, is the parser's input; ``cuts`` are offsets at which a
    line begins and nothing is open. ``added[i]`` is the number of characters inserted before ``places[i]``, with one more for the
    end. ``notes`` counts the repairs.
    """

    text: str
    masked: str
    cuts: tuple[int, ...]
    places: tuple[int, ...]
    added: tuple[int, ...]
    notes: Counter[str]

    def original(self, offset: int) -> int:
        """Return the offset in the original of one in ``text``; within an insertion, its place."""
        i = bisect_right(self.places, offset) - 1
        if i < 0:
            return offset
        before = self.places[i] - self.added[i]
        return max(before, offset - self.added[i + 1])


def repair(wikitext: str) -> Repaired:
    """Balance the signs of a text."""
    balance = Balance(wikitext)
    if not balance.run():
        balance = Balance(wikitext, repairing=True)
        balance.run()
    insertions = balance.insertions
    insertions += (Insertion(m.end(), "\n") for m in _INDENTED_TABLE.finditer(wikitext))
    insertions += (Insertion(m.end(), "\n") for m in _COMMENT_BEFORE_SIGN.finditer(wikitext))
    insertions.sort(key=lambda i: i.at)
    added = tuple(accumulate((len(i.sign) for i in insertions), initial=0))
    at = [i.at for i in insertions]
    return Repaired(
        text=_inserted(wikitext, insertions),
        masked=_inserted(_overwritten(wikitext, balance.masks), insertions),
        cuts=tuple(cut + added[bisect_right(at, cut)] for cut in balance.cuts),
        places=tuple(i.at + before for i, before in zip(insertions, added, strict=False)),
        added=added,
        notes=balance.notes,
    )


def mask(text: str) -> str:
    """Mask every sign of a line without a counterpart, inserting nothing."""
    balance = Balance(text)
    if not balance.run():
        balance.mask_open()
    return _overwritten(text, balance.masks) if not balance.insertions else text


def _inserted(text: str, insertions: Sequence[Insertion]) -> str:
    parts: list[str] = []
    place = 0
    for at, sign in insertions:
        parts += (text[place:at], sign)
        place = at
    parts.append(text[place:])
    return "".join(parts)


def _overwritten(text: str, masks: Iterable[Mask]) -> str:
    parts: list[str] = []
    place = 0
    for start, end, character in sorted(masks):
        start = max(start, place)
        if start < end:
            parts += (text[place:start], character * (end - start))
            place = end
    parts.append(text[place:])
    return "".join(parts)
