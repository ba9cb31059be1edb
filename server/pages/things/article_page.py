"""The page of a source article: its text as passages, with every fact marked in place, and what was not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from flask import render_template

from kg.graph.namespaces import PREFIXES
from server.execution.engine import Row
from server.pages.addresses import page_address
from server.pages.base import ask, blueprint, page_number
from server.pages.listing import link
from server.pages.paging import cursor, listed, lists, turn
from server.pages.term_display import local, quad
from server.pages.things.highlights import Highlight, Segment, marked, words_by_passage
from server.pages.things.thing import ENT, Thing

PAGE = 500


@dataclass(frozen=True, slots=True)
class ExtractedFact:
    """A fact extracted from a passage."""

    kind: str
    label: str
    href: str | None
    quad: str
    modality: str


@dataclass(frozen=True, slots=True)
class PassageLine:
    """A passage of the article: its start, its segments, and the facts extracted from it."""

    anchor: str
    href: str | None
    kind: str
    pieces: tuple[Segment, ...]
    facts: tuple[ExtractedFact, ...]


@blueprint.route("/articles")
def articles() -> str:
    """Show the articles from which the graph was built."""
    found = lists().by_label("Article", cursor())
    rows = [
        (link(row, "article", "label"), int(row.get("passages", 0)), int(row.get("events", 0)))
        for row in listed("articles-listed", "article", found)
    ]
    return render_template("articles.html", articles=rows, total=lists().count_class("Article"), turn=turn(found))


def show(subject: Thing) -> str:
    """Show the article."""
    number = page_number()
    passages = list(ask("article-passages", {"thing": subject.iri}, limit=PAGE + 1, offset=(number - 1) * PAGE))
    quads = {str(row["category"]): quad(row) for row in ask("quads")}
    facts = _facts(ask("article-facts", {"thing": subject.iri}), quads)
    words = words_by_passage(ask("article-words", {"thing": subject.iri}))
    sections = [
        (section, [_line(row, words, facts) for row in group])
        for section, group in groupby(passages[:PAGE], key=lambda row: str(row.get("section", "")))
    ]
    lines = [line for _, group in sections for line in group]
    return render_template(
        "article.html",
        thing=subject,
        sections=sections,
        read=sum(bool(line.facts) for line in lines),
        lines=len(lines),
        events=len({fact.href for line in lines for fact in line.facts if fact.kind == "Event"}),
        page=number,
        more=len(passages) > PAGE,
        url=subject.value(PREFIXES["schema"] + "url"),
        revision=subject.value(ENT + "revision"),
        licence=subject.value(PREFIXES["dcterms"] + "license"),
        linked=subject.linked_data([("isBasedOn", subject.value(PREFIXES["schema"] + "url"))]),
    )


def _facts(rows: Iterable[Row], quads: Mapping[str, str]) -> dict[str, list[ExtractedFact]]:
    """Return the facts of each passage, in order, without duplicates. ``quads`` maps categories to quad classes."""
    found: dict[str, dict[str, ExtractedFact]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: (str(row["kind"]), str(row["fact"]))):
        iri = str(row["fact"])
        kind = quads.get(str(row.get("category")), "neither")
        modality = local(row.get("modality")) or "asserted"
        found[str(row["passage"])].setdefault(iri, ExtractedFact(local(row["kind"]), str(row["label"]), page_address(iri), kind, modality))
    return {passage: list(facts.values()) for passage, facts in found.items()}


def _line(row: Row, words: Mapping[str, list[Highlight]], facts: Mapping[str, list[ExtractedFact]]) -> PassageLine:
    passage = str(row["passage"])
    return PassageLine(
        f"p{row['start']}",
        page_address(passage),
        str(row.get("kind", "sentence")),
        tuple(marked(str(row["text"]), words.get(passage, []))),
        tuple(facts.get(passage, [])),
    )
