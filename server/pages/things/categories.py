"""The pages of the event categories, PLOVER's and our own, with definitions and events."""

from __future__ import annotations

from flask import Response, render_template

from kg.formats import HTML
from kg.graph.namespaces import CATEGORY
from server.execution.engine import Row
from server.pages import facets
from server.pages.addresses import DATA
from server.pages.base import ask, blueprint, filled, page_query
from server.pages.listing import by_year, events
from server.pages.paging import cursor, listed, lists, turn
from server.pages.term_display import QUADS, quad, unique
from server.protocol.problems import Problem
from server.web.request_context import engine, form_of_request


@blueprint.route("/categories")
def categories() -> str:
    """Show all categories with their modes."""
    rows = list(ask("categories"))
    modes: dict[str, list[object]] = {}
    for row in rows:
        if "broader" in row:
            modes.setdefault(str(row["broader"]), []).append(row)
    top = [(row, quad(row), modes.get(str(row["category"]), [])) for row in rows if "broader" not in row]
    groups = [
        (kind, name, [(row, narrower) for row, k, narrower in top if k == kind]) for kind, name in (*QUADS.items(), ("neither", "neither"))
    ]
    counts = {code: events for code, (events, _) in lists().categories().items()}
    return render_template("categories.html", groups=groups, counts=counts)


@blueprint.route("/category/<code>")
def category(code: str) -> Response:
    """Show one category, or send what the graph states about it, by content negotiation."""
    iri, form = CATEGORY + code, form_of_request((HTML, *DATA))
    rows = list(ask("category", {"thing": iri})) if code.replace("-", "").isalnum() and code.isascii() else []
    if not rows:
        raise Problem(404, f"There is no event category {code!r}.", "The page of categories lists them all.")
    if form is HTML:
        response = Response(_shown(code, rows))
    else:
        content_type, body = engine().serialize(filled(page_query("data"), {"thing": iri}), form.ending)
        response = Response(body, content_type=content_type)
    response.vary.add("Accept")
    return response


def _shown(code: str, rows: list[Row]) -> str:
    """Show one category: its definition and its events."""
    wanted = facets.asked_for()
    found = lists().in_category(code, cursor(), wanted)
    total = lists().categories().get(code, (0, 0))[0]
    narrower = dict.fromkeys((str(r["narrowerCode"]), str(r["narrowerLabel"])) for r in rows if "narrowerCode" in r)
    return render_template(
        "category.html",
        row=rows[0],
        iri=CATEGORY + code,
        quad=quad(rows[0]),
        quad_name=QUADS.get(quad(rows[0])),
        examples=unique(str(r["example"]) for r in rows if "example" in r),
        roots=sorted({str(r["cameo"]) for r in rows if "cameo" in r}),
        narrower=list(narrower),
        years=by_year(events(listed("events-listed", "event", found))),
        form=facets.form(wanted, code=code),
        total=total,
        shown=lists().count_in_category(code, wanted) if wanted else total,
        turn=turn(found),
    )
