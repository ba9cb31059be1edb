"""Parse and format times as correction files write them (``2013-04-19``, ``2013-04``, ``2013``, ``2013-04-19/2013-05-02``)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from kg.facts import Interval, Precision

_TIME = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
RULE = "correction"


def interval(text: str) -> Interval | None:
    """Return the interval of days of a time; None if it is not valid."""
    first, slash, last = text.partition("/")
    begin, end = _span(first), _span(last or first)
    if begin is None or end is None or begin[0] > end[1]:
        return None
    if slash:
        return Interval(begin[0], end[1], Precision.INTERVAL, None, rule=RULE)
    return Interval(begin[0], begin[1], begin[2], text, rule=RULE)


def _span(text: str) -> tuple[date, date, Precision] | None:
    """Return the first and last day of a day, month or year."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        if day:
            return date(year, month, day), date(year, month, day), Precision.DAY
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1]), Precision.MONTH
        return date(year, 1, 1), date(year, 12, 31), Precision.YEAR
    except ValueError:
        return None


def written(value: str, earliest: str, latest: str) -> str:
    """Return the time of a fact in the notation of corrections: its date, or its first and last day; empty if it has none."""
    return value or (f"{earliest}/{latest}" if earliest and latest else "")
