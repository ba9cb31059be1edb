"""MediaWiki's own parser tests, if available: in the folder ``PARSER_TESTS``, or in ``../shared/parsertests``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.wikitext.mediawiki import ParserTest, compare, differs, main, skipped

LEAST = 0.95


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Path:
    """Return the folder of MediaWiki's parser tests; skip if there is none."""
    named = os.environ.get("PARSER_TESTS")
    found = Path(named) if named else request.getfixturevalue("shared") / "parsertests"
    if not found.is_dir():
        pytest.skip(f"{found} is not here: it would hold tests/parser of wikimedia/parsoid, which the repository does not carry")
    return found


def test_words_and_links_agree(folder: Path) -> None:
    results = list(compare(folder))
    assert len(results) > 1000
    assert sum(not how for _, how in results) >= LEAST * len(results)


def test_what_differs_has_a_reason(folder: Path) -> None:
    assert main(folder) == 0


def case(wikitext: str, html: str, options: str = "") -> ParserTest:
    return ParserTest("made up", wikitext, html, options, "html")


@pytest.mark.parametrize(
    ("wikitext", "html"),
    [
        ("The [[Accord|accords]] of [[Niš]].", '<p>The <a href="/wiki/Accord">accords</a> of <a href="/wiki/Ni%C5%A1">Niš</a>.</p>'),
        ("A<ref>b</ref>", '<p>A<sup class="reference"><a href="#c">[1]</a></sup></p><ol class="references"><li>b</li></ol>'),
        ("{|\n! a\n|-\n| b\n|}", "<table><tr><th>a</th></tr><tr><td>b</td></tr></table>"),
    ],
)
def test_pages_that_are_alike(wikitext: str, html: str) -> None:
    assert differs(case(wikitext, html)) == ""


@pytest.mark.parametrize(
    ("html", "how"),
    [
        ("<p>Serbia left.</p>", "links more [('Serbia', 'Serbia')]"),
        ('<p><a href="/wiki/Serbia">Serbia</a> left now.</p>', "lost ['now']"),
        ('<p><a href="/wiki/Serbia">Serbia</a></p>', "more ['left']"),
        ('<p><a href="/wiki/Kosovo">Serbia</a> left.</p>', "links lost [('Serbia', 'Kosovo')]; links more [('Serbia', 'Serbia')]"),
    ],
)
def test_pages_that_differ(html: str, how: str) -> None:
    assert differs(case("[[Serbia]] left.", html)) == how


def test_what_is_not_compared() -> None:
    assert skipped(case("{{a}}", "")) == "a template or parser function"
    assert skipped(case("a", "", "language=zh")) == "an option of the tests' own wiki"
    assert skipped(case("[[a]]", "<p>a</p>")) == ""
