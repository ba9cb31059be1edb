"""Resolve relative expressions, anchored to the narrative's last date or to one that follows them in the text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from kg.facts import Interval, Precision
from kg.language.dates import calendar
from kg.language.dates.guards import stands_before_something
from kg.language.dates.narrative import Narrative
from kg.language.dates.time_words import TimeWords

Match = re.Match[str]


def offset(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """Two days later, fifteen years before."""
    anchor = _anchor(match, words, story)
    if anchor is None:
        return None
    count = words.number(match["n"]) * way(match, words) * (-1 if story.explains else 1)
    days, months, years = words.units[match["u"].lower()]
    return _from(anchor, calendar.shift(anchor, days * count, months * count, years * count))


def vague_offset(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """A few days later: the possible span of days, valued by the month or year that contains it."""
    anchor = _anchor(match, words, story)
    if anchor is None:
        return None
    least, most = words.vague[re.sub(r"\s+", " ", match["n"].lower())] if match["n"] else words.vague["several"]
    unit, sign = words.units[match["u"].lower()], way(match, words)
    first, last = (_moved(anchor, unit, count) for count in sorted((sign * least, sign * most)))
    if first is None or last is None:
        return None
    found = calendar.span(first.earliest, last.latest)
    return found and _from(anchor, found)


def _moved(anchor: Interval, unit: tuple[int, int, int], count: int) -> Interval | None:
    days, months, years = (size * count for size in unit)
    return calendar.shift(anchor, days, months, years)


def adjacent(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """The following day, that month, later that year, last week."""
    anchor = story.anchor()
    if anchor is None:
        return None
    count = words.references[re.sub(r"\s+", " ", match["ref"].lower())]
    found = _whole(anchor, match["u"].lower(), count, words)
    late = match.groupdict().get("late") or ""
    if found is not None and count == 0 and late.lower() in {"later", "earlier"} and found.precision is not Precision.DAY:
        found = _side(found, anchor, late.lower() == "later")
    elif found is not None and late.lower() in {"late", "early"}:
        found = calendar.part(found, 2 * (late.lower() == "late"), 2 * (late.lower() == "late") + 1, 3)
    return found and _from(anchor, found)


def _side(whole: Interval, anchor: Interval, later: bool) -> Interval:
    if later and whole.earliest <= anchor.latest < whole.latest:
        return replace(whole, earliest=anchor.latest + timedelta(days=1))
    if not later and whole.earliest < anchor.earliest <= whole.latest:
        return replace(whole, latest=anchor.earliest - timedelta(days=1))
    return whole


def _whole(anchor: Interval, unit: str, count: int, words: TimeWords) -> Interval | None:
    if unit in words.day_times:
        return calendar.shift(anchor, count, 0, 0) if count else anchor
    days, months, years = words.units[unit]
    if unit == "week" and count == 0:
        return _week(anchor)
    if days:
        return calendar.shift(anchor, days * count, 0, 0)
    precision = Precision.MONTH if months else Precision.YEAR
    moved = calendar.shift(anchor, 0, months * count, years * count)
    return moved and calendar.at_precision(moved.earliest, calendar.coarser(precision, anchor.precision))


def _week(anchor: Interval) -> Interval | None:
    if anchor.precision is not Precision.DAY:
        return anchor
    monday = anchor.earliest - timedelta(days=anchor.earliest.weekday())
    return calendar.span(monday, monday + timedelta(days=6))


def day_after(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """The day after, the year before, the night before."""
    anchor = _anchor(match, words, story)
    found = _whole(anchor, match["u"].lower(), way(match, words), words) if anchor else None
    return found and _from(anchor, found)


def deictic(match: Match, _: TimeWords, story: Narrative) -> Interval | None:
    """Yesterday, today, tomorrow, as seen from the narrative's last date."""
    anchor = story.anchor()
    if anchor is None:
        return None
    return _from(anchor, calendar.shift(anchor, {"yesterday": -1, "tomorrow": 1}.get(match["which"].lower(), 0), 0, 0))


def eve(_: Match, __: TimeWords, story: Narrative) -> Interval | None:
    """The eve of something whose day the narrative gives."""
    anchor = story.anchor()
    if anchor is None or anchor.precision is not Precision.DAY:
        return None
    return _from(anchor, calendar.shift(anchor, -1, 0, 0))


def same(_: Match, __: TimeWords, story: Narrative) -> Interval | None:
    """The same time, the day of the event: the narrative's last date."""
    return _from(story.anchor(), story.anchor())


def weekday(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """On Monday: the last one before the cited reports, else the first one from the narrative's last day on, within a week."""
    number = words.weekdays[match["w"].lower()]
    for report in sorted(story.context.references)[:1]:
        return calendar.of_day(report - timedelta(days=(report.weekday() - number) % 7))
    anchor = story.anchor()
    if anchor is None or anchor.precision is not Precision.DAY:
        return None
    count = words.references[re.sub(r"\s+", " ", match["ref"].lower())] if match["ref"] else 0
    ahead = (number - anchor.earliest.weekday()) % 7
    days = ahead - 7 if count < 0 else ahead or 7 * (count > 0)
    return _from(anchor, calendar.shift(anchor, days, 0, 0))


def way(match: Match, words: TimeWords) -> int:
    """Return 1 for later, -1 for earlier."""
    return words.ways[re.sub(r"\s+", " ", match["way"].lower())]


def _anchor(match: Match, words: TimeWords, story: Narrative) -> Interval | None:
    """Return the anchor: the narrative's last date in "two days after the vote", unknown in "two years after the war"."""
    unit = words.units.get(match["u"].lower(), (1, 0, 0))
    open_ended = re.sub(r"\s+", " ", match["way"].lower()) in words.cues["counting"]
    elsewhere = open_ended and unit[2] and not story.aside and stands_before_something(match, words)
    return None if elsewhere else story.anchor()


def _from(anchor: Interval | None, found: Interval | None) -> Interval | None:
    if anchor is None or found is None:
        return None
    return replace(found, anchor=anchor.value or anchor.earliest.isoformat())


RESOLVERS = {f.__name__: f for f in (offset, vague_offset, adjacent, day_after, deictic, eve, same, weekday)}
"""The resolvers of times that count from another one, by their names in ``patterns.toml``."""
