"""The web application: the SPARQL endpoint, the dumps, the pages. It reads builds and never needs the language model."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask


def create_app(data: Path | str, **settings: object) -> Flask:
    """The application that serves the current build of the data folder ``data``.

    ``settings`` are those of ``server.settings.SETTINGS``; what is not given comes from ``ENTENTE_*`` or its default.
    """
    from server import dumps, endpoint, errors
    from server.engine import QueryEngine
    from server.settings import load

    app = Flask(__name__)
    values = load(settings)
    app.config["ENTENTE"] = values
    app.extensions["entente.engine"] = QueryEngine(Path(data), values)
    errors.register(app)
    app.register_blueprint(endpoint.blueprint)
    app.register_blueprint(dumps.blueprint)
    if find_spec("server.pages") and find_spec("server.pages").origin:
        app.register_blueprint(import_module("server.pages").blueprint)
    return app
