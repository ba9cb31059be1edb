"""Tests of what tells bibliographic entries from prose."""

import re
import tomllib
from pathlib import Path

import pytest

from kg.wikitext import read_article
from kg.wikitext.bibliography import is_bibliographic
from kg.wikitext.knowledge import table

CASES = tomllib.loads(Path(__file__).with_name("bibliography.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", CASES["entries"])
def test_an_entry_is_recognised(text: str) -> None:
    assert is_bibliographic(text)


@pytest.mark.parametrize("text", CASES["prose"])
def test_prose_is_kept(text: str) -> None:
    assert not is_bibliographic(text)


def test_entries_are_left_out_and_counted() -> None:
    article = read_article(f"Peru signed the treaty in 1929.\n\n{CASES['entries'][0]}\n\nChile ratified it.", "Treaty")
    assert [p.text for p in article.passages] == ["Peru signed the treaty in 1929.", "Chile ratified it."]
    assert dict(article.notes)["bibliographic entry left out"] == 1


def test_a_sign_is_only_in_texts_that_hold_what_it_says() -> None:
    rows = table("bibliography")
    texts = [line for text in (*CASES["entries"], *CASES["prose"]) for line in (text, *text.split(". "))]
    missed = [
        (name, text)
        for name, pattern in rows["sign"].items()
        for text in texts
        if re.search(pattern, text) and not any(held in text for held in rows["holds"][name])
    ]
    assert missed == []
    assert all(any(re.search(pattern, text) for text in texts) for pattern in rows["sign"].values())
