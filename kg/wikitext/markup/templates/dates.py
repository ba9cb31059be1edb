"""Dates, years and ages as templates show them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from kg.wikitext.knowledge import table
from kg.wikitext.markup.templates.parameters import Arguments

_DAY_FIRST = re.compile(r"(?P<day>\d{1,2}) (?P<month>[A-Za-z]{3,9}) (?P<year>\d{3,4})", re.ASCII)
_MONTH_FIRST = re.compile(r"(?P<month>[A-Za-z]{3,9}) (?P<day>\d{1,2}),? (?P<year>\d{3,4})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")


def as_of(arguments: Arguments) -> str:
    """``{{As of|2020|March}}``: "As of March 2020"."""
    _, numbered, given = arguments
    if given.get("alt"):
        return given["alt"] + given.get("post", "")
    year, month, day = (*numbered, "", "", "")[:3]
    when = " ".join(x for x in (day, _month_name(month), year) if x)
    word = "since" if given.get("since") else "as of"
    word = "" if given.get("bare") else word if given.get("lc") else word.capitalize()
    return " ".join(x for x in (given.get("pre", ""), word, when) if x) + given.get("post", "")


def circa(arguments: Arguments) -> str:
    """``{{circa|1900}}``: "c. 1900"."""
    numbered = arguments.numbered
    return "c. " + "–".join(numbered[:2]) if numbered else "c."


def date(arguments: Arguments) -> str:
    """``{{start date|2008|2|18}}``, ``{{dts|2008-02-18}}``: "18 February 2008"; a date in words as it is."""
    numbered = arguments.numbered
    if not numbered:
        return ""
    if iso := _ISO_DATE.fullmatch(numbered[0]):
        year, month, day = iso.groups()
    elif re.fullmatch(r"\d{1,4}", numbered[0]):
        year, month, day = (*numbered, "", "")[:3]
        if len(month) > 2 and month.isdigit():
            month = day = ""  # another year
    else:
        return numbered[0]
    if month and not month.isdigit() and month.casefold() not in table("dates")["months"]:
        return month  # what is shown in place of a date that is there for sorting
    return " ".join(x for x in ((day or "").lstrip("0"), _month_name(month or ""), year) if x)


def second_date(arguments: Arguments) -> str:
    """A date behind another argument."""
    return date(arguments._replace(numbered=arguments.numbered[1:]))


def reign(arguments: Arguments) -> str:
    """``{{reign|1299|1326}}``: "r. 1299–1326"."""
    return "r. " + "–".join(arguments.numbered[:2])


def floruit(arguments: Arguments) -> str:
    """``{{fl.|1200}}``: "fl. 1200"."""
    return "fl. " + "–".join(arguments.numbered[:2])


def ordinal_or_year(arguments: Arguments) -> str:
    """``{{birth year and age|1950|5}}``: "May 1950"."""
    year, month = (*arguments.numbered, "", "")[:2]
    return " ".join(x for x in (_month_name(month), year) if x) if len(arguments.numbered) < 3 or not month.isdigit() else year


def death_year(arguments: Arguments) -> str:
    """``{{death year and age|1999|1920|5}}``: "May 1999 (aged 78–79)"."""
    year, born, month = (*arguments.numbered, "", "", "")[:3]
    shown = " ".join(x for x in (_month_name(month), year) if x)
    if not all(re.fullmatch(r"\d{3,4}", y, re.ASCII) for y in (year, born)) or int(born) >= int(year):
        return shown
    age = int(year) - int(born)
    return f"{shown} (aged {age - 1}–{age})"


def death_date(arguments: Arguments) -> str:
    """``{{death date and age|2000|1|2|1950|3|4}}``, ``{{death-date and age|2 January 2000|4 March 1950}}``: "2 January 2000 (aged 49)"."""
    shown, numbered = date(arguments), arguments.numbered
    written = [_in_words(n) for n in numbered[:2]]
    died, born = (*written, None, None)[:2] if any(written) else (_day(numbered[:3]), _day(numbered[3:6]))
    return f"{shown} (aged {_years(born, died)})" if died and born and born <= died else shown


def death_given_age(arguments: Arguments) -> str:
    """``{{death date and given age|2000|1|2|77}}``: "2 January 2000 (aged 77)"."""
    shown, age = date(arguments), "".join(arguments.numbered[3:4])
    return f"{shown} (aged {age})" if shown and age.isdecimal() else shown


def years_between(arguments: Arguments) -> str:
    """``{{age|1950|5|3|2000|5|2}}``: "49"; nothing where the second date is missing, which is then the day that it is read."""
    dates = _two_dates(arguments)
    return str(_years(*dates)) if dates else ""


def years_and_days(arguments: Arguments) -> str:
    """``{{age in years and days|2000|1|1|2001|1|3}}``: "1 year, 2 days"; nothing where the second date is missing."""
    dates = _two_dates(arguments)
    if not dates:
        return ""
    begin, end = dates
    years = _years(begin, end)
    last = begin.replace(year=begin.year + years, day=28 if (begin.month, begin.day) == (2, 29) else begin.day)
    days = (end - last).days - (begin.day - last.day)
    shown = ((years, "year"), (days, "day"))
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in shown if count or word == "day")


def _two_dates(arguments: Arguments) -> tuple[datetime.date, datetime.date] | None:
    """The dates in the first and the last three arguments, if the second is not before the first."""
    begin, end = _day(arguments.numbered[:3]), _day(arguments.numbered[3:6])
    return (begin, end) if begin and end and begin <= end else None


def _day(written: Sequence[str]) -> datetime.date | None:
    """The day whose year, month and day are written; None where they are no day."""
    numbers = [int(n) for n in written if n.isascii() and n.isdigit() and len(n) < 5]
    try:
        return datetime.date(*numbers) if len(numbers) == 3 else None
    except ValueError:
        return None


def _in_words(written: str) -> datetime.date | None:
    """The day of "4 March 1950" or "March 4, 1950"."""
    found = _DAY_FIRST.fullmatch(written) or _MONTH_FIRST.fullmatch(written)
    names = table("units")["months"]
    month = found["month"].capitalize() if found else ""
    return _day((found["year"], str(names.index(month) + 1), found["day"])) if found and month in names else None


def _years(begin: datetime.date, end: datetime.date) -> int:
    return end.year - begin.year - ((end.month, end.day) < (begin.month, begin.day))


def _month_name(month: str) -> str:
    names = table("units")["months"]
    return names[int(month) - 1] if month.isdigit() and 1 <= int(month) <= 12 else month
