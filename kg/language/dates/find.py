"""Find the time expressions of a sentence and resolve them in its context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from kg.facts import Interval
from kg.language.dates import relative, resolvers
from kg.language.dates.guards import admits, word_after, word_before
from kg.language.dates.narrative import Narrative
from kg.language.dates.patterns import Pattern, possible, quick
from kg.language.dates.spans import Relation, TimeContext, TimeSpan
from kg.language.dates.time_words import TimeWords, any_of, words

ANCHOR_REACH = 60
"""Characters after "two days after" within which the date that it counts from may be."""
FUTURE_REACH = 80
"""Characters before a date within which "will" makes it a plan."""
_CLAUSE = re.compile(r"[.;:]\s|[,(]")


@dataclass(frozen=True, slots=True)
class _KeptMatch:
    """A match that was kept: the start of its span, and its pattern."""

    start: int
    end: int
    pattern: Pattern
    match: re.Match[str]


def find_times(text: str, context: TimeContext | None = None) -> list[TimeSpan]:
    """Return the time expressions of a sentence, by position, without overlaps."""
    if not quick().search(text):
        return []
    known, story = words(), Narrative(context or TimeContext())
    found = _standing(text, known)
    taken: dict[int, TimeSpan] = {}
    for index, one in enumerate(found):
        if index in taken:
            story.told.append(taken[index])
            continue
        target = _counted_from(text, found, index)
        explained = story.told[-1].when if index and target is None and _explains(text, found[index - 1], one) else None
        if explained is not None:
            back = Narrative(TimeContext(latest=explained), aside=True, explains=True)
            span = _span(text, one, _resolve(one, known, back), known)
            story.told.append(replace(span, relation=Relation.ANCHOR, backward=True))
        elif target is not None:
            dated = _span(text, found[target], _resolve(found[target], known, story), known)
            taken[target] = replace(dated, relation=Relation.ANCHOR)
            aside = Narrative(TimeContext(latest=dated.when), aside=True) if dated.when else story
            story.told.append(_span(text, one, _resolve(one, known, aside), known))
        else:
            story.told.append(_span(text, one, _resolve(one, known, story), known))
    return story.told


def _standing(text: str, known: TimeWords) -> list[_KeptMatch]:
    """Return the matches to keep: the earliest first, of those with the same start the longest, of equals the first pattern."""
    candidates = sorted(_candidates(text, known), key=lambda item: (item[1].start(), -item[1].end(), item[0]))
    kept: list[_KeptMatch] = []
    for _, match, pattern in candidates:
        if kept and match.start() < kept[-1].end:
            continue
        lead = match.groupdict().get("lead")
        start = match.end("lead") + (len(text[match.end("lead") :]) - len(text[match.end("lead") :].lstrip())) if lead else match.start()
        kept.append(_KeptMatch(start, match.end(), pattern, match))
    return kept


def _candidates(text: str, known: TimeWords) -> Iterator[tuple[int, re.Match[str], Pattern]]:
    for rank, pattern in possible(text):
        for match in pattern.regex.finditer(text):
            if admits(pattern.rule, match, text, known):
                yield rank, match, pattern


def _counted_from(text: str, found: list[_KeptMatch], index: int) -> int | None:
    """Return the next expression, if this one counts from it: "two days after the attack of 5 May", "the eve of the 9 May parade"."""
    one = found[index]
    ends_open = one.pattern.rule in {"eve", "same-day"} or re.search(r"\b(?:after|before|prior to)$", one.match[0], re.IGNORECASE)
    if not ends_open or index + 1 >= len(found):
        return None
    following = found[index + 1]
    between = text[one.end : following.start]
    if len(between) > ANCHOR_REACH or _CLAUSE.search(between) or following.pattern.resolver in _RELATIVE:
        return None
    return index + 1


def _explains(text: str, date: _KeptMatch, one: _KeptMatch) -> bool:
    """Whether an offset tells how long after something the preceding date was: "on 22 April, five days after X had resigned"."""
    open_ended = one.pattern.rule == "offset" and re.search(r"\b(?:after|before)$", one.match[0], re.IGNORECASE)
    return bool(open_ended and date.pattern.resolver not in _RELATIVE and _BESIDE.fullmatch(text, date.end, one.start))


_BESIDE = re.compile(r"(?:,| \(| [–—]) ?(?:only |just |exactly |barely )?")
_RESOLVERS = {**resolvers.RESOLVERS, **relative.RESOLVERS}
_RELATIVE = relative.RESOLVERS.keys() - {"weekday"}
"""The resolvers of times from which no other one counts."""


def _resolve(one: _KeptMatch, known: TimeWords, story: Narrative) -> Interval | None:
    when = _RESOLVERS[one.pattern.resolver](one.match, known, story)
    return when and replace(when, rule=one.pattern.rule)


def _span(text: str, one: _KeptMatch, when: Interval | None, known: TimeWords) -> TimeSpan:
    groups = one.match.groupdict()
    return TimeSpan(
        one.start,
        one.end,
        when,
        _relation(text, one, known),
        explicit=when is not None and when.anchor is None and _is_explicit(groups),
        named=_is_named(text, one, known),
        backward=_is_backward(one, known),
        future=bool(_future(known).search(text, max(0, one.start - FUTURE_REACH), one.start)),
    )


def _is_backward(one: _KeptMatch, known: TimeWords) -> bool:
    groups = one.match.groupdict()
    way = re.sub(r"\s+", " ", (groups.get("way") or groups.get("ref") or "").lower())
    back = known.ways.get(way, known.references.get(way, 0)) < 0
    return back or one.pattern.rule == "eve" or (groups.get("late") or "").lower() == "earlier"


def _is_explicit(groups: dict[str, str | None]) -> bool:
    return bool(groups.get("y") or groups.get("y2") or groups.get("era") or groups.get("era2") or groups.get("n"))


def _is_named(text: str, one: _KeptMatch, known: TimeWords) -> bool:
    """Whether the expression belongs to a noun: "the 1999 bombing", "a December 2012 agreement", "the Torstenson War (1643–1645)"."""
    if text[max(0, one.start - 2) : one.start] == " (" and text[one.end : one.end + 1] == ")":
        return one.pattern.resolver == "year_range"
    if one.pattern.rule not in {"year", "month-year", "month", "season-year", "day-month"}:
        return False
    before, following = word_before(text, one.start).lower(), word_after(text, one.end)
    if not following or following.lower() in known.function_words or text[one.end : one.end + 1] != " ":
        return False
    if following[:1].islower():
        loose = one.pattern.rule != "day-month" and before in known.cues["open"]
        return loose or before in known.cues["articles"] or "'" in before
    if one.pattern.rule == "day-month":
        return before in known.cues["articles"]
    return before not in known.cues["closed"]


@cache
def _future(known: TimeWords) -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(known.cues['future'])}\b(?![^.;]*\b{any_of(known.cues['past'])}\b)", re.IGNORECASE)


def _relation(text: str, one: _KeptMatch, known: TimeWords) -> Relation:
    lead = one.match.groupdict().get("lead")
    if one.pattern.resolver in {"day_range", "date_range", "month_range", "year_range", "year_open"}:
        return Relation.RANGE
    if lead:
        return Relation.AROUND
    before = text[max(0, one.start - 30) : one.start]
    found = _relation_pattern(known).search(before)
    return Relation(known.relations[re.sub(r"\s+", " ", found[1].lower())]) if found else Relation.POINT


@cache
def _relation_pattern(known: TimeWords) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])({any_of(known.relations)})\s+(?:(?:the|a|an|at least)\s+)?(?:[\w]+ing\s+)?$", re.IGNORECASE)
