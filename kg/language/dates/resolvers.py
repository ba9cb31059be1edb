"""Resolve each matched expression to an interval: one function for each ``resolver`` in ``patterns.toml``.

A resolver takes the match, the words, and the narrative so far, and returns the interval, or None if the context does not determine
it; ``anchored`` gives the date against which a relative expression was resolved.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from kg.facts import Interval, Precision
from kg.language.dates import calendar
from kg.language.dates.narrative import Narrative
from kg.language.dates.time_words import TimeWords

Match = re.Match[str]
Resolver = Callable[[Match, TimeWords, Narrative], Interval | None]

CIRCA_YEARS = 10
"""Uncertainty of "c. 500", in years either way."""


def numeric(match: Match, _: TimeWords, __: Narrative) -> Interval | None:
    """2016-12-30, 30.12.2016; with slashes, day and month may be in either order, and then only the year is certain."""
    first, second, year = int(match["d"]), int(match["m"]), int(match["y"])
    if match.groupdict().get("sep") != "/":
        return calendar.day(year, second, first)
    if first > 12 or second > 12:
        return calendar.day(year, min(first, second), max(first, second))
    return calendar.day(year, second, first) if first == second else calendar.year(year)


def day_range(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """24–26 May 2013."""
    month, first, last = _month(match, words), int(match["d"]), int(match["d2"])
    year = _stated_year(match, words, story) or story.year_of(month, first)
    return _between(calendar.day(year, month, first), calendar.day(year, month, last)) if year else None


def date_range(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """3 May to 5 June 2013."""
    first_month, last_month = _month(match, words), _month(match, words, "m2")
    last_year = int(match["y2"]) if match["y2"] else int(match["y"]) if match["y"] else story.year_of(first_month, int(match["d"]))
    if last_year is None:
        return None
    first_year = int(match["y"]) if match["y"] else last_year - (last_month < first_month)
    first = calendar.day(first_year, first_month, int(match["d"]))
    return _between(first, calendar.day(max(last_year, first_year), last_month, int(match["d2"])))


def month_range(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """March 2010 to May 2012."""
    first_month, last_month = _month(match, words), _month(match, words, "m2")
    last_year = int(match["y2"]) if match["y2"] else int(match["y"]) if match["y"] else story.year_of(first_month, None)
    if last_year is None:
        return None
    first_year = int(match["y"]) if match["y"] else last_year - (last_month < first_month)
    return _between(calendar.month(first_year, first_month), calendar.month(last_year, last_month))


def year_range(match: Match, _: TimeWords, __: Narrative) -> Interval | None:
    """2008–2013, 2008–09."""
    first = int(match["y"])
    short = match.groupdict().get("y2short")
    last = first - first % 100 + int(short) if short else int(match["y2"])
    return _between(calendar.year(first), calendar.year(last)) if first < last else None


def year_open(match: Match, _: TimeWords, story: Narrative) -> Interval | None:
    """2013–present."""
    first = calendar.year(int(match["y"]))
    written = story.context.written
    return first and (calendar.span(first.earliest, written) if written else replace(first, latest=date.max, precision=Precision.INTERVAL))


def day_month(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """18 February 2008, February 18, 16 December of that year."""
    month, day = _month(match, words), int(match["d"])
    year = _stated_year(match, words, story) or story.year_of(month, day)
    return calendar.day(year, month, day) if year else None


def month(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """July 2010, early December, that August, the first week of May."""
    number, groups = _month(match, words), match.groupdict()
    year = _month_year(match, number, words, story)
    whole = calendar.month(year, number) if year else None
    if whole is None:
        return None
    if groups.get("week"):
        first = words.ordinals.get(groups["week"].lower())
        start = whole.latest - timedelta(days=6) if first is None else whole.earliest + timedelta(days=7 * first)
        return replace(whole, earliest=start, latest=start + timedelta(days=6))
    return _part_of(whole, match, words)


def _month_year(match: Match, number: int, words: TimeWords, story: Narrative) -> int | None:
    stated = _stated_year(match, words, story)
    if stated or "y" in match.groupdict():
        return stated or story.year_of(number, None)
    anchor = story.anchor()
    if not match.groupdict().get("ref") or anchor is None:
        return story.year_of(number, None)
    way = words.references[_plain(match["ref"])]
    return anchor.latest.year + (way > 0 and number <= anchor.latest.month) - (way < 0 and number >= anchor.earliest.month)


def season(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """Spring 2004, the spring of the next year, the following autumn; "winter 2004" begins in that year."""
    first, last = words.seasons[match["s"].lower()]
    year = _stated_year(match, words, story)
    if year is None:
        anchor, way = story.anchor(), words.references[_plain(match["ref"])]
        if anchor is None:
            return None
        year = anchor.latest.year
        if way > 0 and anchor.precision is not Precision.YEAR:
            year += anchor.latest.month >= first
        else:
            year += way
    whole = calendar.season(year, first, last)
    return whole and _part_of(whole, match, words)


def year(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """2008, late 2014, mid-2021, the end of that year."""
    number = _stated_year(match, words, story)
    if number is None and match.groupdict().get("ref_same"):
        anchor = story.anchor()
        number = anchor.latest.year if anchor else None
    whole = calendar.year(number) if number else None
    return whole and _part_of(whole, match, words)


def year_end(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """The last day of the year."""
    whole = _stated_year(match, words, story) or _anchor_year(story)
    if whole is None:
        return None
    return calendar.day(whole, 1, 1) if match["which"].lower() == "first" else calendar.day(whole, 12, 31)


def month_end(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """The last day of May, of the month."""
    if match["m"]:
        number = _month(match, words)
        year = int(match["y"]) if match["y"] else story.year_of(number, None)
        whole = calendar.month(year, number) if year else None
    else:
        anchor = story.anchor()
        shift = words.references[_plain(match["ref"])] if match["ref"] else 0
        whole = calendar.shift(anchor, 0, shift, 0) if anchor else None
    if whole is None or whole.precision is not Precision.MONTH:
        whole = whole and calendar.month(whole.earliest.year, whole.earliest.month)
    return whole and calendar.of_day(whole.earliest if match["which"].lower() == "first" else whole.latest)


def new_year(match: Match, _: TimeWords, story: Narrative) -> Interval | None:
    """New Year's Day is that of the stated or the following year, New Year's Eve that of the same one."""
    is_day = match["which"].lower() == "day"
    number = int(match["y"]) if match["y"] else _anchor_year(story)
    if number is None:
        return None
    return calendar.day(number if match["y"] else number + 1, 1, 1) if is_day else calendar.day(number, 12, 31)


def decade(match: Match, words: TimeWords, _: Narrative) -> Interval | None:
    """The 1990s, the late 2010s."""
    first = int(match["y"])
    length = 100 if first % 100 == 0 and first < 2000 else 10
    if first % 10:
        return None
    whole = Interval(date(first, 1, 1), date(first + length - 1, 12, 31), Precision.INTERVAL, None)
    return _part_of(whole, match, words)


def century(match: Match, words: TimeWords, _: Narrative) -> Interval | None:
    """The 20th century."""
    number = int(match["n"])
    if not 1 <= number <= 21:
        return None
    whole = Interval(date(number * 100 - 99, 1, 1), date(number * 100, 12, 31), Precision.INTERVAL, None)
    return _part_of(whole, match, words)


def era_year(match: Match, words: TimeWords, _: Narrative) -> Interval | None:
    """AD 98, 48 BC (which no calendar date can represent)."""
    if (match["era"] or match["era2"]).upper().startswith("B"):
        return None
    return calendar.year(words.number(match["n"] or match["n2"]))


def circa(match: Match, _: TimeWords, __: Narrative) -> Interval | None:
    """c. 500: the year, ten years either way."""
    whole = calendar.year(int(match["n"]))
    if whole is None:
        return None
    number = whole.earliest.year
    return replace(whole, earliest=date(max(1, number - CIRCA_YEARS), 1, 1), latest=date(number + CIRCA_YEARS, 12, 31))


def _anchor_year(story: Narrative) -> int | None:
    anchor = story.anchor()
    return anchor.latest.year if anchor else None


def _stated_year(match: Match, words: TimeWords, story: Narrative) -> int | None:
    groups = match.groupdict()
    if groups.get("y"):
        return int(groups["y"])
    if groups.get("ref") and re.search(r"\byear$", match[0], re.IGNORECASE):
        number = _anchor_year(story)
        return number + words.references[_plain(groups["ref"])] if number is not None else None
    return None


def _part_of(whole: Interval, match: Match, words: TimeWords) -> Interval:
    groups = match.groupdict()
    name = groups.get("p") or groups.get("p2")
    return calendar.part(whole, *words.parts[_plain(name)]) if name else whole


def _month(match: Match, words: TimeWords, group: str = "m") -> int:
    return words.months[match[group].rstrip(".").lower()]


def _between(first: Interval | None, last: Interval | None) -> Interval | None:
    return calendar.span(first.earliest, last.latest) if first and last else None


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower())


_ALL = (
    *(numeric, day_range, date_range, month_range, year_range, year_open, day_month, month, season, year),
    *(year_end, month_end, new_year, decade, century, era_year, circa),
)
RESOLVERS = {f.__name__: f for f in _ALL}
"""The resolvers of absolute times, by their names in ``patterns.toml``."""
