"""``/queries``: the canned queries, each with its form, its answer as a table and a chart, downloads and code snippets."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, render_template, request, url_for
from markupsafe import Markup

from kg.formats import HTML, SOLUTIONS, named
from kg.sparql.canned import CannedQuery
from kg.sparql.query_parameters import ParameterError
from server.pages.base import blueprint, canned_queries, is_too_much, page_number
from server.pages.canned import results
from server.pages.canned.forms import OURS, Asked, read, strict
from server.pages.template_context import coloured
from server.protocol.jobs import Job, Query
from server.protocol.negotiation import Wanted
from server.protocol.problems import Problem
from server.web.request_context import engine, form_of_request

_FRAME = Markup('<iframe src="{address}" title="{title}" width="100%" height="480"></iframe>')
FORMATS = ("csv", "tsv", "json", "xml")
ROWS = re.compile(r"[0-9]{1,9}")


def canned(name: str) -> CannedQuery:
    """Return a canned query by name; Problem 404, suggesting similar names, if there is none."""
    found = canned_queries().get(name)
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(name, canned_queries(), 3)
        raise Problem(
            404,
            f"There is no canned query {name!r}.",
            f"Did you mean: {', '.join(near)}?" if near else "The page of queries lists them all.",
        )
    return found


@blueprint.route("/queries")
def queries() -> str:
    """Show all canned queries, by tag (``?tag=``)."""
    every = list(canned_queries().values())
    tags = sorted({tag for query in every for tag in query.tags})
    tag = request.args.get("tag", "")
    shown = [query for query in every if not tag or tag in query.tags]
    return render_template("queries.html", queries=sorted(shown, key=lambda q: q.summary.casefold()), tags=tags, tag=tag)


@blueprint.route("/queries/<name>")
def query(name: str) -> Response:
    """Answer a canned query: with a page of form, answer and downloads, or with the answer alone, as Accept or ``?format=`` requests."""
    asked = canned(name)
    form = form_of_request((HTML, *SOLUTIONS))
    response = Response(_page(name, "query.html")) if form is HTML else answer_to(asked, form.ending)
    response.vary.add("Accept")
    return response


@blueprint.route("/queries/<name>/embed")
def embed(name: str) -> str:
    """Show the answer alone, for a frame in another page."""
    g.embedded = True
    return _page(name, "embed.html")


def _page(name: str, template: str) -> str:
    asked = read(canned(name), request.args)
    result, slow = (None, None) if asked.problems else _result(asked)
    return render_template(
        template,
        query=asked.query,
        asked=asked,
        result=result,
        slow=slow,
        formats=FORMATS,
        again=lambda **more: _address(asked, **more),
        permalink=url_for("pages.query", name=name, _external=True, **asked.given),
        editor=f"{url_for('sparql.sparql')}?{urlencode({'query': asked.query.inline(asked.values)})}",
        sparql=coloured(asked.query.inline(asked.values)),
        snippets=snippets(asked) if result or slow else [],
    )


def _result(asked: Asked) -> tuple[results.Result | None, Problem | None]:
    """Lay out the answer; if it exceeds the limits of a page, return the reason instead."""
    try:
        return results.answer(asked, request.args.get("sort", ""), request.args.get("order", "up"), page_number()), None
    except Problem as problem:
        if not is_too_much(problem):
            raise
        return None, problem


def _address(asked: Asked, **more: object) -> str:
    """Return this page's address with another order or page."""
    kept = {**asked.given, "sort": request.args.get("sort"), "order": request.args.get("order"), **more}
    values: dict[str, Any] = {name: value for name, value in kept.items() if value not in (None, "", 1)}
    return url_for("pages.query", **values, name=asked.query.name)


def snippets(asked: Asked) -> list[tuple[str, str, str]]:
    """Return code that runs the query elsewhere: language, its name in Pygments, code."""
    address = url_for("pages.download", name=asked.query.name, ending="csv", _external=True, **asked.given)
    frame = url_for("pages.embed", name=asked.query.name, _external=True, **asked.given)
    return [
        ("curl", "bash", f"curl --fail '{address.replace(chr(39), '%27')}'"),
        ("Python", "python", f"import pandas as pd\n\ntable = pd.read_csv({address!r})"),
        ("HTML", "html", str(_FRAME.format(address=frame, title=asked.query.summary))),
        ("R", "r", f'table <- read.csv("{address.replace(chr(34), "%22")}")'),
    ]


@blueprint.route("/queries/<name>.<any(csv,tsv,json,xml):ending>")
def download(name: str, ending: str) -> Response:
    """Stream the whole answer in a SPARQL results format; values by parameter name."""
    return answer_to(canned(name), ending, attached=True)


def answer_to(query: CannedQuery, ending: str, *, attached: bool = False) -> Response:
    """Return the answer of a canned query to a program; Problem 400 for invalid parameters."""
    repeated = next((name for name, values in request.args.lists() if len(values) > 1 and name not in OURS), None)
    if repeated:
        raise Problem(400, f"There are several parameters {repeated!r}.", "Send one in each request.")
    try:
        asked = strict(query, request.args)
    except ParameterError as error:
        raise Problem(400, str(error), f"See {url_for('pages.query', name=query.name)} for its parameters.") from None
    job = Job(Query(query.inline(asked.values) + _slice()), Wanted(named(ending, SOLUTIONS), None))
    found = engine().answer(job)
    response = Response(found.chunks if found.whole is None else found.whole, content_type=found.content_type)
    response.headers["X-Build"] = found.build
    if attached:
        response.headers["Content-Disposition"] = f'inline; filename="{query.name}.{ending}"'
    return response


def _slice() -> str:
    """Return ``?limit=`` and ``?offset=`` as SPARQL; the query has a total order and no limit."""
    found = ""
    for name in ("limit", "offset"):
        text = request.args.get(name)
        if text is None:
            continue
        if not ROWS.fullmatch(text):
            raise Problem(400, f"{name}={text[:20]} is no number of rows.", f"Give a whole number such as {name}=100.")
        found += f"\n{name.upper()} {int(text)}"
    return found
