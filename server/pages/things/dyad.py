"""The page of two: what two states, institutions or persons did together and to one another."""

from __future__ import annotations

import re

from flask import render_template, request, url_for
from rdflib import Literal

from kg.store.index.search import Thing
from server.pages.addresses import CATEGORY, RESOURCE
from server.pages.base import Values, ask, blueprint, search_index
from server.pages.canned.picking import Choice, choose
from server.pages.listing import Link, agreements, by_year, chart_of_years, events, link
from server.pages.rendering import QUADS, labels
from server.pages.search import AGENTS
from server.protocol.problems import Problem

MOST_SPEAKERS = 10
CODE = re.compile(r"[A-Z]+(?:-[a-z]+)*")


@blueprint.route("/dyad")
def dyad() -> str:
    """Two pickers, and, once both are chosen, everything between the two."""
    one, other = (choose(request.args.get(name, ""), AGENTS) for name in ("one", "other"))
    wanted = {"one": one, "other": other}
    if not (one.iri and other.iri) or one.iri == other.iri:
        same = bool(one.iri) and one.iri == other.iri
        return render_template("dyad.html", wanted=wanted, both=None, same=same, pairs=_pairs())
    return render_template("dyad.html", wanted=wanted, both=_between(one, other), same=False, pairs=[])


def _pairs() -> list[tuple[Thing, Thing, str]]:
    """Pairs of the most active states, to begin with."""
    states = search_index().foremost(["State"], 5)
    return [(a, b, url_for("pages.dyad", one=a.iri, other=b.iri)) for i, a in enumerate(states) for b in states[i + 1 :]][:6]


def _between(one: Choice, other: Choice) -> dict[str, object]:
    first, last, code = (request.args.get(name, "").strip() for name in ("from", "to", "category"))
    if code and not CODE.fullmatch(code):
        raise Problem(400, f"There is no event category {code[:40]!r}.", "The page of categories lists them all.")
    category = CATEGORY + code if code else None
    pair: Values = {"one": one.iri, "other": other.iri}
    period: Values = {"from": _day(first, "01-01"), "to": _day(last, "12-31")}
    every = events(ask("events-between", {**pair, **period, "category": category}))
    quads = set(request.args.getlist("quad")) & {*QUADS, "neither"}
    shown = [item for item in every if not quads or item.quad in quads]
    names = labels([str(one.iri), str(other.iri)])
    return {
        "one": Link(names.get(str(one.iri), one.text), url_for("pages.page", key=str(one.iri).removeprefix(RESOURCE))),
        "other": Link(names.get(str(other.iri), other.text), url_for("pages.page", key=str(other.iri).removeprefix(RESOURCE))),
        "chart": chart_of_years(ask("years-between", {**pair, "category": category})),
        "years": by_year(shown),
        "shown": len(shown),
        "total": len(every),
        "codes": sorted({(item.code, item.category) for item in every}),
        "code": code,
        "quads": quads,
        "from": first,
        "to": last,
        "agreements": agreements(ask("agreements-between", pair)),
        "meetings": [item for item in every if item.code.startswith("CONSULT") and item.modality == "asserted"],
        "speakers": [_speakers(one), _speakers(other)],
    }


def _speakers(side: Choice) -> list[tuple[Link, str, int]]:
    """Who acts for a side, each once, with the offices that the person holds."""
    found: dict[Link, tuple[list[str], int]] = {}
    for row in ask("speakers-for", {"thing": side.iri}):
        offices, _ = found.setdefault(link(row, "who", "label"), ([], int(row["events"])))
        if "officeLabel" in row:
            offices.append(str(row["officeLabel"]))
    return [(who, ", ".join(offices), number) for who, (offices, number) in found.items()][:MOST_SPEAKERS]


def _day(year: str, day: str) -> Literal | None:
    if not year:
        return None
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise Problem(400, f"{year[:20]!r} is not a year.", "Write a year with four digits, such as 2008.")
    return Literal(f"{year}-{day}", datatype="http://www.w3.org/2001/XMLSchema#date")
