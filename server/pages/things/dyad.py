"""The dyad page: events between two states, institutions or persons."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from flask import render_template, request, url_for

from kg.graph.namespaces import CATEGORY
from kg.store.index.search import AGENTS, NameHit
from kg.store.index.selections import Filter
from server.pages import facets
from server.pages.addresses import page_address
from server.pages.base import ask, blueprint, search_index
from server.pages.canned.charts import Line, lines_chart, year_chart
from server.pages.canned.picking import Choice, choose
from server.pages.listing import ListedLink, agreements, by_year, events
from server.pages.paging import cursor, described, listed, lists, turn
from server.pages.term_display import labels

MOST_SPEAKERS = 10
MOST_ALSO = 4
"""Further pairs plotted over the first."""


@blueprint.route("/dyad")
def dyad() -> str:
    """Show two pickers, and, once both are chosen, everything between the two."""
    one, other = (choose(request.args.get(name, ""), AGENTS) for name in ("one", "other"))
    wanted = {"one": one, "other": other}
    if not (one.iri and other.iri) or one.iri == other.iri:
        same = bool(one.iri) and one.iri == other.iri
        return render_template("dyad.html", wanted=wanted, both=None, same=same, pairs=_pairs())
    also = [choose(text, AGENTS) for text in request.args.getlist("also")[:MOST_ALSO] if text.strip()]
    return render_template(
        "dyad.html", wanted=wanted, both=_between(one, other), also=also, overlaid=_overlaid(one, other, also), same=False, pairs=[]
    )


def _overlaid(one: Choice, other: Choice, also: list[Choice]) -> Line | None:
    """Plot the events by year of the first with each of the others as lines in one chart; None if only one other is chosen."""
    others = {each.iri: each.text for each in (other, *also) if each.iri and each.iri != one.iri}
    if len(others) < 2:
        return None
    names = labels([str(one.iri), *others])
    found = []
    for iri, text in others.items():
        by_year: dict[int, float] = defaultdict(float)
        for when, _, number in lists().years_between(str(one.iri), iri):
            by_year[when] += number
        found.append((f"{names.get(str(one.iri), one.text)} and {names.get(iri, text)}", sorted(by_year.items())))
    return lines_chart(found)


def _pairs() -> list[tuple[NameHit, NameHit, str]]:
    """Suggest pairs of the most active states."""
    states = search_index().foremost(["State"], 5)
    return [(a, b, url_for("pages.dyad", one=a.iri, other=b.iri)) for i, a in enumerate(states) for b in states[i + 1 :]][:6]


def _between(one: Choice, other: Choice) -> dict[str, object]:
    first, last = (request.args.get(name, "").strip() for name in ("from", "to"))
    wanted = facets.asked_for()
    code, period = wanted.category, replace(wanted, quads=())
    index, pair = lists(), (str(one.iri), str(other.iri))
    quads = set(wanted.quads)
    found = index.between(*pair, cursor(), wanted)
    agreed = index.agreements_between(*pair, cursor("agreements"))
    names, codes = labels(pair), [CATEGORY + code for code in index.categories_between(*pair)]
    return {
        "one": ListedLink(names.get(pair[0], one.text), page_address(pair[0])),
        "other": ListedLink(names.get(pair[1], other.text), page_address(pair[1])),
        "chart": year_chart(index.years_between(*pair, code)),
        "years": by_year(events(listed("events-listed", "event", found), {item.iri: item.roles for item in found.items})),
        "shown": index.count_between(*pair, wanted),
        "total": index.count_between(*pair, period),
        "turn": turn(found),
        "form": facets.form(wanted, between=pair),
        "codes": [(str(row["code"]), str(row["label"])) for row in described("categories-listed", "category", codes)],
        "code": code,
        "quads": quads,
        "from": first,
        "to": last,
        "agreements": agreements(listed("agreements-listed", "agreement", agreed)),
        "agreements_turn": turn(agreed, "agreements"),
        "meetings": index.count_between(*pair, Filter(category="CONSULT")),
        "speakers": [_speakers(one), _speakers(other)],
        "table": url_for("pages.download", name="dyad-timeline", ending="csv", one=pair[0], other=pair[1]),
    }


def _speakers(side: Choice) -> list[tuple[ListedLink, str, int]]:
    """Return the most active of those who speak for a side, with the offices that they held and the number of their events."""
    known = [str(row["who"]) for row in ask("speakers", {"thing": side.iri})]
    found = lists().foremost_of(known, MOST_SPEAKERS)
    offices: dict[str, list[str]] = defaultdict(list)
    for row in described("speakers-listed", "who", [iri for iri, _, _ in found], {"thing": side.iri}):
        offices[str(row["who"])].append(str(row["officeLabel"]))
    return [(ListedLink(label, page_address(iri)), ", ".join(offices[iri]), events) for iri, label, events in found if events]
