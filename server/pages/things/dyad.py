"""The dyad page: events between two states, institutions or persons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for

from kg.graph.namespaces import CATEGORY
from kg.store.index.search import AGENTS, NameHit
from kg.store.index.selections import Filter
from server.pages import facets
from server.pages.addresses import page_address
from server.pages.base import ask, blueprint, search_index
from server.pages.canned.charts import Line, lines_chart, year_chart
from server.pages.canned.picking import COMPARED, MOST_ALSO, Choice, choose
from server.pages.listing import ListedLink, agreements, by_year, events
from server.pages.paging import cursor, described, listed, lists, turn
from server.pages.term_display import labels

MOST_SPEAKERS = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that are compared: their IRIs, and a name for both."""

    one: str
    other: str
    name: str


def asked_for() -> tuple[Choice, Choice, list[Choice]]:
    """Return what a request compares: two things, and others that are also compared with the first."""
    one, other = (choose(request.args.get(name, ""), AGENTS) for name in ("one", "other"))
    return one, other, [choose(text, AGENTS) for text in request.args.getlist("also")[:MOST_ALSO] if text.strip()]


def compared(one: Choice, others: Iterable[Choice]) -> list[Pair]:
    """Return the first thing with each of the others that is known, each once."""
    texts = {each.iri: each.text for each in others if each.iri and each.iri != one.iri}
    names = labels([str(one.iri), *texts])
    first = names.get(str(one.iri), one.text)
    return [Pair(str(one.iri), iri, f"{first} and {names.get(iri, text)}") for iri, text in texts.items()]


@blueprint.route("/dyad")
def dyad() -> str:
    """Show two pickers, and, once both are chosen, everything between the two."""
    one, other, also = asked_for()
    wanted = {"one": one, "other": other}
    if not (one.iri and other.iri) or one.iri == other.iri:
        same = bool(one.iri) and one.iri == other.iri
        return _page(wanted=wanted, both=None, also=also, same=same, pairs=_pairs())
    pairs = compared(one, (other, *also))
    both = _between(one, other)
    overlaid = _overlaid(pairs, str(both["code"])) if len(pairs) > 1 else None
    known = [each.iri for each in also if each.iri]
    return _page(wanted=wanted, both=both, also=also, known=known, overlaid=overlaid, several=len(pairs) > 1, same=False, pairs=[])


def _page(**parts: object) -> str:
    return render_template("dyad.html", address=_address, replaced=_replaced, no_facets=dict.fromkeys(facets.PARAMETERS), **parts)


def _address(endpoint: str, **changed: Any) -> str:
    """Return the address of this comparison, with some parameters changed."""
    given = {name: request.args.getlist(name) for name in (*COMPARED, *facets.PARAMETERS)}
    kept: dict[str, Any] = {name: [text for text in texts if text.strip()] for name, texts in given.items()}
    return url_for(endpoint, **kept | changed)


def _replaced(name: str, text: str, iri: str) -> str:
    """Return the address of this comparison with one of the things chosen instead of what a parameter says."""
    return _address("pages.dyad", **{name: [iri if given.strip() == text else given for given in request.args.getlist(name)]})


def _overlaid(pairs: Sequence[Pair], category: str) -> Line | None:
    """Plot the events of each pair by year as lines in one chart."""
    found = []
    for pair in pairs:
        by_year: dict[int, int] = defaultdict(int)
        for when, _, number in lists().years_between(pair.one, pair.other, category):
            by_year[when] += number
        found.append((pair.name, sorted(by_year.items())))
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
    }


def _speakers(side: Choice) -> list[tuple[ListedLink, str, int]]:
    """Return the most active of those who speak for a side, with the offices that they held and the number of their events."""
    known = [str(row["who"]) for row in ask("speakers", {"thing": side.iri})]
    found = lists().foremost_of(known, MOST_SPEAKERS)
    offices: dict[str, list[str]] = defaultdict(list)
    for row in described("speakers-listed", "who", [iri for iri, _, _ in found], {"thing": side.iri}):
        offices[str(row["who"])].append(str(row["officeLabel"]))
    return [(ListedLink(label, page_address(iri)), ", ".join(offices[iri]), events) for iri, label, events in found if events]
