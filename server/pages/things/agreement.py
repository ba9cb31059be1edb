"""The page of an agreement: its terms, what happened to it, and where the articles say so."""

from __future__ import annotations

from flask import render_template

from kg.store.index.lists import Cursor
from server.pages.listing import by_year, events
from server.pages.paging import cursor, listed, lists, turn
from server.pages.things.event import cited, evidence
from server.pages.things.thing import ENT, Thing

TERMS = (("party", "Parties"), ("signatory", "Signed by"), ("mediator", "Mediated by"), ("place", "Where"))


def show(subject: Thing) -> str:
    """The agreement's page."""
    happened = lists().facts_of(subject.iri, "Event", cursor())
    said = lists().mentions_of(subject.iri, Cursor(), size=12)
    terms = [(title, subject.links(name)) for name, title in TERMS]
    return render_template(
        "agreement.html",
        thing=subject,
        terms=[(title, found) for title, found in terms if found],
        years=by_year(events(listed("events-listed", "event", happened))),
        turn=turn(happened),
        evidence=evidence(subject),
        references=cited(subject),
        sentences=listed("passages-listed", "passage", said),
        rules=subject.values(ENT + "rule"),
        linked=subject.linked_data(
            [("legislationDate", subject.value(ENT + "date")), ("about", [p.label for p in subject.links("party")])]
        ),
    )
