"""The page of a state, person, institution, place, office or named event."""

from __future__ import annotations

from flask import render_template, url_for

from kg.store.index.lists import Lists
from server.execution.engine import Row
from server.pages import facets
from server.pages.addresses import page_address
from server.pages.base import ask
from server.pages.canned.charts import year_chart
from server.pages.listing import ListedLink, agreements, by_year, events, link, tenures
from server.pages.paging import cursor, described, listed, lists, turn
from server.pages.term_display import local
from server.pages.things.correcting import made, offer
from server.pages.things.highlights import Segment, marked, names_by_passage
from server.pages.things.thing import Thing

MOST_COUNTERPARTS = 25
MOST_LINKS = 80
SENTENCES = 12
"""Sentences on a page: each is shown with its names marked, for which the graph is queried too."""


def show(subject: Thing) -> str:
    """Show an entity: description, events by year, agreements, offices, counterparts, and sentences."""
    index = lists()
    wanted = facets.asked_for()
    happened = index.facts_of(subject.iri, "Event", cursor(), wanted)
    agreed = index.facts_of(subject.iri, "Agreement", cursor("agreements"))
    said = index.mentions_of(subject.iri, cursor("sentences"), SENTENCES)
    total, mentions = index.totals(subject.iri)
    words = names_by_passage(listed("passage-names", "passage", said))
    sentences = [(row, marked(str(row["text"]), words.get(str(row["passage"]), []))) for row in listed("passages-listed", "passage", said)]
    years = index.years(subject.iri)
    counterparts = index.counterparts(subject.iri, MOST_COUNTERPARTS)
    return render_template(
        "entity.html",
        thing=subject,
        chart=year_chart(years),
        years=by_year(events(listed("events-listed", "event", happened), {item.iri: item.roles for item in happened.items})),
        total=total,
        shown=index.count_of(subject.iri, "Event", wanted) if wanted else total,
        form=facets.form(wanted, subject.iri),
        turn=turn(happened),
        agreements=agreements(listed("agreements-listed", "agreement", agreed), {item.iri: item.roles for item in agreed.items}),
        agreement_count=index.count_of(subject.iri, "Agreement"),
        agreements_turn=turn(agreed, "agreements"),
        tenures=tenures(_tenures(subject)),
        counterparts=[
            (ListedLink(label, page_address(iri)), number, conflict, url_for("pages.dyad", one=subject.iri, other=iri))
            for iri, label, number, conflict in counterparts
        ],
        neighbours=_neighbours(index, [subject.iri, *(iri for iri, *_ in counterparts)]),
        belongings=_belongings(subject),
        sentences=sentences,
        sentences_turn=turn(said, "sentences"),
        mentions=mentions,
        corrections=made(subject),
        offer=offer(subject, *_source(sentences)),
        country=subject.links("country") + subject.links("organization"),
        summary=_summary(subject, years, total, counterparts),
    )


def _neighbours(index: Lists, iris: list[str]) -> list[tuple[ListedLink, ListedLink, int]]:
    """Return the pairs among entities that share events, with the number of these events."""
    return [
        (ListedLink(one, page_address(one_iri)), ListedLink(other, page_address(other_iri)), number)
        for one_iri, one, other_iri, other, number in index.links(iris, MOST_LINKS)
    ]


def _summary(subject: Thing, years: list[tuple[int, str, int]], total: int, counterparts: list[tuple[str, str, int, int]]) -> str:
    """Describe an entity and its events in one line, from counts only."""
    of = [link.label for link in subject.links("country") + subject.links("organization")][:1]
    parts = [f"{subject.noun} of {of[0]}" if of else subject.noun]
    if total:
        dated = sorted({when for when, _, _ in years})
        span = f", {dated[0]}–{dated[-1]}" if len(dated) > 1 else f", {dated[0]}" if dated else ""
        parts.append(f"{total} event{'' if total == 1 else 's'}{span}")
    if counterparts:
        parts.append(f"most often with {' and '.join(label for _, label, _, _ in counterparts[:2])}")
    return "; ".join(parts) + "."


def _source(sentences: list[tuple[Row, list[Segment]]]) -> tuple[str, str]:
    """Return the article and the text of the first sentence that mentions an entity."""
    row: Row = sentences[0][0] if sentences else {}
    return str(row.get("articleLabel", "")), str(row.get("text", ""))


def _tenures(subject: Thing) -> tuple[Row, ...]:
    """Return the tenures of a person, of the offices of a body, or of an office; if there are many, some of them."""
    return described("tenures-listed", "tenure", [str(row["tenure"]) for row in ask("offices-of", {"thing": subject.iri})])


def _belongings(subject: Thing) -> dict[str, list[object]]:
    """Return what belongs to a state or body, by class."""
    if not subject.types & {"State", "Institution"}:
        return {}
    found: dict[str, list[object]] = {}
    for row in ask("belongs-to", {"thing": subject.iri}):
        found.setdefault(local(row["kind"]), []).append(link(row, "thing", "label"))
    return found
