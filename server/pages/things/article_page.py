"""The page of a source article: its text as passages, every fact marked in its place, and what was not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from flask import render_template

from server.execution.engine import Row
from server.pages.addresses import page_address
from server.pages.base import ask, blueprint, page_number
from server.pages.listing import link
from server.pages.paging import cursor, described, listed, lists, turn
from server.pages.term_display import local, quad
from server.pages.things.evidence import Name, Piece, marked
from server.pages.things.thing import ENT, Thing

PAGE = 500


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact read from a passage."""

    kind: str
    label: str
    href: str | None
    quad: str
    modality: str


@dataclass(frozen=True, slots=True)
class Line:
    """A passage of the article: where it starts, its pieces, and the facts read from it."""

    anchor: str
    href: str | None
    kind: str
    pieces: tuple[Piece, ...]
    facts: tuple[Fact, ...]


@blueprint.route("/articles")
def articles() -> str:
    """The articles that the graph was built from."""
    found = lists().by_label("Article", cursor())
    rows = [
        (link(row, "article", "label"), int(row.get("passages", 0)), int(row.get("events", 0)))
        for row in listed("articles-listed", "article", found)
    ]
    return render_template("articles.html", articles=rows, total=lists().count_class("Article"), turn=turn(found))


def show(subject: Thing) -> str:
    """The article's page."""
    number = page_number()
    passages = list(ask("article-passages", {"thing": subject.iri}, limit=PAGE + 1, offset=(number - 1) * PAGE))
    quads = {str(row["category"]): quad(row) for row in ask("quads")}
    facts = _facts(ask("article-facts", {"thing": subject.iri}), quads)
    names = _names(subject)
    sections = [
        (section, [_line(row, names, facts) for row in group])
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
        url=subject.value("https://schema.org/url"),
        revision=subject.value(ENT + "revision"),
        licence=subject.value("http://purl.org/dc/terms/license"),
        linked=subject.linked_data([("isBasedOn", subject.value("https://schema.org/url"))]),
    )


def _names(subject: Thing) -> dict[str, list[Name]]:
    """By passage, the forms under which it may mention what it mentions."""
    mentions = ask("article-mentions", {"thing": subject.iri})
    forms: dict[str, dict[str, Name]] = defaultdict(dict)
    for row in described("names-listed", "entity", sorted({str(row["entity"]) for row in mentions})):
        iri, form = str(row["entity"]), str(row["name"])
        forms[iri].setdefault(form, Name(form, iri, str(row["label"])))
    found: dict[str, list[Name]] = defaultdict(list)
    for row in mentions:
        found[str(row["passage"])] += forms[str(row["entity"])].values()
    return found


def _facts(rows: Iterable[Row], quads: Mapping[str, str]) -> dict[str, list[tuple[Fact, str]]]:
    """By passage, its facts with their triggers, in order; each fact once. ``quads`` maps categories to quad classes."""
    found: dict[str, dict[str, tuple[Fact, str]]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: (str(row["kind"]), str(row["fact"]))):
        iri = str(row["fact"])
        kind = quads.get(str(row.get("category")), "neither")
        modality = local(row.get("modality")) or "asserted"
        fact = Fact(local(row["kind"]), str(row["label"]), page_address(iri), kind, modality)
        found[str(row["passage"])].setdefault(iri, (fact, str(row.get("trigger", ""))))
    return {passage: list(facts.values()) for passage, facts in found.items()}


def _line(row: Row, names: dict[str, list[Name]], facts: dict[str, list[tuple[Fact, str]]]) -> Line:
    passage = str(row["passage"])
    read = facts.get(passage, [])
    pieces = marked(str(row["text"]), names.get(passage, []), [trigger for _, trigger in read if trigger])
    return Line(
        f"p{row['start']}",
        page_address(passage),
        str(row.get("kind", "sentence")),
        tuple(pieces),
        tuple(fact for fact, _ in read),
    )
