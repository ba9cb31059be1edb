"""Intervals of days: construct them from calendar dates, divide them, shift them."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

from kg.facts import Interval, Precision


def day(year: int, month: int, number: int) -> Interval | None:
    """Return one day, or None if the calendar lacks it."""
    if not MINYEAR <= year <= MAXYEAR or not 1 <= month <= 12 or not 1 <= number <= monthrange(year, month)[1]:
        return None
    return of_day(date(year, month, number))


def of_day(moment: date) -> Interval:
    """Return the interval of one day."""
    return Interval(moment, moment, Precision.DAY, moment.isoformat())


def month(year: int, number: int) -> Interval | None:
    """Return one month of a year."""
    if not MINYEAR <= year <= MAXYEAR or not 1 <= number <= 12:
        return None
    first = date(year, number, 1)
    return Interval(first, date(year, number, monthrange(year, number)[1]), Precision.MONTH, first.isoformat()[:7])


def year(number: int) -> Interval | None:
    """Return one calendar year, MINYEAR to MAXYEAR."""
    if not MINYEAR <= number <= MAXYEAR:
        return None
    return Interval(date(number, 1, 1), date(number, 12, 31), Precision.YEAR, f"{number:04}")


def of_value(value: str) -> Interval | None:
    """Return the day, month or year of an ISO 8601 value; None if it is none."""
    match [int(part) for part in value.split("-") if part.isdecimal()]:
        case [y]:
            return year(y)
        case [y, m]:
            return month(y, m)
        case [y, m, d]:
            return day(y, m, d)
        case _:
            return None


def span(earliest: date, latest: date) -> Interval | None:
    """Return the interval from one day to another; its value is what both dates share: day, month, year, or nothing."""
    if latest < earliest:
        return None
    if earliest == latest:
        return of_day(earliest)
    value = None
    if earliest.year == latest.year:
        value = earliest.isoformat()[:7] if earliest.month == latest.month else f"{earliest.year:04}"
    return Interval(earliest, latest, Precision.INTERVAL, value)


def part(whole: Interval, first: int, last: int, of: int) -> Interval:
    """Divide an interval into ``of`` equal parts, and return the interval of parts ``first`` to ``last`` - 1 (for "early", "mid", "late").

    Value and precision stay those of the whole.
    """
    days = (whole.latest - whole.earliest).days + 1
    start = whole.earliest + timedelta(days=days * first // of)
    end = whole.earliest + timedelta(days=days * last // of - 1)
    return Interval(start, end, whole.precision, whole.value)


def season(year_number: int, first: int, last: int) -> Interval | None:
    """Return a season that begins in that year, given its first and last month; its value is the year."""
    begin, end = month(year_number, first), month(year_number + (last < first), last)
    if begin is None or end is None:
        return None
    return Interval(begin.earliest, end.latest, Precision.YEAR, f"{year_number:04}")


def add_months(moment: date, months: int) -> date | None:
    """Return the same day of another month, or that month's last day."""
    index = moment.year * 12 + moment.month - 1 + months
    number, month_number = index // 12, index % 12 + 1
    if not MINYEAR <= number <= MAXYEAR:
        return None
    return date(number, month_number, min(moment.day, monthrange(number, month_number)[1]))


def shift(anchor: Interval, days: int, months: int, years: int) -> Interval | None:
    """Shift the anchor; the result has the coarser precision of the anchor and the smallest unit of the shift."""
    moved = add_months(anchor.earliest, months + 12 * years)
    if moved is None:
        return None
    try:
        moved += timedelta(days=days)
    except OverflowError:
        return None
    unit = Precision.DAY if days or not months + years else Precision.MONTH if months else Precision.YEAR
    return at_precision(moved, coarser(unit, anchor.precision))


def coarser(one: Precision, other: Precision) -> Precision:
    """Return the coarser of two precisions."""
    order = list(Precision)
    return max(one, other, key=order.index)


def at_precision(moment: date, precision: Precision) -> Interval | None:
    """Return the day, month or year that contains a day."""
    if precision is Precision.DAY:
        return of_day(moment)
    return month(moment.year, moment.month) if precision is Precision.MONTH else year(moment.year)
