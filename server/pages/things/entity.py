"""The page of a state, person, institution, place, office or named event."""

from __future__ import annotations

from flask import render_template, request, url_for
from rdflib import Literal

from server.execution.engine import Row
from server.pages.base import Values, ask, count, page_number
from server.pages.listing import agreements, by_year, chart_of_years, events, link, tenures
from server.pages.rendering import local
from server.pages.things.correcting import made, offer
from server.pages.things.evidence import Name, Piece, marked
from server.pages.things.thing import Thing
from server.protocol.problems import Problem

PAGE = 100


def show(subject: Thing) -> str:
    """Everything about an entity on one page: who it is, its events by year, its agreements, offices, counterparts, and sentences."""
    first, last = _year("from", "01-01"), _year("to", "12-31")
    period: Values = {"from": first, "to": last}
    number = page_number()
    total = count("events-count", {"thing": subject.iri, **period})
    items = events(ask("events-of", {"thing": subject.iri, **period}, PAGE, (number - 1) * PAGE))
    mentions = count("passages-count", {"thing": subject.iri})
    names = [Name(name, subject.iri, subject.label) for name in (subject.label, *subject.other_names)]
    sentences = [(row, marked(str(row["text"]), names)) for row in ask("passages-of", {"thing": subject.iri})]
    return render_template(
        "entity.html",
        thing=subject,
        chart=chart_of_years(ask("years-of", {"thing": subject.iri})),
        years=by_year(items),
        total=total,
        page=number,
        pages=max(1, -(-total // PAGE)),
        period={"from": request.args.get("from", ""), "to": request.args.get("to", "")},
        agreements=agreements(ask("agreements-of", {"thing": subject.iri})),
        tenures=tenures(ask("offices-of", {"thing": subject.iri})),
        counterparts=_counterparts(subject),
        neighbours=[(link(row, "one"), link(row, "other"), int(row["events"])) for row in ask("neighbours", {"thing": subject.iri})],
        belongings=_belongings(subject),
        sentences=sentences,
        mentions=mentions,
        corrections=made(subject),
        offer=offer(subject, *_source(sentences)),
        country=subject.links("country") + subject.links("organization"),
    )


def _source(sentences: list[tuple[Row, list[Piece]]]) -> tuple[str, str]:
    """The article and the text of the first sentence that names an entity."""
    row: Row = sentences[0][0] if sentences else {}
    return str(row.get("articleLabel", "")), str(row.get("text", ""))


def _year(name: str, day: str) -> Literal | None:
    """``?from=`` and ``?to=`` of the request: a year."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Problem(400, f"{text[:20]!r} is not a year.", "Write a year with four digits, such as 2008.")
    return Literal(f"{text}-{day}", datatype="http://www.w3.org/2001/XMLSchema#date")


def _counterparts(subject: Thing) -> list[tuple[object, int, int, str]]:
    """Who takes part in the same events: name, events, conflict among them, and the page of the two."""
    return [
        (
            link(row, "other", "label"),
            int(row["events"]),
            int(row["conflict"]),
            url_for("pages.dyad", one=subject.iri, other=str(row["other"])),
        )
        for row in ask("counterparts", {"thing": subject.iri})
    ]


def _belongings(subject: Thing) -> dict[str, list[object]]:
    """What belongs to a state or body, by class."""
    if not subject.types & {"State", "Institution"}:
        return {}
    found: dict[str, list[object]] = {}
    for row in ask("belongs-to", {"thing": subject.iri}):
        found.setdefault(local(row["kind"]), []).append(link(row, "thing", "label"))
    return found
