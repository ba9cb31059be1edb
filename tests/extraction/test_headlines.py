"""Headlines: sentences with theirs in ``headlines.toml``, and what holds of every headline of the annotated articles."""

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
from kg.wording import LONGEST

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("headlines.toml").read_text(encoding="utf-8"))["case"]
FLOOR = 0.97
"""The share of the sentences whose headlines must come out as they stand there: a parser that learns is not right about every one."""
OPEN_ENDED = {"a", "an", "the", "and", "or", "of", "to", "in", "on", "at", "by", "for", "from", "with", "against", "between", "as", "that"}


def headlines(facts: ArticleFacts) -> list[str]:
    names = {entity.key: entity.label for entity in facts.entities}
    return sorted({event_label(event, names) for event in facts.events})


@pytest.fixture(scope="module")
def seen(facts_of: Callable[[str], ArticleFacts]) -> dict[str, ArticleFacts]:
    return {case["text"]: facts_of(case["text"]) for case in CASES}


def test_headlines_of_sentences(seen: dict[str, ArticleFacts]) -> None:
    assert len(CASES) >= 150
    wrong = {
        text: (case["headlines"], headlines(seen[text]))
        for case in CASES
        for text in [case["text"]]
        if sorted(case["headlines"]) != headlines(seen[text])
    }
    share = 1 - len(wrong) / len(CASES)
    assert share >= FLOOR, "\n".join(f"{text}\n    wanted {wanted}\n    got    {got}" for text, (wanted, got) in wrong.items())


def stem(word: str) -> str:
    return word[: max(3, len(word) - 4)]


def test_words_of_headlines_are_those_of_their_sentence_or_names(seen: dict[str, ArticleFacts]) -> None:
    for text, facts in seen.items():
        known = set(re.findall(r"\w+", text.lower()))
        known |= {word for entity in facts.entities for name in (entity.label, *entity.names) for word in re.findall(r"\w+", name.lower())}
        stems = {stem(word) for word in known} | {"was", "were", "did", "not", "others", "and", "the", "s"}
        for event in facts.events:
            line = "".join(wording.text for wording in event.headline)
            strange = [w for w in re.findall(r"\w+", line.lower()) if w not in known and stem(w) not in stems and not is_irregular(w)]
            assert not strange, f"{text}\n    {line}: {strange}"


def is_irregular(word: str) -> bool:
    """The past of an irregular verb, which shares no stem with its participle ("gave" of "giving")."""
    return any(word in forms for forms in irregular_forms().values())


def test_lines_are_short_and_whole(seen: dict[str, ArticleFacts]) -> None:
    for text, facts in seen.items():
        for line in headlines(facts):
            bare = re.sub(r" \([^()]*\)$", "", line)
            assert len(line) <= LONGEST, line
            assert bare.split()[-1].lower() not in OPEN_ENDED, f"{text}\n    {line}"
            assert not bare.endswith((",", ";", ":", "-", "–")), line
