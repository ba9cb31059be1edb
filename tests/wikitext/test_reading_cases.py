"""The cases in ``cases/*.toml`` and ``cases/sentences.txt``: see ``cases/README.md``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.wikitext import Article, read_article
from kg.wikitext.knowledge import template_name
from kg.wikitext.sentences import sentence_spans
from kg.wikitext.sources.page_titles import article_title

CASES = Path(__file__).parent / "cases"
CUT = " ‖ "
SEPARATOR = " ¦ "


def load(path: Path) -> list[dict[str, Any]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))["case"]


READING = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(CASES.glob("*.toml"))
    if path.stem != "titles"
    for case in load(path)
]
PARAGRAPHS = [line for line in (CASES / "sentences.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def marked(text: str, marks: list[tuple[int, int]]) -> str:
    for position, reference in reversed(marks):
        text = f"{text[:position]}[{reference}]{text[position:]}"
    return text


def references(article: Article, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the fields of the article's references that each expectation names; for a surplus one, its text."""
    found = []
    for i, reference in enumerate(article.references):
        fields = {name: getattr(reference, name) for name in reference.__slots__}
        fields |= {"authors": list(reference.authors), "source": article.wikitext[reference.start : reference.end]}
        found.append({name: fields[name] for name in (wanted[i] if i < len(wanted) else ("text",))})
    return found


def links(article: Article) -> list[list[str]]:
    spans = [(p.text[k.start : k.end], k) for p in article.passages for k in p.links]
    return [[text, k.target, k.fragment] if k.fragment else [text, k.target] for text, k in spans]


def shown(article: Article, wanted: list[str]) -> set[str]:
    """Return those of some texts that a reader of the article sees."""
    whole = SEPARATOR.join(p.text for p in article.passages)
    return {text for text in wanted if text in whole}


SEEN: dict[str, Callable[[Article, Any], Any]] = {
    "text": lambda article, _: [p.text for p in article.passages],
    "marked": lambda article, _: [marked(p.text, [(m.position, m.reference) for m in p.marks]) for p in article.passages],
    "kinds": lambda article, _: [p.kind.value for p in article.passages],
    "names": lambda article, _: [p.name for p in article.passages],
    "sections": lambda article, _: [list(p.section) for p in article.passages],
    "paragraphs": lambda article, _: [p.paragraph for p in article.passages],
    "sources": lambda article, _: [article.wikitext[p.start : p.end] for p in article.passages],
    "links": lambda article, _: links(article),
    "italics": lambda article, _: [p.text[a:b] for p in article.passages for a, b in p.italics],
    "cells": lambda article, wanted: [
        [[p.text[c.start : c.end], c.header] for c in p.cells] for p in article.passages if p.cells or [] in wanted
    ],
    "contains": lambda article, wanted: [text for text in wanted if text in shown(article, wanted)],
    "lacks": lambda article, wanted: [text for text in wanted if text not in shown(article, wanted)],
    "references": references,
    "hatnotes": lambda article, _: [[name, list(targets)] for name, targets in article.hatnotes],
    "see_also": lambda article, _: list(article.see_also),
    "categories": lambda article, _: list(article.categories),
    "infobox": lambda article, _: article.infobox and [article.infobox.template, [list(f) for f in article.infobox.fields]],
    "notes": lambda article, _: dict(article.notes),
}
"""What each key of a case is compared with, given what the case expects."""


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({p.id for p in READING}) == len(READING)


def test_no_case_meets_an_error_of_the_reader() -> None:
    notes = [note for p in READING for note, _ in read_article(p.values[0]["wikitext"], "T").notes]
    assert [note for note in notes if note.startswith("not read")] == []


@pytest.mark.parametrize("case", READING)
def test_reading(case: dict[str, Any]) -> None:
    article = read_article(case["wikitext"], "T")
    expected = {key: value for key, value in case.items() if key not in ("name", "wikitext")}
    assert expected, "a case that expects nothing"
    assert {key: SEEN[key](article, value) for key, value in expected.items()} == expected


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_sentences(paragraph: str) -> None:
    text = paragraph.replace(CUT, " ")
    assert CUT.join(text[a:b] for a, b in sentence_spans(text)) == paragraph


@pytest.mark.parametrize("case", load(CASES / "titles.toml"), ids=lambda case: case["file"])
def test_title_of_a_file(case: dict[str, str]) -> None:
    assert article_title(case["wikitext"], case["file"]) == case["title"]


def common() -> dict[str, Any]:
    """Return the calls of common templates with their texts."""
    return tomllib.loads((CASES.parent / "common_templates.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("call", common()["shown"])
def test_common_templates(call: str) -> None:
    article = read_article(f"A {call} b.", "T")
    assert SEPARATOR.join(p.text for p in article.passages) == common()["shown"][call]


def test_common_templates_are_many_and_known() -> None:
    names = {template_name(re.split(r"[|}]", call.removeprefix("{{"))[0]) for call in common()["shown"]}
    differing = [name for names in common()["differs"].values() for name in names]
    assert len(names) >= 300
    assert [name for name in differing if name not in names] == []
    assert len(set(differing)) == len(differing)
