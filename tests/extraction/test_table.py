"""The frames table as data: every row is valid, every PropBank roleset is decided exactly once, errors give their location."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from kg.extraction.frames.table import FOLDER, SUPPORT, FrameTable, Row, load_none, load_table
from kg.extraction.frames.vocabulary import LexiconError
from tests.conftest import ROOT, SHARED

ROLESETS = SHARED / "corpora" / "propbank" / "rolesets.tsv"
TABLE = load_table()
ROWS = sorted({row for rows in TABLE.rows.values() for row in rows}, key=lambda row: row.source)


def test_every_roleset_of_propbank_is_decided_once() -> None:
    if not ROLESETS.is_file():
        pytest.skip("needs PropBank's rolesets in ../shared")
    with ROLESETS.open(encoding="utf-8") as lines:
        known = {row["roleset"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
    none = load_none()
    assert set(TABLE.rows) | none == known
    assert not set(TABLE.rows) & none


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.source)
def test_a_row_has_a_known_category_and_an_example(row: Row) -> None:
    categories = set(re.findall(r'skos:notation "([A-Za-z-]+)"', (ROOT / "ontology" / "categories.ttl").read_text(encoding="utf-8")))
    assert row.category in categories | set(SUPPORT)
    assert row.example.endswith(".")
    assert len(set(row.rolesets)) == len(row.rolesets)


def test_classes_of_nouns_are_filled_from_wordnet() -> None:
    sizes = Counter(name for names in TABLE.nouns.values() for name in names)
    assert 40 <= len(sizes) <= 90
    assert {"accord", "treaty"} <= {noun for noun, names in TABLE.nouns.items() if "agreement" in names}


def test_the_row_that_asks_for_most_comes_first() -> None:
    for rows in TABLE.rows.values():
        assert [r.specificity for r in rows] == sorted((r.specificity for r in rows), reverse=True)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("attack.01\tASSAULT\thit\t", "five fields"),
        ("attack.01\tASSAULT\tstrike\t\tX attacked Y.", "unknown frame"),
        ("attack.01\tASSAULT\thit 1=victim\t\tX attacked Y.", "unknown role"),
        ("attack.01\tASSAULT\thit zero=actor\t\tX attacked Y.", "unknown position"),
        ("attack.01\tASSAULT\thit\t1:#Country\tX attacked Y.", "unknown kind"),
        ("attack.01\tASSAULT\thit\t1 law\tX attacked Y.", "cannot read"),
    ],
)
def test_a_mistake_says_where_it_is(tmp_path: Path, line: str, what: str) -> None:
    with pytest.raises(LexiconError, match=what) as error:
        _with_table(tmp_path, line)
    assert error.value.file == "wrong.tsv"
    assert error.value.entry == "line 1"


def test_a_folder_without_rows_is_refused(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "patterns.toml", tmp_path)
    with pytest.raises(LexiconError, match="no frames here"):
        load_table(tmp_path)


def _with_table(folder: Path, line: str) -> FrameTable:
    for name in ("patterns.toml", "nouns.txt"):
        shutil.copy(FOLDER / name, folder)
    (folder / "table").mkdir()
    (folder / "table" / "wrong.tsv").write_text(line + "\n", encoding="utf-8")
    return load_table(folder)
