"""Input and output of the date finder: a sentence's time context, and the time expressions found in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kg.facts import Interval


class Relation(StrEnum):
    """The relation of an expression to the time of the event, by the words around it."""

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
    """The expression is only the anchor of a neighbouring one ("two days after the attack of *5 May 2010*")."""


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time expression ``text[start:end]``, prepositions excluded; ``when`` is None if the context does not determine it.

    ``explicit``: the words alone give the date. ``named``: the date belongs to a noun ("the *2013* accord", "a *December 2012*
    agreement") and need not be that of the event. ``backward``: earlier than the rest of the narrative ("the year before").
    ``future``: still to come ("will meet on 28 September").
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
    """The context of a sentence.

    ``latest`` is the last date of the section's narrative so far, ``earlier`` the last one before the section began, ``heading``
    the first and last year in the section's headings ("2008–2013"), ``references`` the publication dates of the references cited by
    the sentence, ``written`` the day of the article's revision.
    """

    latest: Interval | None = None
    earlier: Interval | None = None
    heading: tuple[int, int] | None = None
    references: tuple[date, ...] = ()
    written: date | None = None
