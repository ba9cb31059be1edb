"""Intervals of days: construct them from calendar dates, divide them, shift them."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

from kg.facts import Interval, Precision


def day(year: int, month: int, number: int) -> Interval | None:
    """One day, or None where the calendar has none such."""
    if not MINYEAR <= year <= MAXYEAR or not 1 <= month <= 12 or not 1 <= number <= monthrange(year, month)[1]:
        return None
    return of_day(date(year, month, number))


def of_day(moment: date) -> Interval:
    """The interval of one day."""
    return Interval(moment, moment, Precision.DAY, moment.isoformat())


def month(year: int, number: int) -> Interval | None:
    """One month of a year."""
    if not MINYEAR <= year <= MAXYEAR or not 1 <= number <= 12:
        return None
    first = date(year, number, 1)
    return Interval(first, date(year, number, monthrange(year, number)[1]), Precision.MONTH, first.isoformat()[:7])


def year(number: int) -> Interval | None:
    """One calendar year, MINYEAR to MAXYEAR."""
    if not MINYEAR <= number <= MAXYEAR:
        return None
    return Interval(date(number, 1, 1), date(number, 12, 31), Precision.YEAR, f"{number:04}")


def of_value(value: str) -> Interval | None:
    """The day, month or year that an ISO 8601 value names; None where it is none."""
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
    """From one day to another; the value is what both dates share: the day, the month, the year, or nothing."""
    if latest < earliest:
        return None
    if earliest == latest:
        return of_day(earliest)
    value = None
    if earliest.year == latest.year:
        value = earliest.isoformat()[:7] if earliest.month == latest.month else f"{earliest.year:04}"
    return Interval(earliest, latest, Precision.INTERVAL, value)


def part(whole: Interval, first: int, last: int, of: int) -> Interval:
    """The parts ``first`` up to ``last`` (not included) of ``of`` equal ones: early, mid, late.

    Value and precision stay those of the whole.
    """
    days = (whole.latest - whole.earliest).days + 1
    start = whole.earliest + timedelta(days=days * first // of)
    end = whole.earliest + timedelta(days=days * last // of - 1)
    return Interval(start, end, whole.precision, whole.value)


def season(year_number: int, first: int, last: int) -> Interval | None:
    """A season that begins in that year, given its first and last month; it counts to the year as a whole."""
    begin, end = month(year_number, first), month(year_number + (last < first), last)
    if begin is None or end is None:
        return None
    return Interval(begin.earliest, end.latest, Precision.YEAR, f"{year_number:04}")


def add_months(moment: date, months: int) -> date | None:
    """The same day of another month, or that month's last day."""
    index = moment.year * 12 + moment.month - 1 + months
    number, month_number = index // 12, index % 12 + 1
    if not MINYEAR <= number <= MAXYEAR:
        return None
    return date(number, month_number, min(moment.day, monthrange(number, month_number)[1]))


def shift(anchor: Interval, days: int, months: int, years: int) -> Interval | None:
    """The anchor moved; the result is as exact as the coarser of the anchor and the smallest unit that it moves by."""
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
    """The less exact of two."""
    order = list(Precision)
    return max(one, other, key=order.index)


def at_precision(moment: date, precision: Precision) -> Interval | None:
    """The day, month or year that a day lies in."""
    if precision is Precision.DAY:
        return of_day(moment)
    return month(moment.year, moment.month) if precision is Precision.MONTH else year(moment.year)
