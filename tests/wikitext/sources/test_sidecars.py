"""Sidecar files."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.wikitext.sources import SourceError, read_sources
from tests.wikitext.sources.made_up_exports import titles, told


def test_a_file_and_its_sidecar(tmp_path: Path) -> None:
    (tmp_path / "a.wiki").write_text("\ufeff'''A''' is it.\r\nSo.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Text.", encoding="utf-8")
    (tmp_path / "b.meta").write_text("title: B (state)\nrevision: 12\npage_id: 3\ntimestamp: 2024-01-01T00:00:00Z\n", encoding="utf-8")
    a, b = read_sources([tmp_path / "a.wiki", tmp_path / "b.txt"])
    assert (a.title, a.wikitext, a.revision) == ("A", "'''A''' is it.\nSo.", None)
    assert (b.title, b.page_id, b.revision, b.timestamp) == ("B (state)", 3, 12, "2024-01-01T00:00:00Z")


@pytest.mark.parametrize(("line", "message"), [("colour: red", "line 1: expected one of title"), ("revision: new", "revision is 'new'")])
def test_a_sidecar_that_makes_no_sense(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "a.wiki").write_text("Text.", encoding="utf-8")
    (tmp_path / "a.meta").write_text(line, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        list(read_sources([tmp_path]))


def test_sidecars_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.meta").write_text("title: Secret", encoding="utf-8")
    (tmp_path / "in" / "a.wiki").write_text("Text.", encoding="utf-8")
    (tmp_path / "in" / "a.meta").symlink_to(tmp_path / "secret.meta")
    sources, failures = told([tmp_path / "in"])
    assert (sources, [name for name, _ in failures]) == ([], ["a.wiki"])
    assert titles(list(read_sources([tmp_path / "in" / "a.wiki"]))) == ["Secret"], "what is given itself may be put together by links"


@pytest.mark.parametrize(
    "line",
    [
        "revision: " + "9" * 5000,
        "timestamp: yesterday",
        "timestamp: 2024-02-30T00:00:00Z",
        "timestamp: 2024-01-01T00:00:00+14:30",
        "title: \x1b\x07",
    ],
)
def test_a_sidecar_with_values_out_of_bounds(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.wiki").write_text("Text.", encoding="utf-8")
    (tmp_path / "a.meta").write_text(line, encoding="utf-8")
    sources, failures = told([tmp_path])
    assert (sources, [name for name, _ in failures]) == ([], ["a.wiki"])
