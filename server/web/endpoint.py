"""``/sparql``, ``/graphs``, ``/mcp`` and the service's own addresses under Flask, for any WSGI server and for tests.

``server.web.front`` serves the same addresses on the event loop, from the same plans. ``/mcp`` answers here only clients that do not
speak the Model Context Protocol, such as browsers.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from flask import Blueprint, Response, current_app, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from kg.formats import GRAPHS, HTML, SOLUTIONS
from server.protocol import requests as protocol
from server.protocol.negotiation import accept_of, first, names
from server.protocol.problems import Problem, Reply, preferred_body, problem_reply
from server.web import operations
from server.web.request_context import engine

blueprint = Blueprint("sparql", __name__)
FORMAT = re.compile(r"(?:^|&)(?:format|output)=([^&]+)")
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]


@blueprint.route("/sparql", methods=METHODS, provide_automatic_options=False, strict_slashes=False)
@blueprint.route("/graphs", methods=METHODS, provide_automatic_options=False, strict_slashes=False, endpoint="graphs")
def sparql() -> Response:
    """Answer a query or read a graph; without a query, describe this endpoint."""
    if wants_page(request.method, request.path, request.query_string.decode("latin-1"), request.headers.get("Accept", "")):
        editor = current_app.view_functions.get("pages.editor")
        if editor:
            return make_response(current_app.ensure_sync(editor)())
    try:
        return _respond(_request())
    except Problem as problem:
        return _response(problem_reply(problem, request.headers.get("Accept", "")))


@blueprint.route("/health", methods=METHODS, provide_automatic_options=False, endpoint="health")
@blueprint.route("/ready", methods=METHODS, provide_automatic_options=False, endpoint="ready")
@blueprint.route("/metrics", methods=METHODS, provide_automatic_options=False, endpoint="metrics")
def operation() -> Response:
    """Report the state of the server."""
    running = engine()
    wrong = running.probe() if request.path == "/ready" and not running.trouble else ""
    return _response(operations.answer(request.method, request.path, running, wrong))


@blueprint.route("/mcp", methods=["GET", "POST", "DELETE"])
def mcp() -> BaseResponse:
    """Show people how to connect an assistant. The protocol itself is answered on the event loop (``server.web.front``)."""
    if request.method == "GET" and preferred_body(request.headers.get("Accept", "")) == "text/html":
        return redirect(f"{url_for('pages.about')}#assistants", 303)
    raise Problem(405, "Assistants ask here with POST (Model Context Protocol, streamable HTTP).", headers={"Allow": "POST, OPTIONS"})


def wants_page(method: str, path: str, query_string: str, accept: str) -> bool:
    """Whether a browser, or ``?format=html``, requests this address: it gets the editor with the query."""
    if method != "GET" or not path.startswith("/sparql"):
        return False
    wanted = names(map(unquote_plus, FORMAT.findall(query_string)))
    if wanted:
        return first(wanted, (HTML, *SOLUTIONS, *GRAPHS)) is HTML
    return "text/html" in accept and accept_of(accept).best_match(("text/html", *protocol.RESULT_TYPES)) == "text/html"


def _request() -> protocol.Request:
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = request.get_data() if request.method == "POST" else b""
    query_string = protocol.encoded_query(request.query_string)
    return protocol.Request(request.method, request.path, query_string, headers, body, lambda: request.url_root)


def _respond(asked: protocol.Request) -> Response:
    running = engine()
    job = protocol.plan(asked, running.rules)
    if isinstance(job, Reply):
        return _response(job)
    answer = running.answer(job)
    headers = list(protocol.answer_headers(job, answer.build, answer.content_type, running.settings["cache_age"]))
    if protocol.unchanged(asked, job, answer.build, answered=True):
        return Response(status=304, headers=headers)
    return Response(answer.chunks if answer.whole is None else answer.whole, headers=headers)


def _response(reply: Reply) -> Response:
    return Response(reply.body, status=reply.status, headers=list(reply.headers))
