"""``/sparql``: the SPARQL 1.1 Protocol for queries."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from werkzeug.datastructures import MultiDict

from server.engine import Query, engine
from server.errors import Problem
from server.negotiation import choose

blueprint = Blueprint("sparql", __name__)

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"


@blueprint.route("/sparql", methods=["GET", "POST"])
@blueprint.route("/sparql/", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query, or, where there is none, say what this endpoint is."""
    parameters, text = _operation()
    if _wants_page():
        return current_app.view_functions["pages.editor"]()
    if text is None:
        raise Problem(400, "There is no query.", "Send one as ?query=…, or as the body of a POST.")
    query = Query(
        text,
        default_graphs=tuple(parameters.getlist("default-graph-uri")),
        named_graphs=tuple(parameters.getlist("named-graph-uri")),
    )
    answer = engine().answer(query, choose(request.accept_mimetypes, parameters.get("format")))
    response = Response(answer.chunks, content_type=answer.content_type)
    response.headers["X-Build"] = answer.build
    response.vary.add("Accept")
    return response


def _wants_page() -> bool:
    """Whether a browser asks for this address: it gets the editor, with the query in it."""
    if request.method != "GET" or "format" in request.args or "pages.editor" not in current_app.view_functions:
        return False
    return request.accept_mimetypes.quality("text/html") == 1 and "text/html" in dict(request.accept_mimetypes)


def _operation() -> tuple[MultiDict[str, str], str | None]:
    """The parameters and the query's text, by whichever of the protocol's three ways they came."""
    if request.method in ("GET", "HEAD"):
        return request.args, _one(request.args)
    if request.mimetype == FORM:
        return MultiDict([*request.args.items(multi=True), *request.form.items(multi=True)]), _one(request.form)
    if request.mimetype == DIRECT:
        return request.args, _decoded()
    if request.mimetype == UPDATE:
        raise read_only()
    raise Problem(415, f"A query cannot be sent as {request.mimetype or 'a body without a type'}.",
                  f"Send it as {DIRECT} or {FORM}.")


def read_only() -> Problem:
    """The refusal of every update."""
    return Problem(403, "This endpoint is read-only: it takes queries, not updates.", "Send a query instead.")


def _one(parameters: MultiDict[str, str]) -> str | None:
    if "update" in parameters:
        raise read_only()
    queries = parameters.getlist("query")
    if len(queries) > 1:
        raise Problem(400, "There are several queries.", "Send one query in each request.")
    return queries[0] if queries else None


def _decoded() -> str:
    try:
        if request.mimetype_params.get("charset", "utf-8").lower().replace("-", "") != "utf8":
            raise Problem(415, "The query is not in UTF-8.", "SPARQL queries are sent in UTF-8.")
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "The query is not in UTF-8.", "SPARQL queries are sent in UTF-8.") from None
