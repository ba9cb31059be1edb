"""One happening, one node: an event that the lead, a section and a caption tell is one event with several passages.

Two tellings are taken for one only where nothing speaks against it: what is told twice by mistake is a smaller harm than two happenings
told as one.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TypeVar

from kg.extraction.events.assembly import Draft
from kg.extraction.events.governors import root
from kg.extraction.events.roles import Roles
from kg.facts import Interval, Modality, Precision

T = TypeVar("T")
ONCE = frozenset({"SECEDE", "DISSOLVE"})
"""Categories of what somebody does once in a year, if at all."""
SAYING = frozenset({"STATE", "ACCUSE", "REQUEST"})
"""Categories of words: somebody may say several things on one day."""
_MOST_COMPARED = 300
"""Events of one kind, by the same actors, that one is compared with; articles for readers have far fewer."""


def merge_tellings(drafts: list[Draft]) -> list[Draft]:
    """Drafts with those that tell the same happening in another passage put together, in the order of the first telling."""
    merged: list[Draft] = []
    alike: dict[tuple[str, frozenset[str]], _Peers] = {}
    for draft in drafts:
        if draft.when is None or not _can_be_told_again(draft):
            merged.append(draft)
            continue
        peers = alike.setdefault((root(draft.category), frozenset(draft.roles.actors)), _Peers())
        at = next((i for i in peers.near(draft.when) if is_same(merged[i], draft)), len(merged))
        if at == len(merged):
            merged.append(draft)
        else:
            merged[at] = _together(merged[at], draft)
        peers.add(at, merged[at].when or draft.when)
    return merged


class _Peers:
    """The events of one kind with the same actors, by number and by when they were, so that thousands on different days are not
    compared with one another.
    """

    def __init__(self) -> None:
        self._numbers: dict[int, None] = {}
        self._of_day: dict[str | None, list[int]] = {}
        self._vague: list[int] = []

    def add(self, number: int, when: Interval) -> None:
        """Know an event; another time where it has since been told more exactly."""
        self._numbers[number] = None
        known = self._of_day.setdefault(when.value, []) if when.precision is Precision.DAY else self._vague
        if number not in known[-_MOST_COMPARED:]:
            known.append(number)

    def near(self, when: Interval) -> list[int]:
        """The events that may be the same as one at that time, first those that were told first."""
        if when.precision is not Precision.DAY:
            return list(islice(self._numbers, _MOST_COMPARED))
        return sorted({*self._of_day.get(when.value, ())[:_MOST_COMPARED], *self._vague[:_MOST_COMPARED]})


def _can_be_told_again(draft: Draft) -> bool:
    """Whether another passage may tell the same: it goes on from no other telling, is no word, and somebody did it."""
    known = draft.modality is Modality.ASSERTED and bool(draft.roles.actors)
    return known and not draft.carried and root(draft.category) not in SAYING


def is_same(one: Draft, other: Draft) -> bool:
    """Whether two drafts of different passages tell one happening."""
    return (
        not set(one.passages) & set(other.passages)
        and _can_be_told_again(one)
        and _can_be_told_again(other)
        and root(one.category) == root(other.category)
        and set(one.roles.actors) == set(other.roles.actors)
        and _compatible(one.roles.recipients, other.roles.recipients)
        and _compatible(one.roles.about, other.roles.about)
        and _compatible(one.roles.places, other.roles.places)
        and _same_time(one, other)
    )


def _compatible(one: list[str], other: list[str]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _same_time(one: Draft, other: Draft) -> bool:
    """The same day; or, about the same thing or of a kind that happens once, a day within the other's month or year."""
    if one.when is None or other.when is None:
        return False
    if one.when.precision is other.when.precision is Precision.DAY:
        return one.when.value == other.when.value
    once = one.trigger == other.trigger and root(one.category) in ONCE
    alike = once or bool(set(one.roles.about) & set(other.roles.about))
    return alike and (_within(one.when, other.when) or _within(other.when, one.when))


def _within(inner: Interval, outer: Interval) -> bool:
    return outer.earliest <= inner.earliest and inner.latest <= outer.latest and inner.precision is not outer.precision


def _together(one: Draft, other: Draft) -> Draft:
    assert one.when is not None
    assert other.when is not None
    exact = one if (one.when.latest - one.when.earliest) <= (other.when.latest - other.when.earliest) else other
    first, second = one.roles, other.roles
    roles = Roles(
        actors=first.actors,
        recipients=_union(first.recipients, second.recipients),
        mediators=_union(first.mediators, second.mediators),
        places=_union(first.places, second.places),
        about=_union(first.about, second.about),
        amount=first.amount or second.amount,
    )
    return replace(
        one,
        roles=roles,
        when=exact.when,
        passages=(*one.passages, *other.passages),
        cites=tuple(_union(list(one.cites), list(other.cites))),
        quote=one.quote or other.quote,
        agreements=tuple(_union(list(one.agreements), list(other.agreements))),
        retold=(*one.retold, other),
    )


def _union(one: list[T], other: list[T]) -> list[T]:
    return list(dict.fromkeys([*one, *other]))
