"""Render every error of the Flask application as problem details, plain text or a page, whichever the client prefers."""

from __future__ import annotations

import contextlib
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from kg.formats import HTML
from server.protocol.problems import Problem, preferred_body, problem_reply


def problem_response(problem: Problem) -> Response:
    """Return the response for a problem, in the form that the client prefers."""
    accept = request.headers.get("Accept", "")
    reply = problem_reply(problem, accept)
    response = Response(reply.body, status=reply.status, headers=list(reply.headers))
    if preferred_body(accept) == "text/html":
        with contextlib.suppress(TemplateNotFound):
            response.data = render_template("error.html", problem=problem)
            response.content_type = HTML.content_type
            del response.headers["Content-Security-Policy"]
    return response


def register(app: Flask) -> None:
    """Turn every error of ``app`` into a problem: ours unchanged, HTTP errors by status, bugs as a plain 500."""

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
        return problem_response(Problem(500, "Internal server error; it has been logged."))

    app.register_error_handler(Problem, problem_response)
    app.register_error_handler(HTTPException, from_http)
    app.register_error_handler(Exception, from_bug)
