"""The limit on the markup that is read of a page, and what is kept of the rest."""

from __future__ import annotations

import pytest

from kg.wikitext import read_article
from kg.wikitext.article_reader import MOST_SIGNS, end_of_reading, plain_lines
from tests.wikitext.test_properties import check

LAST = "* The [[two]] ''sides'' met.\n\n"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("They met.\nThey [[met]] again.\nThey left.", 10),
        ("They [[met]] {{again}} and left", 13),
        ("They met.\nThey met again.\nThey left.\nThey", 41),
        ("* [[a", 5),
    ],
)
def test_reading_ends_before_the_line_with_one_sign_too_many(text: str, end: int) -> None:
    assert end_of_reading(text, most=3) == end


def test_plain_lines_have_no_signs() -> None:
    text = "== A ==\n\n|-\n* [[b|c]]<br> ''d''\n"
    lines = [(p.index, p.text, text[p.start : p.end]) for p in plain_lines(text, 8, 7)]
    assert lines == [(7, "b c d", "* [[b|c]]<br> ''d''")]
    assert next(plain_lines(text)).text == "A"


@pytest.fixture(scope="module")
def crowded() -> str:
    return "A [[b]].\n\n" + "&" * MOST_SIGNS + "\n" + LAST


def test_what_follows_too_much_markup_is_plain_text(crowded: str) -> None:
    article = read_article(crowded, "T")
    check(article)
    assert [(k.target, p.text) for p in article.passages for k in p.links] == [("B", "A b.")]
    assert [(p.text, crowded[p.start : p.end]) for p in article.passages[-1:]] == [("The two sides met.", LAST.strip())]
    counts = [count for note, count in article.notes if f"{MOST_SIGNS:,}" in note]
    assert counts == [len(crowded) - len("A [[b]].\n\n")]


def test_a_redirect_stays_one(crowded: str) -> None:
    assert read_article(f"#REDIRECT [[A]]\n{crowded}", "T").passages == ()
