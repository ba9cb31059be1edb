"""The common parts of all pages: the blueprint, access to the graph, and security headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from time import monotonic
from types import MappingProxyType

from flask import Blueprint, Response, current_app, g, request
from flask.sansio.blueprints import BlueprintSetupState

from kg.sparql.canned import CannedQuery, load_queries
from kg.sparql.prefixes import declare_prefixes
from kg.sparql.query_parameters import Value
from kg.sparql.rewriting import inline, limited, parameter_names
from kg.store.index.search import SearchIndex, SearchIndexError
from server.execution.engine import Rows
from server.protocol.problems import Problem
from server.web.error_pages import problem_response
from server.web.request_context import engine

blueprint = Blueprint("pages", __name__)

Values = Mapping[str, str | None]
"""The IRIs to inline for a query's parameters, by parameter name; None inlines nothing."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)
"""Content-Security-Policy of every page: nothing inline, nothing from other origins.

The editor's library creates its style sheet in the page, which therefore has a nonce for it.
"""

QUERIES = Path(__file__).parent / "queries"
NEEDED = frozenset({"about", "category", "exists"})
"""Queries that a page cannot do without: if one fails, so does the page."""

LEAST_SECONDS = 1.0
"""Seconds that each part of a page gets even if others have used up the page's time."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part omitted from a page: what it would have shown, the query to run instead, and the reason."""

    about: str
    query: str
    problem: Problem


@cache
def page_query(name: str) -> str:
    """Return a query of ``server/pages/queries``."""
    return (QUERIES / f"{name}.rq").read_text(encoding="utf-8")


def ask(name: str, values: Values = MappingProxyType({}), limit: int | None = None, offset: int = 0) -> Rows:
    """Return the solutions of a page's query with values for its parameters (``{"thing": …}`` for ``?_thing_iri``).

    ``limit`` and ``offset`` replace the query's own LIMIT.
    """
    text = page_query(name)
    return part(name, filled(text if limit is None else limited(text, limit, offset), values))


def part(name: str, text: str) -> Rows:
    """Return the solutions of the query with this name, whose final form is ``text``.

    A part that takes more time or memory than a page may is omitted, and the page says so (``left_out``); not if the page cannot do
    without it, nor in an answer to a program, which would mistake the rest for everything.
    """
    began = g.setdefault("parts_began", monotonic())
    seconds = max(LEAST_SECONDS, engine().settings["page_timeout"] - (monotonic() - began))
    try:
        return engine().select(text, seconds)
    except Problem as problem:
        if name in NEEDED or request.blueprint != blueprint.name or not is_too_much(problem):
            raise
        about = page_query(name).partition("\n")[0].strip("# .")
        g.setdefault("left_out", []).append(LeftOut(about, declare_prefixes(text), problem))
        return Rows((), (), engine().build.id)


def is_too_much(problem: Problem) -> bool:
    """Whether a query took too much time or memory; with Retry-After, the failure is temporary and not the query's fault."""
    return problem.status in (503, 504) and "Retry-After" not in problem.headers


def filled(text: str, values: Values) -> str:
    """Return a page's query with values for its parameters."""
    terms = {}
    for variable in _variables(text):
        iri = values.get(variable.strip("_").rpartition("_")[0])
        if iri is not None:
            terms[variable] = Value(iri, "iri").sparql()
    return inline(text, terms)


@lru_cache(maxsize=128)
def _variables(text: str) -> tuple[str, ...]:
    return parameter_names(text)


def search_index() -> SearchIndex:
    """Return the search index of the build being served."""
    return SearchIndex(engine().build.folder / "search.sqlite")


def canned_queries() -> dict[str, CannedQuery]:
    """Return the canned queries, read once per application."""
    found: dict[str, CannedQuery] = current_app.extensions["entente.canned"]
    return found


@blueprint.record_once
def _load(state: BlueprintSetupState) -> None:
    state.app.extensions["entente.canned"] = load_queries()


@blueprint.errorhandler(SearchIndexError)
def _no_index(_error: SearchIndexError) -> Response:
    return problem_response(engine().no_index)


@blueprint.after_app_request
def _protect(response: Response) -> Response:
    """Add security headers, with a strict policy on everything that a browser shows as a page."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if g.get("left_out"):
        if response.mimetype != "text/html":
            response = problem_response(g.left_out[0].problem)
        response.headers["Cache-Control"] = "no-store"
    if response.mimetype in ("text/html", "image/svg+xml"):
        embedded = g.get("embedded", False)
        styles = f" 'nonce-{g.style_nonce}'" if "style_nonce" in g else ""
        response.headers.setdefault("Content-Security-Policy", POLICY.format(ancestors="*" if embedded else "'none'", styles=styles))
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    return response


def page_number() -> int:
    """Return ``?page=`` of the request, from 1; Problem if it is invalid."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 7):
        raise Problem(400, f"There is no page {text[:20]!r}.", "Pages are numbered from 1.")
    return int(text)
