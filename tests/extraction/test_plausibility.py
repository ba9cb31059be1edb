from __future__ import annotations

from collections.abc import Callable

import pytest

from kg.extraction.judgement.plausibility import constraints
from kg.facts import ArticleFacts
from kg.graph.namespaces import CAT

CASES = [
    ("The police of [[Malta]] arrested [[Malta]] and [[John Camilleri]].", "arrest", ["John Camilleri"]),
    ("[[Peru]] recalled its ambassador, [[Hugo Otero]], from [[Ecuador]] in 1991.", "recall", ["Ecuador"]),
    ("[[Iraq]] invaded [[Kuwait]] on 2 August 1990.", "invade", ["Kuwait"]),
]


@pytest.mark.parametrize(("text", "trigger", "recipients"), CASES, ids=[case[0] for case in CASES])
def test_who_cannot_take_part_does_not(text: str, trigger: str, recipients: list[str], facts_of: Callable[[str], ArticleFacts]) -> None:
    events = [e for e in facts_of(text).events if e.trigger == trigger]
    assert [list(e.recipients) for e in events] == [recipients]


def test_rows_name_categories_that_there_are_and_say_why() -> None:
    for row in constraints():
        assert all(code == "*" or code in CAT for code in row.categories | row.unless)
        assert row.reason
        assert bool(row.kinds) == (row.fault == "kind")
