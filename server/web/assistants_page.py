"""``/mcp`` for clients that do not speak the Model Context Protocol: browsers, and other WSGI servers."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from server.protocol.problems import Problem, preferred_body

blueprint = Blueprint("assistants", __name__)


@blueprint.route("/mcp", methods=["GET", "POST", "DELETE"])
def mcp() -> BaseResponse:
    """Show people how to connect an assistant. The protocol itself is answered on the event loop (``server.web.front``)."""
    if request.method == "GET" and preferred_body(request.headers.get("Accept", "")) == "text/html":
        return redirect(f"{url_for('pages.about')}#assistants", 303)
    raise Problem(405, "Assistants ask here with POST (Model Context Protocol, streamable HTTP).", headers={"Allow": "POST, OPTIONS"})
