"""Sentences with the facts that they state, by category: ``cases/*.toml``, one test each.

Those in ``known-failures.toml`` are expected to fail. ``python -m tests.extraction.case_report`` prints what is wrong with each
sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from kg.facts import ArticleFacts
from tests.extraction.checking import problems
from tests.extraction.conftest import KNOWN_FAILURES, cases, parameters

CASES = list(cases())


@pytest.mark.parametrize("case", parameters("cases", (case for _, case in CASES)))
def test_a_sentence_gives_the_facts_that_it_states(case: dict[str, Any], facts_of: Callable[[str], ArticleFacts]) -> None:
    assert problems(case, facts_of(case["text"])) == []


def test_every_category_has_cases() -> None:
    codes = [event["category"] for _, case in CASES for event in case.get("events", [])]
    assert len({(code[0] if isinstance(code, list) else code).split("-")[0] for code in codes}) == 24


def test_no_sentence_stands_twice() -> None:
    assert [text for text, count in Counter(case["text"] for _, case in CASES).items() if count > 1] == []


def test_known_failures_are_cases() -> None:
    assert set(KNOWN_FAILURES["cases"]) <= {case["text"] for _, case in CASES}
