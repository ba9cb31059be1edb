"""Filters and globals of the templates: class and modality names, and cacheable addresses of static files."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache, partial
from pathlib import Path

from flask import Response, current_app, request, url_for
from flask.sansio.app import App
from flask.sansio.blueprints import BlueprintSetupState
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from kg.errors import EntenteError
from kg.store.index.search import CLASSES
from server.pages.addresses import page_address
from server.pages.base import blueprint
from server.pages.term_display import MODALITIES, QUADS
from server.protocol.problems import Problem
from server.web.request_context import engine

PASSAGE_KINDS = {"sentence": "sentence", "item": "list item", "row": "table row", "caption": "caption", "field": "infobox"}
PLURALS = {
    "State": "States",
    "Person": "People",
    "Institution": "Institutions",
    "Place": "Places",
    "Agreement": "Agreements",
    "Office": "Offices",
    "Publisher": "Publishers",
}
KEPT_FOR = 365 * 24 * 3600
LANGUAGES = ("sparql", "bash", "python", "html", "r")
"""The languages of the code on pages."""


@blueprint.record_once
def _prepared_by(state: BlueprintSetupState) -> None:
    state.app.extensions["entente.prepare"] = partial(prepare, state.app)


def prepare(app: App) -> None:
    """Compile all templates and load the highlighters, so that no visitor waits for it: a third of a second on the first page."""
    for name in app.jinja_env.list_templates(["html"]):
        app.jinja_env.get_template(name)
    for language in LANGUAGES:
        coloured("", language)


@blueprint.app_template_filter("thousands")
def thousands(number: int) -> str:
    """Format a whole number with thin spaces between thousands."""
    return f"{number:,}".replace(",", "\u2009")


@lru_cache(maxsize=256)
def _digest(path: str, changed: float) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10] if changed else ""


def asset(name: str) -> str:
    """Return the address of a static file with a digest of its content, so that it can be cached for a year."""
    path = Path(str(current_app.static_folder)) / name
    return url_for("static", filename=name, v=_digest(str(path), path.stat().st_mtime))


@blueprint.after_app_request
def _keep(response: Response) -> Response:
    if request.endpoint == "static" and ("v" in request.args or request.path.endswith(".woff2")):
        response.cache_control.public = True
        response.cache_control.max_age = KEPT_FOR
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
    return response


def _build() -> str:
    """Return the build being served, for the source line of a saved chart."""
    try:
        return engine().build.id
    except (Problem, EntenteError):  # a page that reports that there is none
        return ""


@blueprint.app_context_processor
def _names() -> dict[str, object]:
    return {
        "asset": asset,
        "build_id": _build,
        "class_plurals": PLURALS,
        "coloured": coloured,
        "kinds": PASSAGE_KINDS,
        "modalities": MODALITIES,
        "page_address": page_address,
        "pickable": (*CLASSES, "Agent"),
        "quads": QUADS,
        "quad_kinds": (*QUADS, "neither"),
    }


@lru_cache(maxsize=256)
def coloured(code: str, language: str = "sparql") -> Markup:
    """Highlight code as HTML; Pygments escapes every token. Most of it is queries, the same on every page of a kind."""
    return Markup(highlight(code, get_lexer_by_name(language), _formatter()))  # noqa: S704


@cache
def _formatter() -> HtmlFormatter[str]:
    """Return the formatter, cached because creating its style sheet takes a millisecond."""
    return HtmlFormatter(nowrap=True, classprefix="hl-")
