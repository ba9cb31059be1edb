"""The reader's tables: each name once, in the form in which it is looked up, with valid details."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from kg.wikitext.knowledge import FOLDER, table, template_name, template_rows, template_use
from kg.wikitext.markup.templates import FUNCTIONS

ROWS = list(template_rows())


def test_every_template_stands_once() -> None:
    assert [name for name, count in Counter(name for _, name, _ in ROWS).items() if count > 1] == []


def test_names_are_written_as_they_are_looked_up() -> None:
    assert [name for _, name, _ in ROWS if template_name(name) != name] == []
    assert all(template_use(name)[0] == use for use, name, _ in ROWS)


def test_functions_exist_and_are_used() -> None:
    assert {detail for use, _, detail in ROWS if use in ("function", "harvard_text")} == set(FUNCTIONS)


@pytest.mark.parametrize("use", sorted(table("templates")))
def test_patterns_compile(use: str) -> None:
    rows = table("templates")[use]
    single = [rows.get(key) for key in ("pattern", "empty", "options", "captions")]
    for pattern in [*rows.get("patterns", ()), *(p for p in single if isinstance(p, str))]:
        re.compile(pattern)


@pytest.mark.parametrize("key", ["titles", "never", "before_number", "ambiguous", "times", "numbered"])
def test_abbreviations_are_lower_case_and_stand_once(key: str) -> None:
    words = table("sentences")[key]
    assert words == [w.lower().rstrip(".") for w in words]
    assert [w for w, count in Counter(words).items() if count > 1] == []


def test_sections_are_lower_case_and_see_also_is_left_out() -> None:
    sections = table("sections")
    assert all(name == name.lower() for names in sections.values() for name in names)
    assert set(sections["see_also"]) <= set(sections["left_out"])


def test_every_table_is_read_by_somebody() -> None:
    code = "".join(p.read_text(encoding="utf-8") for p in FOLDER.parent.rglob("*.py"))
    assert [p.stem for p in FOLDER.glob("*.toml") if f'"{p.stem}"' not in code] == []
