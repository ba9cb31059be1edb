"""Events that are too uncertain are not stated, and counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kg.extraction import stated
from kg.extraction.judgement.statement import BARE, LEAST_CONFIDENCE, UNCERTAIN
from kg.facts import ArticleFacts, Modality


@pytest.fixture
def facts(facts_of: Callable[[str], ArticleFacts]) -> ArticleFacts:
    return facts_of("[[France]] recalled its ambassador from [[Italy]] on 3 March 2010. [[Spain]] praised [[Portugal]].")


def test_what_is_certain_enough_is_stated(facts: ArticleFacts) -> None:
    assert len(facts.events) == 2
    assert stated(facts) == facts


def test_what_is_not_is_counted(facts: ArticleFacts) -> None:
    first, second = facts.events
    doubtful = replace(facts, events=(replace(first, confidence=LEAST_CONFIDENCE - 0.01), second))
    assert stated(doubtful).events == (second,)
    assert dict(stated(doubtful).notes)[UNCERTAIN] == 1


def test_what_tells_of_nobody_and_no_time_is_counted(facts: ArticleFacts) -> None:
    first, second = facts.events
    bare = replace(first, actors=(), recipients=(), when=None)
    assert stated(replace(facts, events=(bare, second))).events == (second,)
    assert dict(stated(replace(facts, events=(bare, second))).notes)[BARE] == 1
    aimed = replace(second, actors=(), when=None)
    assert stated(replace(facts, events=(aimed,))).events == (aimed,)
    assert not stated(replace(facts, events=(replace(aimed, modality=Modality.FUTURE),))).events
