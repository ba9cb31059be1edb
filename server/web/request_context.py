"""Helpers for views: the application's engine, and the requested format."""

from __future__ import annotations

from flask import current_app, request

from kg.formats import Format
from server.execution.engine import QueryEngine
from server.protocol.negotiation import FormatUnknownError, NotAcceptableError, wanted_format
from server.protocol.problems import Problem


def engine() -> QueryEngine:
    """Return the engine of the application that handles the current request."""
    found: QueryEngine = current_app.extensions["entente.engine"]
    return found


def form_of_request(formats: tuple[Format, ...]) -> Format:
    """Return the format that ``?format=`` names, else that ``Accept`` prefers. Problem 406 if it is not in ``formats``."""
    try:
        return wanted_format(request.args.getlist("format"), request.headers.get("Accept", ""), formats)
    except FormatUnknownError as error:
        raise no_such_form(request.args["format"], str(error)) from None
    except NotAcceptableError as error:
        raise Problem(406, "This is not available in a format that you accept.", f"There are: {error}.") from None


def no_such_form(name: str, known: str) -> Problem:
    """Return the refusal of a format requested by name; ``known`` lists the available ones."""
    return Problem(406, f"format={name[:100]!r} is not available here.", f"There are: {known}.")
