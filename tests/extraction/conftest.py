"""Helpers for the extraction tests: the reader with the shipped model, and sentences read as one-sentence articles."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kg.extraction import extract
from kg.facts import ArticleFacts
from kg.language import LanguageReader, load
from kg.wikitext import read_article

HERE = Path(__file__).parent
CASES = HERE / "cases"
KNOWN_FAILURES: dict[str, list[str]] = tomllib.loads((HERE / "known-failures.toml").read_text(encoding="utf-8"))


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return all cases of the data files, each with the name of its file."""
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8")).get("case", []):
            yield path.stem, case


def parameters(group: str, found: Iterable[dict[str, Any]]) -> list[Any]:
    """Return a parameter for each case; those listed in ``known-failures.toml`` are expected to fail."""
    fails = pytest.mark.xfail(strict=True, raises=AssertionError, reason=f"tests/extraction/known-failures.toml, {group}")
    listed = frozenset(KNOWN_FAILURES[group])
    return [pytest.param(case, id=case["text"][:70], marks=[fails] if case["text"] in listed else []) for case in found]


@pytest.fixture(scope="session")
def reader() -> LanguageReader:
    return load()


@pytest.fixture(scope="session")
def facts_of(reader: LanguageReader) -> Callable[[str], ArticleFacts]:
    """Return the facts of wikitext; each text is read once."""

    @cache
    def read(wikitext: str) -> ArticleFacts:
        return extract(reader.read(read_article(wikitext, "Test article")))

    return read
