"""Convert dates in citations to ISO 8601."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.wikitext.knowledge import table

_DAY_FIRST = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<month>[A-Za-z]+)\.?,?\s+(?P<year>\d{4})"
_MONTH_FIRST = r"(?P<month>[A-Za-z]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
_MONTH = r"(?P<month>[A-Za-z]+)\.?,?\s+(?P<year>\d{4})"
_ISO = r"(?P<year>\d{4})(?:-(?P<number>\d{1,2})(?:-(?P<day>\d{1,2}))?)?"
_FORMS = [re.compile(form) for form in (_ISO, _DAY_FIRST, _MONTH_FIRST, _MONTH)]
_DASH = r"\s*(?:[–—/-]|&|to|and)\s*"
# Ranges of days or months, each with the year at the end only: (pattern, its first day or month)
_RANGES = [
    (re.compile(rf"(\d{{1,2}}){_DASH}\d{{1,2}}(\s+[A-Za-z]+\.?,?\s+\d{{4}})"), r"\1\2"),
    (re.compile(rf"(\d{{1,2}}\s+[A-Za-z]+\.?){_DASH}\d{{1,2}}\s+[A-Za-z]+\.?,?(\s+\d{{4}})"), r"\1\2"),
    (re.compile(rf"([A-Za-z]+\.?\s+\d{{1,2}}){_DASH}(?:[A-Za-z]+\.?\s+)?\d{{1,2}}(,?\s+\d{{4}})"), r"\1\2"),
    (re.compile(rf"([A-Za-z]+\.?){_DASH}[A-Za-z]+\.?,?(\s+\d{{4}})"), r"\1\2"),
    (re.compile(rf"((?:\d{{1,2}}\s+)?[A-Za-z]+\.?\s+\d{{4}}){_DASH}(?:\d{{1,2}}\s+)?[A-Za-z]+\.?\s+\d{{4}}"), r"\1"),
]
_IN_TEXT = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]+\.?,?\s+(?:1[5-9]|20)\d{2}\b"
    r"|\b[A-Z][a-z]+\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?(?:1[5-9]|20)\d{2}\b"
    r"|\b(?:1[5-9]|20)\d{2}\b"
)
_LONGEST = 60
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@lru_cache(maxsize=4096)
def iso_date(text: str) -> str:
    """The ISO 8601 form of a date as written in English ("19 February 2008", "March 2008"), else the text as it is.

    Of a range of days or months the first counts ("3–5 May 2010").
    """
    clean = " ".join(text.split()).strip(" .,;")
    if len(clean) > _LONGEST:
        return clean
    for form in _FORMS:
        if match := form.fullmatch(clean):
            return _iso(match.groupdict()) or clean
    for pattern, first in _RANGES:
        if match := pattern.fullmatch(clean):
            found = iso_date(match.expand(first))
            return found if found[:4].isdigit() else clean
    return clean


def _iso(found: dict[str, str | None]) -> str:
    year, day = found["year"], found.get("day")
    number, name = found.get("number"), found.get("month")
    if number is None and name is None:
        return year or ""
    month = int(number) if number else int(table("dates")["months"].get(name.casefold() if name else "", 0))
    if not 1 <= month <= 12:
        return ""
    if day is None:
        return f"{year}-{month:02}"
    return f"{year}-{month:02}-{int(day):02}" if 1 <= int(day) <= _DAYS[month - 1] else ""


def find_date(text: str) -> str:
    """Return the first full date in a text as written; else the first month or year; else an empty string."""
    found = [m.group() for m in _IN_TEXT.finditer(text)]
    readable = [(iso_date(d), d) for d in found]
    best = max((len(iso) for iso, d in readable if iso[:4].isdigit()), default=0)
    return next((d for iso, d in readable if len(iso) == best and iso[:4].isdigit()), "")
