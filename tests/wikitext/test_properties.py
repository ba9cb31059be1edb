"""For any text, ``read_article`` reads it, and the offsets in the result are correct."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import mwparserfromhell
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.wikitext import Article, read_article
from kg.wikitext.article import PassageKind
from kg.wikitext.markup.nodes import descend
from kg.wikitext.markup.parser import parse
from kg.wikitext.markup.repair import repair
from kg.wikitext.sentences import sentence_spans

SEED = (Path(__file__).parents[2] / "seeds" / "kosovo-serbia-relations.wiki").read_text(encoding="utf-8")
SIGNS = [
    "[[",
    "]]",
    "{{",
    "}}",
    "<ref>",
    "</ref>",
    "<ref name=a>",
    "<ref name=a/>",
    "'''",
    "''",
    "{|",
    "|}",
    "|-",
    "||",
    "|",
    "!",
    "\n",
    "\n\n",
    "\n*",
    "\n:",
    "<!--",
    "-->",
    "<nowiki>",
    "</nowiki>",
    "File:A.jpg",
    "thumb",
    "Category:B",
    "cite web",
    "efn",
    "lang",
    "=",
    "==",
    "url=http://a.example",
    "Infobox x",
    "convert",
    "sfn",
    "&nbsp;",
    "<br>",
    "<gallery>",
    "</gallery>",
    "rowspan=2",
    'colspan="3"',
    "http://b.example",
    "[",
    "]",
    "{{{",
    "}}}",
    "#REDIRECT",
    "\ue000",
    "\u200b",
    " ",
    ". ",
    '"',
    "(",
    ")",
    "Serbia",
    "signed",
    "U.S.",
    "5",
]
BOUNDED = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])

markup = st.lists(st.sampled_from(SIGNS) | st.text(max_size=3), max_size=60).map("".join)


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """Return a part of the seed article, cut, duplicated, and with markup dropped or inserted."""
    start = draw(st.integers(0, len(SEED)))
    text = SEED[start : start + draw(st.integers(0, 4000))]
    for _ in range(draw(st.integers(0, 4))):
        at, until = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        match draw(st.sampled_from(["cut", "double", "drop", "insert"])):
            case "cut":
                text = text[:at] + text[until:]
            case "double":
                text = text[:until] + text[at : min(until, at + 500)] + text[until:]
            case "drop":
                sign = draw(st.sampled_from(["[[", "]]", "{{", "}}", "<ref", "</ref>", "|", "'"]))
                text = text[:at] + text[at:].replace(sign, "", 1)
            case _:
                text = text[:at] + draw(st.sampled_from(SIGNS)) + text[at:]
    return text


def check(article: Article) -> None:
    """Check the invariants of an article."""
    assert [p.index for p in article.passages] == list(range(len(article.passages)))
    assert [r.index for r in article.references] == list(range(len(article.references)))
    for reference in article.references:
        assert 0 <= reference.start < reference.end <= len(article.wikitext)
    for passage in article.passages:
        text = passage.text
        assert text
        assert text == " ".join(text.split())
        assert 0 <= passage.start < passage.end <= len(article.wikitext)
        for spans in (passage.links, passage.cells):
            assert all(0 <= s.start < s.end <= len(text) for s in spans)
        assert list(passage.links) == sorted(passage.links, key=lambda k: k.start)
        assert all(0 <= a < b <= len(text) for a, b in passage.italics)
        assert all(0 <= m.position <= len(text) and m.reference < len(article.references) for m in passage.marks)
        assert bool(passage.cells) == (passage.kind is PassageKind.ROW)
        if passage.cells:
            assert " | ".join(text[c.start : c.end] for c in passage.cells) == text


def letters(text: str) -> Counter[str]:
    """Return the letters and digits of a text without case: those of a passage all occur in its source."""
    return Counter(c for c in text.casefold() if c.isalnum())


@BOUNDED
@given(st.text())
def test_any_text(text: str) -> None:
    check(read_article(text, "T"))


@BOUNDED
@given(markup)
def test_any_markup(text: str) -> None:
    check(read_article(text, "T"))


@BOUNDED
@given(mangled())
def test_mangled_article(text: str) -> None:
    article = read_article(text, "T")
    check(article)
    sources = [(passage.text, text[passage.start : passage.end]) for passage in article.passages]
    plain = [(shown, source) for shown, source in sources if "{{" not in re.sub("(?s)<ref.*?</ref>", "", source)]
    assert [shown for shown, source in plain if not letters(shown) <= letters(source)] == []


@BOUNDED
@given(markup | mangled())
def test_nodes_stand_where_they_say(text: str) -> None:
    text = text.replace("\0", "\ue0ff")  # which mwparserfromhell takes for the end of the text, and we do not
    code = mwparserfromhell.parse(text, skip_style_tags=True)
    assert [text[n.start : n.end] for n in descend(parse(text))] == list(written(code))


def written(code: Any) -> list[str]:
    """Return the source of each node of mwparserfromhell's own tree that ours has."""
    found = []
    for node in code.nodes:
        found.append(str(node))
        match type(node).__name__:
            case "Wikilink":
                inner = [node.text]
            case "ExternalLink" | "Heading":
                inner = [node.title]
            case "Template":
                inner = [p.value for p in node.params]
            case "Tag":
                inner = [None if node.self_closing else node.contents]
            case _:
                inner = []
        for part in inner:
            found += written(part) if part is not None else []
    return found


@BOUNDED
@given(markup | mangled())
def test_mending_only_puts_in(text: str) -> None:
    repaired = repair(text)
    assert repaired.original(0) == 0
    assert repaired.original(len(repaired.text)) == len(text)
    kept = [c for i, c in enumerate(repaired.text) if repaired.original(i + 1) > repaired.original(i)]
    assert "".join(kept) == text


@BOUNDED
@given(st.text(alphabet="aB.?! \"“”()1'…,").map(lambda t: " ".join(t.split())), st.lists(st.integers(0, 60), max_size=3))
def test_sentences_make_up_the_text(text: str, marks: list[int]) -> None:
    spans = sentence_spans(text, [m for m in marks if 0 < m <= len(text)])
    assert " ".join(text[a:b] for a, b in spans) == text
    assert all(a < b for a, b in spans)


@pytest.mark.parametrize("sign", [*SIGNS, "{|\n", "[http://a ", "{{a|b={{", '<ref name="'])
def test_deep_nesting(sign: str) -> None:
    check(read_article(sign * 300, "T"))


def test_a_line_of_equals_signs() -> None:
    """The parser recursed at each until its stack, and the process, ended."""
    check(read_article("= " * 200_000, "T"))


@pytest.mark.parametrize("text", ["{{quote||! A|source=r", "{{lit|<ref>", "{{lit|<ref><ref>people's par", "a {{lit|<ref>"])
def test_what_is_added_or_moved_has_a_place_in_the_text(text: str) -> None:
    check(read_article(text, "T"))
