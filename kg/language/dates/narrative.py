"""Resolve the anchor of a relative expression, and the year of a date without one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from kg.facts import Interval, Precision
from kg.language.dates import calendar
from kg.language.dates.spans import Relation, TimeContext, TimeSpan

NEXT_YEAR_FORWARD = 92
"""Maximum number of days by which a date without a year may lie ahead if taken as next year's"""
NEXT_YEAR_BACKWARD = 180
"""… and more than so many days back as this year's is taken to be next year's: narratives move forward."""
NEWS_DAYS = 45
"""A report is published at most so many days after what it reports."""
BACKSTORY_DAYS = 300
"""A bare month or year further back than this before the current date does not move the narrative."""


@dataclass(slots=True)
class Narrative:
    """The narrative up to the current expression: the context of the sentence and what has been resolved in it so far."""

    context: TimeContext
    told: list[TimeSpan] = field(default_factory=list)
    aside: bool = False
    """Whether the expression counts from a date that follows it in the text, which is then the latest of the context."""
    explains: bool = False
    """Whether the expression gives the interval from an earlier event to the context's latest date: it counts back from that."""

    def anchor(self) -> Interval | None:
        """Return what "later", "that year", "the following day" count from: the narrative's last date, in the sentence or before it."""
        return _last_told(self.context.latest, self.told) or self._heading_year() or self.context.earlier

    def year_of(self, month: int, day: int | None) -> int | None:
        """Return the year of a day or month given without one."""
        stated = [span.when for span in self.told if span.when is not None and not span.backward]
        nearest = stated[-1] if stated else self.context.latest
        if nearest is not None:
            return self._by_reference(month, day, _nearest_year(nearest, month, day))
        heading = self._heading_year()
        if heading is not None:
            return heading.earliest.year
        by_reference = self._by_reference(month, day, None)
        if by_reference is not None or self.context.earlier is None:
            return by_reference
        return _nearest_year(self.context.earlier, month, day)

    def _by_reference(self, month: int, day: int | None, guess: int | None) -> int | None:
        """Return the guess, unless references support another year: one in which the day came shortly before a reference."""
        reports = [(report, _date(report.year - back, month, day)) for report in self.context.references for back in (0, 1)]
        years = sorted({when.year for report, when in reports if when is not None and 0 <= (report - when).days <= NEWS_DAYS})
        return guess if not years or guess in years else years[0]

    def _heading_year(self) -> Interval | None:
        heading = self.context.heading
        return calendar.year(heading[0]) if heading is not None and heading[0] == heading[1] else None


def after(context: TimeContext, spans: tuple[TimeSpan, ...]) -> TimeContext:
    """Return the context of the next sentence of the section: the last date becomes its latest; references are dropped."""
    return replace(context, latest=_last_told(context.latest, spans), references=())


def _last_told(latest: Interval | None, spans: list[TimeSpan] | tuple[TimeSpan, ...]) -> Interval | None:
    for span in spans:
        if span.when is not None and _moves_story(span, latest):
            latest = span.when
    return latest


def _moves_story(span: TimeSpan, latest: Interval | None) -> bool:
    if span.when is None or span.named or span.backward or span.future or span.relation in _NO_POINT:
        return False
    if latest is None or span.when.precision is Precision.DAY:
        return True
    if latest.earliest <= span.when.latest and span.when.earliest <= latest.latest:
        return span.when.precision is not Precision.YEAR or latest.precision in {Precision.YEAR, Precision.INTERVAL}
    return (latest.earliest - span.when.latest).days < BACKSTORY_DAYS


_NO_POINT = frozenset({Relation.SINCE, Relation.UNTIL, Relation.BY, Relation.BEFORE, Relation.ANCHOR})


def _nearest_year(anchor: Interval, month: int, day: int | None) -> int:
    this_year = anchor.latest.year
    if anchor.precision not in {Precision.DAY, Precision.MONTH}:
        return anchor.earliest.year
    same, following = _date(this_year, month, day), _date(this_year + 1, month, day)
    if same is None or following is None:
        return this_year
    ahead, back = (following - anchor.latest).days, (anchor.earliest - same).days
    return this_year + 1 if ahead <= NEXT_YEAR_FORWARD and back > NEXT_YEAR_BACKWARD else this_year


def _date(year: int, month: int, day: int | None) -> date | None:
    interval = calendar.day(year, month, day or 1)
    return interval.earliest if interval else None
