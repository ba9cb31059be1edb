"""Whole articles: the seed, with every link and reference accounted for, and those annotated by hand."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

from kg.wikitext import Article, read_article
from kg.wikitext.sources import read_sources

SEEDS = Path(__file__).parents[2] / "seeds"
GOLD = {"kosovo-serbia": "seeds/kosovo-serbia-relations.wiki", "armenia-turkey": "evaluation/articles/armenia-turkey.wiki"}


@pytest.fixture(scope="module")
def seed() -> Article:
    [source] = read_sources([SEEDS])
    return read_article(source.wikitext, source.title)


def test_title_comes_from_the_text(seed: Article) -> None:
    assert seed.title == "Kosovo–Serbia relations"


def test_every_link_is_kept_or_left_out_for_a_reason(seed: Article) -> None:
    assert len(re.findall(r"\[\[", seed.wikitext)) == 164
    kept = sum(len(p.links) for p in seed.passages)
    notes = dict(seed.notes)
    reasons = {reason: n for reason, n in notes.items() if reason.startswith("link ") or reason in ("image", "category")}
    assert kept == 139
    assert reasons == {
        "category": 4,
        "image": 7,
        "link in See also": 8,
        "link in a reference": 5,
        "link in a template left out": 1,
    }
    assert kept + sum(reasons.values()) == 164
    assert len(seed.categories) == 4
    assert len(seed.see_also) == 8


def test_every_reference_is_kept(seed: Article) -> None:
    tags = [m.start() for m in re.finditer(r"<ref[ >/]", seed.wikitext)]
    assert len(tags) == 87
    assert sum(len(p.marks) for p in seed.passages) == 87
    assert {m.reference for p in seed.passages for m in p.marks} == {r.index for r in seed.references}
    assert {r.start for r in seed.references} <= set(tags)
    assert all(seed.wikitext[r.start : r.end].endswith("</ref>") for r in seed.references)
    assert all(r.url.startswith("http") for r in seed.references)


def test_each_mark_stands_in_its_sentence(seed: Article) -> None:
    for passage in seed.passages:
        assert len(re.findall(r"<ref[ >/]", seed.wikitext[passage.start : passage.end])) == len(passage.marks)


def test_nothing_is_unknown_or_broken(seed: Article) -> None:
    assert {reason.split(":")[0] for reason, _ in seed.notes} <= {
        "category", "footnote", "image", "link in See also", "link in a reference", "link in a template left out",
    }  # fmt: skip


def test_sources_give_the_same_passages_again(seed: Article) -> None:
    for passage in seed.passages:
        again = read_article(seed.wikitext[passage.start : passage.end], "T").passages
        assert " ".join(p.text for p in again) == passage.text
        assert [k.target for p in again for k in p.links] == [k.target for k in passage.links]


def test_reading_is_deterministic(seed: Article) -> None:
    assert read_article(seed.wikitext, seed.title) == seed


@pytest.mark.parametrize("name", GOLD)
def test_annotated_sentences_are_single_passages(shared: Path, name: str) -> None:
    """Every anchor of the gold files is within one passage."""
    gold = json.loads((shared / "evaluation" / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    [source] = read_sources([shared / GOLD[name]])
    assert squeeze(source.title) == squeeze(gold["article"])
    texts = [squeeze(p.text) for p in read_article(source.wikitext, source.title).passages]
    anchors = {event["anchor"] for event in gold["events"]}
    assert [a for a in sorted(anchors) if not any(squeeze(a) in text for text in texts)] == []


def squeeze(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^0-9a-z]+", "", bare.casefold().replace("đ", "d").replace("ı", "i"))
