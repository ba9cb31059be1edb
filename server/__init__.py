"""The web application: the SPARQL endpoint, the dumps, the pages. It reads builds and never needs the language model."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from server.engine import QueryEngine


def create_app(data: Path | str, **settings: object) -> Flask:
    """The application that serves the current build of the data folder ``data``, or the store at the setting ``sparql_backend``.

    ``settings`` are those of ``server.settings.SETTINGS``; what is not given comes from ``ENTENTE_*`` or its default. Its
    worker processes end with ``app.extensions["entente.engine"].close()``, or with the process.
    """
    import weakref

    from flask import Flask

    from server import documents, dumps, endpoint, errors
    from server.engine import QueryEngine
    from server.forwarded import Forwarded
    from server.settings import load

    app = Flask(__name__)
    values = load(settings)
    engine = _remote(values) if values["sparql_backend"] else QueryEngine(Path(data), values)
    weakref.finalize(app, engine.close)
    app.extensions["entente.engine"] = engine
    app.config["ENTENTE"] = values
    app.config["MAX_CONTENT_LENGTH"] = values["query_length"] + 1
    app.wsgi_app = Forwarded(app.wsgi_app, values["trusted_proxies"])  # type: ignore[method-assign]
    app.teardown_request(lambda _: engine.unpin())
    errors.register(app)
    app.register_blueprint(endpoint.blueprint)
    app.register_blueprint(dumps.blueprint)
    app.register_blueprint(documents.blueprint)
    pages = find_spec("server.pages")
    if pages and pages.origin:
        app.register_blueprint(import_module("server.pages").blueprint)
    return app


def _remote(values: dict[str, Any]) -> QueryEngine:
    from server.backend.engine import RemoteEngine

    return RemoteEngine(values)
