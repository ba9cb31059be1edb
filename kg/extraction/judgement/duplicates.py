"""Merge reports of one event: an event reported in the lead, a section and a caption is one node with several passages.

Two reports are merged only if nothing speaks against it: an event given twice does less harm than two events merged into one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import root
from kg.extraction.events.roles import Roles
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.dependencies import clause_of
from kg.facts import Interval, Modality, Precision

T = TypeVar("T")
OWN = ("nsubj", "obj", "iobj", "obl", "xcomp", "ccomp", "advcl")
"""Relations of dependents that a coordinated verb does not share with the one before it."""
ONCE = frozenset({"SECEDE", "DISSOLVE"})
"""Categories of acts that occur at most once a year."""
SAYING = frozenset({"STATE", "ACCUSE", "REQUEST"})
"""Categories of statements: somebody may make several on one day."""
_MOST_COMPARED = 300
"""Maximum number of events of one sentence, or of one kind by the same actors, with which one is compared; real articles have far fewer."""


def merge_tellings(drafts: list[EventDraft]) -> list[EventDraft]:
    """Merge drafts that report the same event in several passages, in the order of the first report."""
    merged: list[EventDraft] = []
    drafts = _without_echoes(drafts)
    alike: dict[tuple[str, frozenset[str]], _Peers] = {}
    for draft in drafts:
        if not _can_be_told_again(draft):
            merged.append(draft)
            continue
        peers = alike.setdefault((root(draft.category), frozenset(draft.roles.actors)), _Peers())
        at = next((i for i in peers.near(draft.when) if is_same(merged[i], draft)), len(merged))
        if at == len(merged):
            merged.append(draft)
        else:
            merged[at] = _together(merged[at], draft)
        peers.add(at, merged[at].when)
    return merged


class _Peers:
    """The events of one kind with the same actors, by number and time, so that thousands on different days, or without a date, are not
    compared with one another."""

    def __init__(self) -> None:
        self._dated: dict[int, None] = {}
        self._of_day: dict[str | None, dict[int, None]] = {}
        self._vague: dict[int, None] = {}
        self._undated: dict[int, None] = {}

    def add(self, number: int, when: Interval | None) -> None:
        """Add an event; again if its time has become more precise."""
        if when is None:
            self._undated[number] = None
            return
        self._dated[number] = None
        known = self._of_day.setdefault(when.value, {}) if when.precision is Precision.DAY else self._vague
        known[number] = None

    def near(self, when: Interval | None) -> list[int]:
        """Return the events that may be the same as one at that time, in the order of their first report."""
        if when is None:
            known = [self._dated]
        elif when.precision is Precision.DAY:
            known = [self._of_day.get(when.value, {}), self._vague, self._undated]
        else:
            known = [self._dated, self._undated]
        return sorted({number for numbers in known for number in islice(numbers, _MOST_COMPARED)})


def _can_be_told_again(draft: EventDraft) -> bool:
    """Whether another passage may report the same event: the draft continues no other report, is not a statement, and has an actor."""
    known = draft.modality is Modality.ASSERTED and bool(draft.roles.actors)
    return known and not draft.carried and root(draft.category) not in SAYING


def _without_echoes(drafts: list[EventDraft]) -> list[EventDraft]:
    """Return the drafts without those that only repeat another draft of the same sentence."""
    of_passage: dict[int, list[EventDraft]] = {}
    for draft in drafts:
        of_passage.setdefault(draft.passage, []).append(draft)
    compared = [here for here in of_passage.values() if len(here) <= _MOST_COMPARED]
    echoes = {id(d) for here in compared for d in here if any(o is not d and _echoes(d, o) for o in here)}
    return [d for d in drafts if id(d) not in echoes]


def _echoes(one: EventDraft, other: EventDraft) -> bool:
    """Whether one draft of a sentence only repeats another: the noun that a verb takes up ("was met with protest"), a coordinated verb
    without dependents of its own ("were demolished or vandalised"), the same talks held again."""
    token, verb = one.predicate.token, one.predicate.clause
    roles, others = one.roles, other.roles
    alike = roles.actors == others.actors and set(roles.recipients) <= set(others.recipients) and one.modality is other.modality
    asked = one.predicate.kind == "noun" and lemma(token) in other.predicate.source
    if asked and alike and any(a.token == token for a in other.predicate.arguments):
        return other.predicate.kind != "noun"
    if root(one.category) != root(other.category):
        return False
    inside = clause_of(verb.head) == other.predicate.clause and token.i > other.predicate.token.i
    same = not roles.actors or roles.actors == others.actors
    if verb.tag_ == "VBG" and verb.dep_ in ("acl", "advcl") and inside and same and one.category in (other.category, root(other.category)):
        return set(roles.recipients) <= set(others.recipients)  # "filed a request seeking an opinion"
    if one.modality is not other.modality:
        return False
    if verb.dep_ == "conj" and verb.head == other.predicate.clause and alike and roles.recipients == others.recipients:
        return not any(c.dep_.startswith(OWN) for c in verb.children) and one.when == other.when
    if root(one.category) != "CONSULT" or token.i < other.predicate.token.i:
        return False
    hosted = verb.dep_ == "acl" and verb.head == token and token.head == other.predicate.clause  # "met for talks hosted by X"
    again = set(roles.actors) == set(others.actors) and one.when == other.when and roles.places in ([], others.places)
    return hosted or (bool(roles.actors) and again and bool(_nouns(one) & _nouns(other)))


def _nouns(draft: EventDraft) -> set[str]:
    """Return the nouns by which a sentence reports an event: its own word, or what its verb begins, holds or ends."""
    words = [draft.predicate.token, *(c for c in draft.predicate.clause.children if c.dep_ in ("nsubj", "nsubj:pass", "obj"))]
    return {lemma(t) for t in words if t.pos_ == "NOUN"}


def is_same(one: EventDraft, other: EventDraft) -> bool:
    """Whether two drafts of different passages report the same event."""
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


def _same_time(one: EventDraft, other: EventDraft) -> bool:
    """Whether the times agree: the same day; or, on the same topic or in a category that occurs once, a day within the other's month
    or year."""
    if one.when is None or other.when is None:
        return (one.when or other.when) is not None and (_is_once(one, other) or _concludes_same(one, other))
    if one.when.precision is other.when.precision is Precision.DAY:
        return one.when.value == other.when.value
    alike = _is_once(one, other) or bool(set(one.roles.about) & set(other.roles.about))
    return alike and (_within(one.when, other.when) or _within(other.when, one.when))


def _is_once(one: EventDraft, other: EventDraft) -> bool:
    return one.trigger == other.trigger and root(one.category) in ONCE


def _concludes_same(one: EventDraft, other: EventDraft) -> bool:
    """Whether one is a mere mention, without a time, of the agreement that the other concludes ("after the deal reached in CITY")."""
    mention, told = (one, other) if one.when is None else (other, one)
    named = (
        mention.predicate.token.pos_ == "NOUN" and root(one.category) == "AGREE" and mention.predicate.clause.dep_ in ("acl", "acl:relcl")
    )
    return named and bool(set(mention.roles.about) & set(told.roles.about))


def _within(inner: Interval, outer: Interval) -> bool:
    return outer.earliest <= inner.earliest and inner.latest <= outer.latest and inner.precision is not outer.precision


def _together(one: EventDraft, other: EventDraft) -> EventDraft:
    exact = min((d for d in (one, other) if d.when is not None), key=lambda d: _length(d.when))
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


def _length(when: Interval | None) -> timedelta:
    return when.latest - when.earliest if when is not None else timedelta.max


def _union(one: list[T], other: list[T]) -> list[T]:
    return list(dict.fromkeys([*one, *other]))
