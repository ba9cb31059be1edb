"""The Flask application: its blueprints, its error handlers, and the engine that answers its queries."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from kg.formats import GRAPHS, HTML, SOLUTIONS, named
from server.execution.context import pinned
from server.execution.engine import QueryEngine
from server.protocol.forwarded import Forwarded, parse_public_url
from server.protocol.headers import CORS, PROTECTION, preflight
from server.protocol.negotiation import names
from server.protocol.requests import check_encoding
from server.settings import load
from server.web import documents, downloads, endpoint, error_pages, operations
from server.web.request_context import no_such_form

FORMS = (HTML, *SOLUTIONS, *GRAPHS)


def application(data: Path | str, **settings: object) -> Flask:
    """Build the application that ``server.create_app`` documents."""
    # templates and static files are in server/, beside this package
    app = Flask("server")
    values = load(settings)
    engine = _remote(values) if values["sparql_backend"] else QueryEngine(Path(data), values)
    weakref.finalize(app, engine.close)
    app.extensions["entente.engine"] = engine
    app.config["ENTENTE"] = values
    app.config["MAX_CONTENT_LENGTH"] = values["query_length"] + 1
    forwarded = Forwarded(app.wsgi_app, values["trusted_proxies"], parse_public_url(values["public_url"]))
    app.wsgi_app = _pinning(engine, forwarded)  # type: ignore[method-assign]
    app.before_request(_check_encoding)
    app.after_request(_share)
    app.after_request(_hold_to_format)
    error_pages.register(app)
    app.register_blueprint(endpoint.blueprint)
    app.register_blueprint(downloads.blueprint)
    app.register_blueprint(documents.blueprint)
    pages = find_spec("server.pages")
    if pages and pages.origin:
        app.register_blueprint(import_module("server.pages").blueprint)
    return app


def _pinning(engine: QueryEngine, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """WSGI middleware: answer all queries of one response from one build."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with pinned(engine.serving):
            return application(environ, start_response)

    return answer


def _check_encoding() -> None:
    check_encoding(request.query_string)


def _hold_to_format(response: Response) -> Response:
    """Refuse ``?format=`` values other than the format of the response, for pages with only one: a name is never ignored."""
    wanted = names(request.args.getlist("format"))
    kind = response.mimetype or ""
    given = named(kind, FORMS)
    if response.status_code != HTTPStatus.OK or not wanted or (given and any(named(each, (given,)) for each in wanted)):
        return response
    response.close()
    return error_pages.problem_response(no_such_form(wanted[0], kind))


def _share(response: Response) -> Response:
    """Let pages of other origins read what is public, and answer their preflights."""
    if request.method == "OPTIONS":
        response.headers.update(preflight({name.lower(): value for name, value in request.headers.items()}))
    elif request.path not in operations.PATHS:
        for name, value in CORS:
            response.headers.setdefault(name, value)
    if response.mimetype != "text/html":
        for name, value in PROTECTION:
            response.headers.setdefault(name, value)
    return response


def _remote(values: dict[str, Any]) -> QueryEngine:
    from server.execution.remote.remote_engine import RemoteEngine

    return RemoteEngine(values)
