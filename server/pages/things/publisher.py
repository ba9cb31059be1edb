"""The page of a publisher: its references in the articles, and the events that cite them."""

from __future__ import annotations

from flask import render_template, url_for

from server.pages.addresses import web_address
from server.pages.base import ask
from server.pages.listing import link
from server.pages.term_display import in_words
from server.pages.things.thing import Thing

MOST = 300
"""References and events listed; the tables have all."""


def show(subject: Thing) -> str:
    """Show a publisher."""
    works = list(ask("publisher-works", {"thing": subject.iri}, limit=MOST + 1))
    events = list(ask("publisher-events", {"thing": subject.iri}, limit=MOST + 1))
    return render_template(
        "publisher.html",
        thing=subject,
        site=web_address(subject.value("https://schema.org/url")),
        works=[(link(row, "citation", "label"), in_words(row.get("issued"))) for row in works[:MOST]],
        events=[(link(row, "event", "label"), in_words(row.get("date"))) for row in events[:MOST]],
        more_works=len(works) > MOST,
        more_events=len(events) > MOST,
        query=url_for("pages.query", name="events-by-publisher", publisher=subject.iri),
        table=url_for("pages.download", name="events-by-publisher", ending="csv", publisher=subject.iri),
    )
