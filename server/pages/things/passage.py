"""The page of one sentence: where it stands, whom it names, what was read from it."""

from __future__ import annotations

from flask import render_template

from server.pages.base import ask
from server.pages.listing import Link, link
from server.pages.paging import described
from server.pages.term_display import local
from server.pages.things.highlights import marked, words_by_passage
from server.pages.things.thing import ENT, Thing


def show(subject: Thing) -> str:
    """The sentence's page."""
    articles = subject.links("inArticle")
    text = subject.value(ENT + "text")
    return render_template(
        "passage.html",
        thing=subject,
        text=text,
        pieces=marked(text, words_by_passage(described("passage-words", "passage", [subject.iri])).get(subject.iri, [])),
        sort=subject.value(ENT + "kind") or "sentence",
        article=articles[0] if articles else Link("", None),
        anchor=f"p{subject.value(ENT + 'start')}",
        section=subject.value(ENT + "section"),
        span=(subject.value(ENT + "start"), subject.value(ENT + "end")),
        mentions=subject.links("mentions"),
        facts=[(local(row["kind"]), link(row, "fact", "label")) for row in ask("facts-of-passage", {"thing": subject.iri})],
        citations=[link(row, "value", "label") for row in subject.rows if local(row["property"]) == "citation"],
    )
