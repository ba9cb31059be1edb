"""Time expressions found in sentences, from ``dates.toml``."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from kg.facts import Interval
from kg.language.dates import TimeContext, TimeSpan, after, calendar, find_times, in_section

CASES = tomllib.loads((Path(__file__).parent / "dates.toml").read_text(encoding="utf-8"))["case"]
FLAGS = ("explicit", "named", "backward", "future")


def interval(iso: str | None) -> Interval | None:
    if iso is None:
        return None
    parts = [int(part) for part in iso.split("-")]
    return (calendar.year, calendar.month, calendar.day)[len(parts) - 1](*parts)


def context(case: dict) -> TimeContext:
    return TimeContext(
        latest=interval(case.get("latest")),
        earlier=interval(case.get("earlier")),
        heading=tuple(case["heading"]) if "heading" in case else None,
        references=tuple(date.fromisoformat(day) for day in case.get("references", ())),
        written=date.fromisoformat(case["written"]) if "written" in case else None,
    )


def described(text: str, span: TimeSpan, expected: str) -> str:
    """Return the span in the notation of the data file, with the details that the expectation has."""
    shown = f"{text[span.start : span.end]} = {span.when.value if span.when and span.when.value else '-'}"
    if expected.count("|") >= 1:
        shown += f" | {span.when.earliest}..{span.when.latest}" if span.when else " | "
    if expected.count("|") >= 2:
        shown += f" | {' '.join([span.relation.value, *(flag for flag in FLAGS if getattr(span, flag))])}"
    return shown


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_expressions(case):
    found = find_times(case["text"], context(case))
    expected = case["times"]
    details = expected + [""] * (len(found) - len(expected))
    assert [described(case["text"], span, detail) for span, detail in zip(found, details, strict=False)] == expected


def test_relative_expressions_name_their_anchor():
    (span,) = find_times("Two days later they left.", TimeContext(latest=calendar.day(2010, 5, 3)))
    assert (span.when.value, span.when.anchor, span.when.rule) == ("2010-05-05", "2010-05-03", "offset")


def story(*sentences: str, start: TimeContext | None = None) -> list[str | None]:
    """Return the value of the last expression in each sentence of a narrative."""
    values, known = [], start or TimeContext()
    for sentence in sentences:
        spans = find_times(sentence, known)
        values.append(spans[-1].when.value if spans and spans[-1].when else None)
        known = after(known, tuple(spans))
    return values


def test_context_moves_with_the_story():
    told = story(
        "On 27 May 2012 four men were arrested.",
        "The following day a fifth was held.",
        "He was charged over an incident in 1999.",
        "Two days later he was freed.",
    )
    assert told == ["2012-05-27", "2012-05-28", "1999", "2012-05-30"]


def test_what_is_told_as_earlier_does_not_move_the_story():
    told = story(
        "On 10 October 2008 they signed.",
        "Thousands had marched on the eve of the signing; four days after it, the president left.",
    )
    assert told == ["2008-10-10", "2008-10-14"]


def test_plans_do_not_move_the_story():
    told = story("On 4 May 2020 they met.", "They will meet again on 28 June 2020.", "Three days later the fair opened.")
    assert told[2] == "2020-05-07"


def test_a_section_starts_anew_with_its_heading():
    before = TimeContext(latest=calendar.day(2016, 12, 30))
    known = in_section(before, ("Relations", "2017 train incident"))
    assert story("In January a train was stopped.", start=known) == ["2017-01"]
    assert in_section(before, ("2013–present", "Talks")).heading == (2013, 9999)
    assert in_section(before, ("Trade (2018–20)",)).heading == (2018, 2020)
    assert in_section(before, ("Background",)).heading is None
