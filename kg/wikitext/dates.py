"""Dates as citations write them, to ISO 8601."""

from __future__ import annotations

import re

from kg.wikitext.knowledge import table

_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([A-Za-z]+)\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MONTH = re.compile(r"([A-Za-z]+)\.?,?\s+(\d{4})")
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def iso_date(text: str) -> str:
    """The ISO 8601 form of a date as written in English ("19 February 2008", "March 2008"), else the text as it is."""
    clean = re.sub(r"\s+", " ", text).strip(" .,;")
    if match := _ISO.fullmatch(clean):
        return match.group()
    if match := _DAY_FIRST.fullmatch(clean):
        return _day(match.group(3), match.group(2), match.group(1)) or clean
    if match := _MONTH_FIRST.fullmatch(clean):
        return _day(match.group(3), match.group(1), match.group(2)) or clean
    if (match := _MONTH.fullmatch(clean)) and (month := _month(match.group(1))):
        return f"{match.group(2)}-{month:02}"
    return clean


def _day(year: str, name: str, day: str) -> str:
    month = _month(name)
    if not month or not 1 <= int(day) <= _DAYS[month - 1]:
        return ""
    return f"{year}-{month:02}-{int(day):02}"


def _month(name: str) -> int:
    return int(table("dates")["months"].get(name.casefold(), 0))
