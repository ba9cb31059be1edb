"""The application as the web server runs it: queries on the event loop, pages in Flask's threads."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import OrderedDict
from typing import Any

from flask import Flask

from server.execution.engine import QueryEngine
from server.execution.streams import Receive
from server.protocol import requests as protocol
from server.protocol.forwarded import is_trusted, parse_public_url
from server.protocol.jobs import Job
from server.protocol.problems import Problem, Reply
from server.protocol.requests import Request
from server.web.accesslog import AccessLog
from server.web.connections import Connections
from server.web.delivery import Send
from server.web.endpoint import wants_page
from server.web.exchange import LOGGED, Exchange, Scope
from server.web.turns import Turns
from server.web.wsgi import Bridge

REMEMBERED = 2048  # requests whose plans are cached
MEMORABLE = 4096  # longest request, in bytes, whose plan is cached
LONG = 65536  # length of a request, in bytes, from which it is planned in a thread
SPOOLS = 4  # answers to HTTP/1.0 clients that are spooled at once
PAGES_EACH = 2  # pages made at once for one address: one in Python, one whose query runs; more would only take turns
PAGES_WAITING = 64  # pages of one address that may wait


class Front:
    """An ASGI application around the Flask application ``app``."""

    def __init__(self, app: Flask, port: int = 0, most: int = 1024) -> None:
        """``port`` is the one that the web server listens at (0: unknown), ``most`` the number of connections that it accepts at once."""
        self.engine: QueryEngine = app.extensions["entente.engine"]
        self.settings = self.engine.settings
        self.public = parse_public_url(self.settings["public_url"])
        self.bridge = Bridge(app.wsgi_app, self.settings["threads"])
        self.pages = Turns(self.settings["threads"], min(PAGES_EACH, self.settings["threads"]), PAGES_WAITING)
        self.spools = Turns(SPOOLS, SPOOLS // 2, SPOOLS)
        self.connections = self._watched(port, most)
        self._plans: OrderedDict[tuple[str, ...], Job] = OrderedDict()
        self._log = AccessLog(sys.stderr) if self.settings["access_log"] else None
        self._editor = "pages.editor" in app.view_functions
        self._app = app
        self._assistants: Any = None
        self._assistants_made = asyncio.Lock()

    def _watched(self, port: int, most: int) -> Connections | None:
        if not port:
            return None
        each = min(self.settings["connections_each"], max(most // 2, 1))
        trusted = self.settings["trusted_proxies"]
        return Connections(port, each, most, self.settings["write_time"], lambda peer: is_trusted(peer, trusted))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await Exchange(self, scope, receive, send).answer()

    async def assistants(self) -> Any:
        """Return the server of the Model Context Protocol, created on first use: its SDK takes seconds to import. Problem 501 without
        it."""
        async with self._assistants_made:
            if self._assistants is None:
                self._assistants = await asyncio.to_thread(mcp_over_http, self._app, self.engine.rules.query_length)
            return self._assistants

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                if self._assistants:
                    self._assistants.close()
                self.engine.close()
                self.bridge.close()
                if self.connections:
                    self.connections.close()
                if self._log:
                    self._log.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    def takes(self, scope: Scope, headers: dict[str, str]) -> bool:
        """Whether the event loop answers, not Flask."""
        path = scope["path"]
        if path not in protocol.PATHS:
            return False
        return not (self._editor and wants_page(scope["method"], path, scope["query_string"].decode("latin-1"), headers.get("accept", "")))

    async def plan(self, request: Request) -> Job | Reply:
        """Return the plan of a request; those of short GET requests are cached."""
        headers = request.headers
        size = len(request.query_string) + len(request.body)
        if size > LONG:
            return await asyncio.to_thread(protocol.plan, request, self.engine.rules)
        key = (request.path, request.query_string, headers.get("accept", ""), headers.get("accept-encoding", ""))
        if request.method != "GET" or sum(map(len, key)) > MEMORABLE:
            return protocol.plan(request, self.engine.rules)
        job = self._plans.get(key)
        if job is None:
            planned = protocol.plan(request, self.engine.rules)
            if isinstance(planned, Reply):
                return planned
            job = self._plans[key] = planned
            if len(self._plans) > REMEMBERED:
                self._plans.popitem(last=False)
        return job

    def done(self, exchange: Exchange) -> None:
        """Count and log a request that has ended."""
        self.engine.metrics.request(exchange.response.status)
        if self._log:
            scope, job = exchange.scope, exchange.job
            self._log.add(
                client=(scope.get("client") or ("",))[0],
                method=scope["method"],
                path=scope["path"][:LOGGED],
                status=exchange.response.status,
                bytes=exchange.response.bytes,
                ms=round((time.monotonic() - exchange.began) * 1000, 2),
                **({"query": job.digest} if job else {}),
                **({"ended": exchange.ended} if exchange.ended else {}),
            )


def mcp_over_http(app: Flask, longest: int) -> Any:
    """Create the server of the Model Context Protocol for an application; Problem 501 if its SDK is not installed."""
    from server.assistants.toolbox import AssistantsError, Toolbox, require_sdk

    try:
        require_sdk()
    except AssistantsError as error:
        raise Problem(501, str(error), "Tell the operator of this server.") from None
    from server.assistants.mcp_server import HttpServer

    return HttpServer(Toolbox(app), longest)
