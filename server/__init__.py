"""The web application: the SPARQL endpoint, the dumps, the pages. It reads builds and never needs the language model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app(data: Path | str, **settings: object) -> Flask:
    """Create the application that serves the current build of the folder ``data``, or the store in the setting ``sparql_backend``.

    ``settings`` are those of ``server.settings.SETTINGS``; missing ones come from ``ENTENTE_*`` or their defaults. The worker
    processes end with ``app.extensions["entente.engine"].close()``, or with this process.
    """
    from server.web.application import application

    return application(data, **settings)
