"""Read the years in section headings as context for the dates of the section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.language.dates.spans import TimeContext

_YEARS = re.compile(r"(?<![\d.,-])(1\d{3}|20\d\d)(?:\s?[–—-]\s?(?:(1\d{3}|20\d\d)|(\d\d)|present|today))?(?![\d])")


def in_section(context: TimeContext, headings: Sequence[str]) -> TimeContext:
    """Return the context at the start of a section, given its heading path from the outermost on: the deepest heading with a year
    decides."""
    years = next((found for heading in reversed(headings) if (found := heading_years(heading))), None)
    return replace(context, latest=None, earlier=context.latest or context.earlier, heading=years)


def heading_years(heading: str) -> tuple[int, int] | None:
    """Return the first and last year in a heading ("2008–2013", "2004 accession"); "2013–present" ends in year 9999."""
    match = _YEARS.search(heading)
    if match is None:
        return None
    first = int(match[1])
    if match[2]:
        return first, int(match[2])
    if match[3]:
        return first, first - first % 100 + int(match[3])
    return (first, 9999) if re.search(r"[–—-]\s?(?:present|today)", match[0]) else (first, first)
