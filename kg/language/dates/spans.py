"""Input and output of the date finder: a sentence's time context, and the time expressions found in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kg.facts import Interval


class Relation(StrEnum):
    """What the words around an expression say about it."""

    POINT = "point"
    SINCE = "since"
    UNTIL = "until"
    BY = "by"
    BEFORE = "before"
    AFTER = "after"
    THROUGHOUT = "throughout"
    RANGE = "range"
    AROUND = "around"
    ANCHOR = "anchor"
    """The expression only says what a neighbouring one counts from ("two days after the attack of *5 May 2010*")."""


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """``text[start:end]`` says when, prepositions left out; ``when`` is None where the context does not tell.

    ``explicit``: the words alone give the date. ``named``: the date belongs to a noun ("the *2013* accord", "a *December 2012*
    agreement") and need not be that of what is told. ``backward``: told as earlier than the rest ("the year before").
    ``future``: told as still to come ("will meet on 28 September").
    """

    start: int
    end: int
    when: Interval | None
    relation: Relation = Relation.POINT
    explicit: bool = False
    named: bool = False
    backward: bool = False
    future: bool = False


@dataclass(frozen=True, slots=True)
class TimeContext:
    """What went before a sentence.

    ``latest`` is the last date of the section's narrative so far, ``earlier`` the last one before the section began,
    ``heading`` the first and last year in the section's headings ("2008–2013"), ``references`` the days on which the
    references cited by the sentence were published, ``written`` the day of the article's revision.
    """

    latest: Interval | None = None
    earlier: Interval | None = None
    heading: tuple[int, int] | None = None
    references: tuple[date, ...] = ()
    written: date | None = None
