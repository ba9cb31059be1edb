"""What all pages share: the blueprint, access to the graph, and security headers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from flask import Blueprint, Response, current_app, g, request
from flask.sansio.blueprints import BlueprintSetupState
from rdflib import URIRef
from rdflib.term import Identifier

from kg.sparql.canned import CannedQuery, load_queries
from kg.sparql.rewriting import bindable, limited
from kg.store.index.search import SearchIndex, SearchIndexError
from server.execution.engine import Rows
from server.protocol.problems import Problem
from server.web.error_pages import problem_response
from server.web.request_context import engine

blueprint = Blueprint("pages", __name__)

Values = Mapping[str, str | Identifier | None]
"""What is bound to a query's parameters: a plain string is an IRI, a term is itself, None is not bound."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)
"""Content-Security-Policy of every page: nothing inline, nothing from elsewhere.

The editor's library makes its style sheet in the page; that page has a nonce for it.
"""

QUERIES = Path(__file__).parent / "queries"


@cache
def page_query(name: str) -> str:
    """A query of ``server/pages/queries``."""
    return (QUERIES / f"{name}.rq").read_text(encoding="utf-8")


def ask(name: str, values: Values = MappingProxyType({}), limit: int | None = None, offset: int = 0) -> Rows:
    """The solutions of a page's query with values bound to its parameters (``{"thing": …}`` binds ``?_thing_iri``).

    ``limit`` and ``offset`` replace the query's own LIMIT.
    """
    text = page_query(name)
    return engine().select(*bound(text if limit is None else limited(text, limit, offset), values))


def bound(text: str, values: Values) -> tuple[str, dict[str, Identifier]]:
    """A query's text made ready for the values of its parameters, and those by variable."""
    found: dict[str, Identifier] = {}
    for variable in _variables(text):
        value = values.get(variable.strip("_").rpartition("_")[0])
        if value is not None:
            found[variable] = value if isinstance(value, Identifier) else URIRef(value)
    return bindable(text, frozenset(found)), found


@lru_cache(maxsize=128)
def _variables(text: str) -> tuple[str, ...]:
    from kg.sparql.rewriting import parameter_names

    return parameter_names(text)


def search_index() -> SearchIndex:
    """The search index of the build that is served."""
    return SearchIndex(engine().build.folder / "search.sqlite")


def canned_queries() -> dict[str, CannedQuery]:
    """The canned queries, read once for each application."""
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
    """Security headers; a strict policy on everything that a browser shows as a page."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if response.mimetype in ("text/html", "image/svg+xml"):
        embedded = g.get("embedded", False)
        styles = f" 'nonce-{g.style_nonce}'" if "style_nonce" in g else ""
        response.headers.setdefault("Content-Security-Policy", POLICY.format(ancestors="*" if embedded else "'none'", styles=styles))
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    return response


def page_number() -> int:
    """``?page=`` of the request, from 1; Problem where it is no such number."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 7):
        raise Problem(400, f"There is no page {text[:20]!r}.", "Pages are numbered from 1.")
    return int(text)
