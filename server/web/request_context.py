"""The running application's engine, for the views."""

from __future__ import annotations

from flask import current_app

from server.execution.engine import QueryEngine


def engine() -> QueryEngine:
    """The engine of the application that answers the present request."""
    found: QueryEngine = current_app.extensions["entente.engine"]
    return found
