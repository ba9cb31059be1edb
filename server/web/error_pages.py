"""Render every error of the Flask application as problem details, plain text or a page, whichever the client prefers."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from server.protocol.negotiation import accept_of
from server.protocol.problems import Problem

PROBLEM = "application/problem+json"
BODIES = (PROBLEM, "application/json", "text/plain", "text/html")


def problem_response(problem: Problem) -> Response:
    """The response for a problem, in the form that the client prefers."""
    kind = accept_of(request.headers.get("Accept", "")).best_match(BODIES, default=PROBLEM)
    if kind == "text/html":
        response = _page(problem)
    elif kind == "text/plain":
        response = Response(problem.text(), mimetype="text/plain")
    else:
        body = json.dumps(problem.members(), ensure_ascii=False, indent=1) + "\n"
        response = Response(body, mimetype=PROBLEM)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.vary.add("Accept")
    return response


def _page(problem: Problem) -> Response:
    try:
        return Response(render_template("error.html", problem=problem), mimetype="text/html")
    except TemplateNotFound:
        return Response(problem.text(), mimetype="text/plain")


def register(app: Flask) -> None:
    """Make every error of ``app`` a problem: ours as they are, HTTP errors by their status, bugs as a plain 500."""

    def from_http(error: HTTPException) -> BaseResponse:
        if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
            return error.get_response()
        response = problem_response(Problem(error.code, error.description or error.name))
        for name, value in error.get_headers():
            if name not in ("Content-Type", "Content-Length"):
                response.headers[name] = value
        return response

    def from_bug(error: Exception) -> Response:
        app.logger.error("A request failed unexpectedly: %s %s", request.method, request.path, exc_info=error)
        return problem_response(Problem(500, "The server made a mistake; it has been logged."))

    app.register_error_handler(Problem, problem_response)
    app.register_error_handler(HTTPException, from_http)
    app.register_error_handler(Exception, from_bug)
