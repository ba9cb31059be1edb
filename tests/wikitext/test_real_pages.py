"""Real pages, where they are at hand: no failure, no markup in any passage, short citations tied.

``REAL_PAGES`` names a folder of them, or they lie in ``../shared/pages``: of GitHub's ``spencermountain/wtf_wikipedia`` the folder
``tests/cache``, of ``piskvorky/gensim`` the dumps in ``gensim/test/test_data``, of ``dbpedia/extraction-framework`` the minidump ``en``.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from kg.wikitext import read_article
from kg.wikitext.article_reader import MOST_SIGNS
from kg.wikitext.sources import Source
from tests.wikitext.real_pages import PageTally, articles, failures, signs, with_markup

LEAST_TIED = 0.98


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> PageTally:
    """What is seen of all pages at hand; skips where there are none."""
    named = os.environ.get("REAL_PAGES")
    folder = Path(named) if named else request.getfixturevalue("shared") / "pages"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here: it would hold pages of others that the repository does not carry")
    found = PageTally()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        for source in articles(path):
            found.add(source)
    return found


def test_no_page_fails(tally: PageTally) -> None:
    assert tally.pages > 0
    assert tally.failures == []


def test_no_passage_holds_markup(tally: PageTally) -> None:
    assert tally.markup == []


def test_short_citations_are_tied(tally: PageTally) -> None:
    assert tally.short - len(tally.untied) >= LEAST_TIED * tally.short


def test_no_page_comes_near_the_most_signs(tally: PageTally) -> None:
    assert tally.signs < MOST_SIGNS / 5


def test_no_evaluation_article_comes_near_the_most_signs(shared: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for name in ("articles", "real") for path in (shared / "evaluation" / name).glob("*.[tw]*")]
    assert texts
    assert max(map(signs, texts)) < MOST_SIGNS / 5


def test_markup_would_be_seen() -> None:
    shown = ["{{cite}}", "[[A]]", "|thumb|b", 'colspan="2" a', "<ref>a", "&nbsp;b", "__TOC__"]
    article = read_article("\n\n".join(f"They met {i}." for i in range(len(shown))), "T")
    assert list(failures(article)) == []
    assert list(with_markup(article)) == []
    with_text = zip(article.passages, shown, strict=True)
    broken = replace(article, passages=tuple(replace(passage, text=text) for passage, text in with_text))
    assert len(list(with_markup(broken))) == len(shown)


def test_a_tally_counts_short_citations() -> None:
    tally = PageTally()
    text = "A.{{sfn|Bell|1999}} B.{{sfn|Hope|2001}}\n\n== Sources ==\n* {{cite book|last=Bell|year=1999|title=One}}"
    tally.add(Source("T", text, Path("t.wiki")))
    assert (tally.pages, tally.short, tally.untied) == (1, 2, ["T"])
