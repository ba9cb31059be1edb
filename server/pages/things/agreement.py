"""The page of an agreement: its terms, what happened to it, and where the articles say so."""

from __future__ import annotations

from flask import render_template

from server.pages.base import ask
from server.pages.listing import by_year, events
from server.pages.things.event import cited, evidence
from server.pages.things.thing import ENT, Thing

TERMS = (("party", "Parties"), ("signatory", "Signed by"), ("mediator", "Mediated by"), ("place", "Where"))


def show(subject: Thing) -> str:
    """The agreement's page."""
    terms = [(title, subject.links(name)) for name, title in TERMS]
    return render_template(
        "agreement.html",
        thing=subject,
        terms=[(title, found) for title, found in terms if found],
        years=by_year(events(ask("events-about", {"thing": subject.iri}))),
        evidence=evidence(subject),
        references=cited(subject),
        sentences=list(ask("passages-of", {"thing": subject.iri})),
        rules=subject.values(ENT + "rule"),
        linked=subject.linked_data(
            [("legislationDate", subject.value(ENT + "date")), ("about", [p.label for p in subject.links("party")])]
        ),
    )
