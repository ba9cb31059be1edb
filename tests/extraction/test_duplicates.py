"""Merging reports of the same event: which are compared."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.roles import Roles
from kg.extraction.judgement import duplicates
from kg.facts import Interval, Modality, Precision


@cache
def met() -> Any:
    [token] = Doc(Vocab(), words=["met"], lemmas=["meet"], pos=["VERB"], deps=["ROOT"], heads=[0])
    return SimpleNamespace(token=token, clause=token, kind="verb", source="meet", arguments=())


def told(passage: int, day: date | None) -> EventDraft:
    when = Interval(day, day, Precision.DAY, day.isoformat()) if day else None
    return EventDraft(met(), "CONSULT", Roles(["Serbia"], ["Kosovo"]), Modality.ASSERTED, when, (passage,), ())


def test_a_day_told_again_joins_its_event() -> None:
    first, second = date(2010, 5, 3), date(2010, 5, 4)
    merged = duplicates.merge_tellings([told(0, first), told(1, second), told(2, first), told(3, None)])
    assert [d.passages for d in merged] == [(0, 2), (1,), (3,)]


def test_thousands_of_days_are_not_compared_with_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    is_same = duplicates.is_same

    def counted(one: EventDraft, other: EventDraft) -> bool:
        compared.append(one)
        return is_same(one, other)

    monkeypatch.setattr(duplicates, "is_same", counted)
    drafts = [told(i, date(1900, 1, 1) + timedelta(i // 2)) for i in range(1000)]
    drafts += [told(1000 + i, None) for i in range(1000)]
    assert len(duplicates.merge_tellings(drafts)) == 500 + 1000
    assert len(compared) <= duplicates._MOST_COMPARED * len(drafts)
