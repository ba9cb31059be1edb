"""Pages of MediaWiki exports."""

from __future__ import annotations

import bz2
import gc
import tracemalloc
from pathlib import Path

import pytest

from kg.wikitext.sources import read_sources
from tests.wikitext.sources.made_up_exports import HEAD, page, titles, told


def test_the_newest_of_several_revisions_counts(tmp_path: Path) -> None:
    revision = "<revision><id>{0}</id><timestamp>2024-01-0{0}T00:00:00Z</timestamp><text>Text {0}.</text></revision>"
    history = "".join(revision.format(i) for i in (2, 3, 1))
    (tmp_path / "h.xml").write_text(f"{HEAD}<page><title>H</title><ns>0</ns><id>1</id>{history}</page></mediawiki>", encoding="utf-8")
    [source] = read_sources([tmp_path])
    assert (source.wikitext, source.revision) == ("Text 3.", 3)


def test_memory_stays_flat(tmp_path: Path) -> None:
    """Ten times as many pages need no more memory."""
    peaks = []
    for count in (20, 200):
        path = tmp_path / f"{count}.xml"
        path.write_text(HEAD + "".join(page(i, f"P{i}", "Some [[text]]. " * 1500) for i in range(count)) + "</mediawiki>", encoding="utf-8")
        assert sum(1 for _ in read_sources([path])) == count  # data read once and kept, such as tables, is no growth
        gc.collect()
        tracemalloc.start()
        assert sum(1 for _ in read_sources([path])) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


@pytest.mark.parametrize(
    ("revision", "reason"),
    [
        ('<text bytes="345" deleted="deleted"/>', "its text was deleted"),
        ('<text bytes="345" location="tt:1" id="1"/>', "a stub"),
        ('<text bytes="0" />', "it has no text"),
        (f"<id>{'9' * 5000}</id><text>Text.</text>", "revision is not a number"),
    ],
)
def test_pages_that_cannot_be_read_are_told(tmp_path: Path, revision: str, reason: str) -> None:
    one = f"<page><title>One</title><ns>0</ns><id>1</id><revision>{revision}</revision></page>"
    (tmp_path / "s.xml").write_text(f"{HEAD}{one}{page(2, 'Two', 'Text.')}</mediawiki>", encoding="utf-8")
    sources, failures = told([tmp_path])
    assert titles(sources) == ["Two"]
    assert [(name, reason in why) for name, why in failures] == [("One", True)]


def test_a_page_longer_than_any_wiki_saves_is_told_and_not_kept(tmp_path: Path) -> None:
    long = page(1, "Long", "word " * (2 << 20))
    (tmp_path / "l.xml.bz2").write_bytes(bz2.compress(f"{HEAD}{long}{page(2, 'Two', 'Text.')}</mediawiki>".encode()))
    sources, failures = told([tmp_path])
    assert titles(sources) == ["Two"]
    assert [(name, "million characters" in why) for name, why in failures] == [("Long", True)]


def test_a_dump_without_namespace_numbers(tmp_path: Path) -> None:
    names = ("One", "Talk:One", "File:A.jpg", "Mission: B")
    pages = "".join(page(i, title, "Text.").replace("<ns>0</ns>", "") for i, title in enumerate(names))
    (tmp_path / "o.xml").write_text(f"{HEAD}{pages}</mediawiki>", encoding="utf-8")
    assert titles(list(read_sources([tmp_path]))) == ["One", "Mission: B"]


@pytest.mark.parametrize("word", ["REDIRECT", "redirect", "WEITERLEITUNG", "REDIRECTION", "Перенаправление"])
def test_a_redirect_without_its_element(tmp_path: Path, word: str) -> None:
    pages = page(1, "P", "A [[A]].") + page(2, "A", f"#{word} [[Frankreich]]")
    (tmp_path / "r.xml").write_text(f"{HEAD}{pages}</mediawiki>", encoding="utf-8")
    [source] = read_sources([tmp_path])
    assert source.redirects == (("A", "Frankreich"),)


def test_titles_hold_no_control_characters(tmp_path: Path) -> None:
    (tmp_path / "a%1b%5b31mb.wiki").write_text("Text.", encoding="utf-8")
    (tmp_path / "%0a.wiki").write_text("Text.", encoding="utf-8")
    sources, failures = told([tmp_path])
    assert titles(sources) == ["A [31mb"]
    assert [name for name, _ in failures] == ["%0a.wiki"]


def test_a_timestamp_of_a_dump_is_one_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(f"{HEAD}{page(1, 'A', 'Text.')}</mediawiki>".replace("2024-01-02T", "2024-13-02T"), encoding="utf-8")
    [source] = read_sources([tmp_path])
    assert source.timestamp == ""
