"""The Flask application: its blueprints, its error handlers, and the engine that answers its queries."""

from __future__ import annotations

import weakref
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask

from server.execution.engine import QueryEngine
from server.protocol.forwarded import Forwarded
from server.settings import load
from server.web import documents, downloads, endpoint, error_pages


def application(data: Path | str, **settings: object) -> Flask:
    """Build the application that ``server.create_app`` documents."""
    # templates and static files stand in server/, beside this package
    app = Flask("server")
    values = load(settings)
    engine = _remote(values) if values["sparql_backend"] else QueryEngine(Path(data), values)
    weakref.finalize(app, engine.close)
    app.extensions["entente.engine"] = engine
    app.config["ENTENTE"] = values
    app.config["MAX_CONTENT_LENGTH"] = values["query_length"] + 1
    app.wsgi_app = Forwarded(app.wsgi_app, values["trusted_proxies"])  # type: ignore[method-assign]
    app.teardown_request(lambda _: engine.unpin())
    error_pages.register(app)
    app.register_blueprint(endpoint.blueprint)
    app.register_blueprint(downloads.blueprint)
    app.register_blueprint(documents.blueprint)
    pages = find_spec("server.pages")
    if pages and pages.origin:
        app.register_blueprint(import_module("server.pages").blueprint)
    return app


def _remote(values: dict[str, Any]) -> QueryEngine:
    from server.execution.remote.remote_engine import RemoteEngine

    return RemoteEngine(values)
