"""The page of an agreement: its terms, what happened to it, and where the articles say so."""

from __future__ import annotations

from flask import render_template

from server.pages.base import ask
from server.pages.listing import by_year, events
from server.pages.things.correcting import made, offer
from server.pages.things.event import cited, evidence, source
from server.pages.things.thing import ENT, Thing

TERMS = (("party", "Parties"), ("signatory", "Signed by"), ("mediator", "Mediated by"), ("place", "Where"))


def show(subject: Thing) -> str:
    """The agreement's page."""
    terms = [(title, subject.links(name)) for name, title in TERMS]
    found = evidence(subject)
    return render_template(
        "agreement.html",
        thing=subject,
        terms=[(title, links) for title, links in terms if links],
        years=by_year(events(ask("events-about", {"thing": subject.iri}))),
        evidence=found,
        corrections=made(subject),
        offer=offer(subject, *source(found)),
        references=cited(subject),
        sentences=list(ask("passages-of", {"thing": subject.iri})),
        rules=subject.values(ENT + "rule"),
        linked=subject.linked_data(
            [("legislationDate", subject.value(ENT + "date")), ("about", [p.label for p in subject.links("party")])]
        ),
    )
