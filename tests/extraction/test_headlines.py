"""Headlines: sentences with theirs in ``headlines.toml``, and invariants of the headlines of all annotated articles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.extraction.headlines.verb_forms import irregular_forms
from kg.facts import ArticleFacts
from kg.graph.labels import event_label
from kg.phrasing import LONGEST
from tests.extraction.conftest import parameters

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("headlines.toml").read_text(encoding="utf-8"))["case"]
TEXTS = [case["text"] for case in CASES]
OPEN_ENDED = {"a", "an", "the", "and", "or", "of", "to", "in", "on", "at", "by", "for", "from", "with", "against", "between", "as", "that"}


def headlines(facts: ArticleFacts) -> list[str]:
    names = {entity.key: entity.label for entity in facts.entities}
    return sorted({event_label(event, names) for event in facts.events})


@pytest.mark.parametrize("case", parameters("headlines", CASES))
def test_a_sentence_has_its_headlines(case: dict[str, Any], facts_of: Callable[[str], ArticleFacts]) -> None:
    assert headlines(facts_of(case["text"])) == sorted(case["headlines"])


def stem(word: str) -> str:
    return word[: max(3, len(word) - 4)]


@pytest.mark.parametrize("text", TEXTS)
def test_words_of_a_headline_are_those_of_its_sentence_or_names(text: str, facts_of: Callable[[str], ArticleFacts]) -> None:
    facts = facts_of(text)
    known = set(re.findall(r"\w+", text.lower()))
    known |= {word for entity in facts.entities for name in (entity.label, *entity.names) for word in re.findall(r"\w+", name.lower())}
    stems = {stem(word) for word in known} | {"was", "were", "did", "not", "others", "and", "the", "s"}
    lines = ["".join(wording.text for wording in event.headline) for event in facts.events]
    words = {word for line in lines for word in re.findall(r"\w+", line.lower())}
    assert {word for word in words - known if stem(word) not in stems and not is_irregular(word)} == set(), lines


def is_irregular(word: str) -> bool:
    """Return the past of an irregular verb that shares no stem with its participle ("gave" of "giving")."""
    return any(word in forms for forms in irregular_forms().values())


@pytest.mark.parametrize("text", TEXTS)
def test_lines_are_short_and_whole(text: str, facts_of: Callable[[str], ArticleFacts]) -> None:
    for line in headlines(facts_of(text)):
        bare = re.sub(r" \([^()]*\)$", "", line)
        assert len(line) <= LONGEST
        assert bare.split()[-1].lower() not in OPEN_ENDED
        assert not bare.endswith((",", ";", ":", "-", "–"))
