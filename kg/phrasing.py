"""Headlines and times as text: headlines shortened at constituent boundaries, times with the precision that is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from kg.facts import Interval, Precision, Wording

LONGEST = 110
"""Longest label, in characters."""

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_OPEN_ENDED = re.compile(
    r"(?:[\s,;:–—-]|\b(?:an?|the|and|or|but|of|to|in|on|at|by|for|from|with|into|onto|upon|over|under|against|between|among|as|that|which|who"
    r"|whom|whose|including|its|their|than|towards?|through|after|before|during|until|since|about))+$",
    re.IGNORECASE,
)
"""What a headline must not end with: commas and dashes, prepositions, articles, conjunctions."""


def fitted(headline: Sequence[Wording], length: int) -> str:
    """Return the words of a headline in at most ``length`` characters: constituents are kept by rank, then in order, as far as there
    is room.

    Empty if even the required words are too long.
    """
    order = sorted({(w.rank, w.constituent, w.within) for w in headline})
    kept = {constituent for rank, constituent, _ in order if rank == 0}
    line = _line(headline, kept)
    if len(line) > length:
        return ""
    for rank, constituent, within in order:
        if rank and within in kept:
            longer = _line(headline, kept | {constituent})
            if len(longer) <= length:
                kept.add(constituent)
                line = longer
    return line


def _line(wordings: Sequence[Wording], kept: set[int]) -> str:
    said: list[str] = []
    for wording in wordings:
        if wording.constituent in kept:
            said.append(wording.text)
        elif wording.instead and wording.within in kept and not (said and said[-1] == wording.instead):
            said.append(wording.instead)
    text = " ".join("".join(said).split())
    text = text.replace('"', "") if text.count('"') % 2 else text
    text = re.sub(r"\s+”", "”", re.sub(r"“\s+", "“", text))
    text = re.sub("[“”]", "", text) if text.count("“") != text.count("”") else text
    text = re.sub(r"\s+([,;:.'’])", r"\1", text)
    text = re.sub(r"[,;:]+(?=[,;:])", "", text)
    text = _OPEN_ENDED.sub("", text.strip(" ,;:.–—-"))
    return text[:1].upper() + text[1:]


def day(moment: date) -> str:
    """19 April 2013"""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def when(interval: Interval) -> str:
    """Return a time with the precision that is known: "19 April 2013", "April 2013", "2013", a range, or an inferred interval."""
    first, last = interval.earliest, interval.latest
    if interval.inferred:
        return inferred(first, last)
    if interval.precision is Precision.DAY:
        return day(first)
    if interval.precision is Precision.MONTH:
        return f"{_MONTHS[first.month - 1]} {first.year}"
    if interval.precision is Precision.YEAR:
        return str(first.year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year}–{last.year}"
    return f"{day(first)} to {day(last)}"


def headline_date(interval: Interval) -> str:
    """Return the time after a headline; an inferred one in years, since its bounds would take the room of the words."""
    if not interval.inferred:
        return when(interval)
    first, last = interval.earliest.year, interval.latest.year
    return f"c. {first if first == last else f'{first}–{last}'}"


def inferred(first: date, last: date) -> str:
    """Return two days as bounds, in months: "between May and July 2018", "between May 2018 and June 2019", "2018, inferred"."""
    begin, end = _MONTHS[first.month - 1], _MONTHS[last.month - 1]
    if first.year == last.year and (first.month, last.month) == (1, 12):
        return f"{first.year}, inferred"
    if first.year == last.year:
        return f"{begin} {first.year}, inferred" if begin == end else f"between {begin} and {end} {last.year}"
    whole = first.month == 1 and last.month == 12
    return f"between {first.year} and {last.year}" if whole else f"between {begin} {first.year} and {end} {last.year}"
