"""What the extraction tests share: the reader with the shipped model, and sentences read as one-sentence articles."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.extraction import extract
from kg.facts import ArticleFacts
from kg.language import LanguageReader, load
from kg.wikitext import read_article

CASES = Path(__file__).parent / "cases"


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """All cases of the data files, each with the name of its file."""
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8")).get("case", []):
            yield path.stem, case


@pytest.fixture(scope="session")
def reader() -> LanguageReader:
    return load()


@pytest.fixture(scope="session")
def facts_of(reader: LanguageReader) -> Callable[[str], ArticleFacts]:
    """Wikitext → facts."""

    def read(wikitext: str) -> ArticleFacts:
        return extract(reader.read(read_article(wikitext, "Test article")))

    return read
