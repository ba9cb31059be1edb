"""Everything that goes wrong has one body: problem details (RFC 9457), or plain text where the client prefers it."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from kg.errors import EntenteError
from server.negotiation import accept_of

PROBLEM = "application/problem+json"
BODIES = (PROBLEM, "application/json", "text/plain", "text/html")


class Problem(EntenteError):  # noqa: N818
    """A request that cannot be answered: status, what is wrong, where in the query, what to do.

    ``detail`` says what is wrong and ``hint`` what to do; ``line`` and ``column`` count from 1; ``headers`` go out with it.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        hint: str = "",
        *,
        line: int | None = None,
        column: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.hint = hint
        self.line = line
        self.column = column
        self.headers = headers or {}

    def members(self) -> dict[str, object]:
        """The members of the problem-details object; those that do not apply are left out."""
        members: dict[str, object] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
            "line": self.line,
            "column": self.column,
        }
        return {name: value for name, value in members.items() if value not in (None, "")}

    def text(self) -> str:
        """The same for a reader."""
        where = f" (line {self.line}, column {self.column})" if self.line else ""
        hint = f"\n{self.hint}" if self.hint else ""
        return f"{self.status} {HTTPStatus(self.status).phrase}: {self.detail}{where}{hint}\n"


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
