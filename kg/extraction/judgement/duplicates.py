"""One happening, one node: an event that the lead, a section and a caption tell is one event with several passages.

Two tellings are taken for one only where nothing speaks against it: what is told twice by mistake is a smaller harm than two happenings
told as one.
"""

from __future__ import annotations

from dataclasses import replace
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


def merge_tellings(drafts: list[Draft]) -> list[Draft]:
    """Drafts with those that tell the same happening in another passage put together, in the order of the first telling."""
    merged: list[Draft] = []
    alike: dict[tuple[str, frozenset[str]], list[int]] = {}
    for draft in drafts:
        peers = alike.setdefault((root(draft.category), frozenset(draft.roles.actors)), [])
        at = next((i for i in peers if is_same(merged[i], draft)), None)
        if at is None:
            peers.append(len(merged))
            merged.append(draft)
        else:
            merged[at] = _together(merged[at], draft)
    return merged


def is_same(one: Draft, other: Draft) -> bool:
    """Whether two drafts of different passages tell one happening."""
    return (
        not set(one.passages) & set(other.passages)
        and not (one.carried or other.carried)  # what goes on from a telling is not told again
        and root(one.category) == root(other.category)
        and root(one.category) not in SAYING
        and one.modality is other.modality is Modality.ASSERTED
        and bool(one.roles.actors)
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
