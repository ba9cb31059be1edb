"""The web application: the SPARQL endpoint, the dumps, the pages. It reads builds and never needs the language model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app(data: Path | str, **settings: object) -> Flask:
    """The application that serves the current build of the data folder ``data``, or the store at the setting ``sparql_backend``.

    ``settings`` are those of ``server.settings.SETTINGS``; what is not given comes from ``ENTENTE_*`` or its default. Its
    worker processes end with ``app.extensions["entente.engine"].close()``, or with the process.
    """
    from server.web.application import application

    return application(data, **settings)
