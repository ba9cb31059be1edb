"""The page of an agreement: its terms, what happened to it, and where the articles say so."""

from __future__ import annotations

from flask import render_template

from kg.store.index.lists import Cursor
from server.pages.listing import by_year, events
from server.pages.paging import cursor, listed, lists, turn
from server.pages.things.correcting import made, offer
from server.pages.things.fact_pages import cited, evidence, source
from server.pages.things.thing import ENT, Thing

TERMS = (("party", "Parties"), ("signatory", "Signed by"), ("mediator", "Mediated by"), ("place", "Where"))


def show(subject: Thing) -> str:
    """The agreement's page."""
    happened = lists().facts_of(subject.iri, "Event", cursor())
    said = lists().mentions_of(subject.iri, Cursor(), size=12)
    terms = [(title, subject.links(name)) for name, title in TERMS]
    found = evidence(subject)
    return render_template(
        "agreement.html",
        thing=subject,
        terms=[(title, links) for title, links in terms if links],
        years=by_year(events(listed("events-listed", "event", happened))),
        turn=turn(happened),
        evidence=found,
        corrections=made(subject),
        offer=offer(subject, *source(found)),
        references=cited(subject),
        sentences=listed("passages-listed", "passage", said),
        rules=subject.values(ENT + "rule"),
        linked=subject.linked_data(
            [("legislationDate", subject.value(ENT + "date")), ("about", [p.label for p in subject.links("party")])]
        ),
    )
