"""The page of one reference: what it is, where to read it, and the facts that rest on it."""

from __future__ import annotations

from flask import render_template

from server.pages.addresses import web_address
from server.pages.base import ask
from server.pages.listing import link
from server.pages.term_display import in_words, local
from server.pages.things.thing import ENT, Thing

TERMS = "http://purl.org/dc/terms/"


def show(subject: Thing) -> str:
    """The reference's page."""
    url = subject.value("https://schema.org/url")
    facts = [
        (local(row["kind"]), link(row, "fact", "label"), in_words(row.get("date"))) for row in ask("facts-citing", {"thing": subject.iri})
    ]
    return render_template(
        "citation.html",
        thing=subject,
        url=web_address(url),
        address=url,
        archived=web_address(subject.value(ENT + "archivedAt")),
        dead=subject.value(ENT + "dead") in ("true", "1"),
        publisher=subject.value(TERMS + "publisher"),
        publishers=[link(row, "value", "label") for row in subject.rows if str(row["property"]) == "https://schema.org/publisher"],
        authors=subject.values(TERMS + "creator"),
        issued=in_words(subject.value(TERMS + "issued")),
        accessed=in_words(subject.value(ENT + "accessed")),
        language=subject.value(TERMS + "language"),
        page=subject.value(ENT + "page"),
        written=subject.value(TERMS + "bibliographicCitation"),
        facts=facts,
    )
