"""The application as the web server runs it: queries on the event loop, pages in Flask's threads, every response under a write deadline.

A query whose answer has begun and cannot be completed ends with an exception: the web server then cuts the connection
without the last chunk, so that no client takes the part for the whole.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from typing import Any

from flask import Flask

from server.execution.context import calling_for
from server.execution.engine import QueryEngine
from server.execution.serving import Held
from server.execution.streams import HungUp, Receive, Run
from server.protocol import requests as protocol
from server.protocol.forwarded import address, client_of, is_trusted, network_of, parse_public_url
from server.protocol.headers import CORS, PROTECTION
from server.protocol.jobs import Job
from server.protocol.problems import Problem, Reply, problem_reply
from server.protocol.requests import Request, encoded_query
from server.web import operations
from server.web.accesslog import AccessLog
from server.web.connections import Connections
from server.web.endpoint import wants_page
from server.web.turns import Turns
from server.web.wsgi import BLOCK, Bridge, environment

Send = Callable[[dict[str, Any]], Awaitable[None]]
Scope = dict[str, Any]
log = logging.getLogger(__name__)
REMEMBERED = 2048  # requests whose plans are kept
MEMORABLE = 4096  # bytes that a request may be long for its plan to be kept
LONG = 65536  # bytes from which on a request is planned in a thread
LONGEST_ADDRESS = 65_400  # bytes of a path and query; from 65,535 on the web server itself says 414, without a reason
LOGGED = 1024  # characters of a path that are logged
MOST_PIECES = 4096  # pieces that a request's body may come in
SPOOL = 8 * 1024 * 1024  # bytes of an answer to an HTTP/1.0 client that are kept in memory before they go to a file
SPOOLS = 4  # answers to HTTP/1.0 clients that are gathered at once
LONGEST_SPOOL = 256 * 1024 * 1024  # bytes of such an answer
PAGES_EACH = 4  # pages that are made for one address at once
PAGES_WAITING = 64  # that may wait for one
ASSISTANTS = "/mcp"


class Front:
    """An ASGI application around the Flask application ``app``."""

    def __init__(self, app: Flask, port: int = 0, most: int = 1024) -> None:
        """``port`` is the one that the web server listens at (0: unknown), ``most`` the connections that it holds at once."""
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
            await Exchanged(self, scope, receive, send).answer()

    async def assistants(self) -> Any:
        """The server of the Model Context Protocol, made when it is first asked: its SDK takes seconds to load. Problem 501 without it."""
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
        """Whether this side answers, and not Flask."""
        path = scope["path"]
        if path not in protocol.PATHS:
            return False
        return not (self._editor and wants_page(scope["method"], path, scope["query_string"].decode("latin-1"), headers.get("accept", "")))

    async def plan(self, request: Request) -> Job | Reply:
        """The plan of a request; those of short GET requests are remembered."""
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

    def done(self, exchanged: Exchanged) -> None:
        """Count and log a request that has ended."""
        self.engine.metrics.request(exchanged.status)
        if self._log:
            scope, job = exchanged.scope, exchanged.job
            self._log.add(
                client=(scope.get("client") or ("",))[0],
                method=scope["method"],
                path=scope["path"][:LOGGED],
                status=exchanged.status,
                bytes=exchanged.bytes,
                ms=round((time.monotonic() - exchanged.began) * 1000, 2),
                **({"query": job.digest} if job else {}),
                **({"ended": exchanged.ended} if exchanged.ended else {}),
            )


class Exchanged:
    """One request and its response."""

    __slots__ = ("address", "began", "bytes", "ended", "front", "headers", "job", "receive", "scope", "send", "status")

    def __init__(self, front: Front, scope: Scope, receive: Receive, send: Send) -> None:
        self.front = front
        self.scope = scope
        self.receive = receive
        self.send = send
        self.began = time.monotonic()
        self.headers = _headers(scope)
        self.address = self._client()
        self.status = 0
        self.bytes = 0
        self.ended = ""
        self.job: Job | None = None

    async def answer(self) -> None:
        """Answer the request, then log it."""
        connections, peer = self.front.connections, tuple(self.scope.get("client") or ("", 0))[:2]
        if connections:
            connections.begin(peer)
        try:
            with calling_for(self.address):
                await self._answer()
        except HungUp:
            self.ended, self.status = "hung-up", self.status or 499
        except asyncio.CancelledError:
            self.ended = "hung-up"
            raise
        except SlowReaderError:
            self.ended = "slow-reader"
            if connections:
                connections.drop(peer)
            raise
        except BaseException as error:
            self.ended = "broken"
            if not self.status:
                log.error("A request failed: %s %s", self.scope["method"], self.scope["path"][:LOGGED], exc_info=error)
                await self._problem(Problem(500, "Internal server error; it has been logged."))
                return
            raise
        finally:
            if connections:
                connections.end(peer)
            self.front.done(self)

    async def _answer(self) -> None:
        try:
            self._check()
            if self.scope["path"] in operations.PATHS:
                await self._reply(await operations.reply(self.scope["method"], self.scope["path"], self.front.engine))
            elif self.front.takes(self.scope, self.headers):
                await self._query()
            elif self.scope["path"] == ASSISTANTS and self.scope["method"] == "POST":
                await self._assist()
            else:
                await self._page()
        except Problem as problem:
            if self.status:
                raise
            await self._problem(problem)

    def _client(self) -> str:
        """What counts as one client for limits: the peer's network, or what a trusted proxy says."""
        peer = (self.scope.get("client") or ("",))[0]
        return network_of(client_of(peer, self.headers, self.front.settings["trusted_proxies"]))

    def _check(self) -> None:
        """Problem where the request is none that can be understood (RFC 9112, 3.2 and 3)."""
        hosts = [value for name, value in self.scope["headers"] if name == b"host"]
        missing = hosts in ([], [b""])  # the web server adds an empty one
        if len(hosts) > 1 or (missing and self.scope["http_version"] == "1.1"):
            raise Problem(400, "The request has no header Host, or several.", headers={"Connection": "close"})
        if len(self.scope["query_string"]) + len(self.scope["path"]) > LONGEST_ADDRESS:
            raise Problem(414, f"The address is longer than {LONGEST_ADDRESS:,} bytes.", "Send the query with POST, in the body.")

    async def _problem(self, problem: Problem) -> None:
        await self._reply(problem_reply(problem, self.headers.get("accept", "")))

    async def _query(self) -> None:
        request = await self._read()
        planned = await self.front.plan(request)
        if isinstance(planned, Reply):
            await self._reply(planned)
            return
        self.job = planned
        serving = self.front.engine.serving
        held = serving.acquire()
        try:
            await self._job(request, planned, held)
        finally:
            serving.release(held)

    async def _page(self) -> None:
        """What Flask answers; the place among the pages is given back before it is sent."""
        query_string = encoded_query(self.scope["query_string"])
        body = b"" if self.scope["method"] in ("GET", "HEAD", "OPTIONS") else await self._whole_body()
        environ = environment(self.scope, self.headers, query_string, body)
        async with self.front.pages.turn(self.address):
            response = await self.front.bridge.start(environ)
        headers = tuple(response.headers)
        if response.complete:
            if response.status not in (204, 304) and not any(name.lower() == "content-length" for name, _ in headers):
                headers = (*headers, ("Content-Length", str(len(response.body))))
            await self._start(response.status, headers)
            await self._send_whole(response.body)
            return
        try:
            await self._start(response.status, headers)
            await self._send_part(response.body)
            async for block in self.front.bridge.blocks(response):
                await self._send_part(block)
        finally:
            await self.front.bridge.finish(response)
        await self._deliver({"type": "http.response.body", "body": b""})

    async def _assist(self) -> None:
        """What the Model Context Protocol answers: always whole, in the place of a page."""
        body: list[bytes] = [await self._whole_body()]
        reply: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body.pop()} if body else await self.receive()

        async def send(message: dict[str, Any]) -> None:
            reply.append(message)

        assistants = await self.front.assistants()
        async with self.front.pages.turn(self.address):
            await assistants(self.scope, receive, send, self._root())
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in reply[0]["headers"]]
        kept = ((name, value) for name, value in headers if name.lower() != "content-length")
        await self._reply(Reply(reply[0]["status"], (*kept, *CORS, *PROTECTION), b"".join(part.get("body", b"") for part in reply[1:])))

    async def _read(self) -> Request:
        """The request with its whole body. Problem where the body does not come, or not to its end."""
        scope = self.scope
        body = await self._whole_body() if scope["method"] == "POST" else b""
        return Request(scope["method"], scope["path"], encoded_query(scope["query_string"]), self.headers, body, self._root)

    async def _whole_body(self) -> bytes:
        rules = self.front.engine.rules
        try:
            async with asyncio.timeout(rules.timeout):
                return await self._body(rules.query_length)
        except TimeoutError:
            late = f"The request's body had not come after {rules.timeout:g} s."
            raise Problem(408, late, "Send it again.", headers={"Connection": "close"}) from None

    async def _body(self, most: int) -> bytes:
        """The body; Problem where it is longer than it may be, or comes in too many pieces."""
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                self.ended = "hung-up"
                raise Problem(400, "The request's body broke off before its end.", "Send it again.")
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > most:
                raise Problem(413, f"The request is longer than {most} bytes.", "Shorten the query.", headers={"Connection": "close"})
            if len(parts) > MOST_PIECES:
                raise Problem(400, "The request's body comes in too many pieces.", "Send it whole.", headers={"Connection": "close"})
            more = message.get("more_body", False)
        return b"".join(parts)

    def _root(self) -> str:
        if self.front.public:
            return self.front.public.root
        scope = self.scope
        peer = (scope.get("client") or ("",))[0]
        trusted = is_trusted(peer, self.front.settings["trusted_proxies"])
        host = self.headers.get("host", "localhost")
        return address(scope["scheme"], host, scope.get("root_path", ""), self.headers, trusted).root

    async def _job(self, request: Request, job: Job, held: Held) -> None:
        engine, build = self.front.engine, held.build.id
        if job.guard is not None:
            await asyncio.to_thread(engine.check, job, held)
        entry = None
        same = protocol.unchanged(request, job, build)
        if not same:
            entry = engine.cached(job, held)
            same = entry is not None and protocol.unchanged(request, job, build, answered=True)
        if same:
            await self._unchanged(job, build)
            return
        if entry:
            self.ended = "cached"
            await self._reply(Reply(200, self._answer_headers(job, build, entry.content_type), entry.body))
            return
        run = Run(engine, job, held, self.receive)
        try:
            await self._stream(request, job, build, run)
        finally:
            run.close()

    async def _unchanged(self, job: Job, build: str) -> None:
        await self._reply(Reply(304, self._answer_headers(job, build, "")[1:]))

    async def _stream(self, request: Request, job: Job, build: str, run: Run) -> None:
        start = await run.start()
        if protocol.unchanged(request, job, build, answered=True):
            await self._unchanged(job, build)
            return
        content_type = start.format.content_type
        headers = self._answer_headers(job, build, content_type)
        if start.whole is not None:
            run.keep(content_type)
            await self._reply(Reply(200, headers, start.whole))
        elif self.scope["method"] == "HEAD":
            await self._start(200, headers)
            await self._deliver({"type": "http.response.body", "body": b""})
        elif self.scope["http_version"] in ("1", "1.0"):
            async with self.front.spools.turn(self.address):
                await self._spool(headers, run.blocks())
            run.keep(content_type)
        else:
            async with asyncio.timeout(self.front.engine.rules.timeout + 1):
                await self._send_blocks(headers, run.blocks())
            run.keep(content_type)

    async def _send_blocks(self, headers: tuple[tuple[str, str], ...], blocks: AsyncIterator[bytes]) -> None:
        """Begin with the first block: what fails before it is an error of its own, not a broken answer."""
        async for block in blocks:
            if not self.status:
                await self._start(200, headers)
            await self._send_part(block)
        if not self.status:
            await self._start(200, headers)
        await self._deliver({"type": "http.response.body", "body": b""})

    async def _spool(self, headers: tuple[tuple[str, str], ...], blocks: AsyncIterator[bytes]) -> None:
        """HTTP/1.0 marks no end but the connection's: only a length tells a whole answer from a broken one."""
        with tempfile.SpooledTemporaryFile(SPOOL) as spool:
            try:
                await self._gather(spool, blocks)
            except OSError as error:
                log.error("An answer cannot be spooled: %s", error)
                raise Problem(503, "There is no room to gather the answer.", "Ask with HTTP/1.1.") from None
            size = spool.tell()
            spool.seek(0)
            await self._start(200, (*headers, ("Content-Length", str(size))))
            while block := await asyncio.to_thread(spool.read, BLOCK):
                await self._send_part(block)
            await self._deliver({"type": "http.response.body", "body": b""})

    async def _gather(self, spool: Any, blocks: AsyncIterator[bytes]) -> None:
        async for block in blocks:
            if spool.tell() + len(block) > LONGEST_SPOOL:
                raise Problem(503, "The answer is too long for HTTP/1.0.", "Ask with HTTP/1.1.")
            await asyncio.to_thread(spool.write, block)

    def _answer_headers(self, job: Job, build: str, content_type: str) -> tuple[tuple[str, str], ...]:
        return protocol.answer_headers(job, build, content_type, self.front.settings["cache_age"])

    async def _reply(self, reply: Reply) -> None:
        headers = reply.headers if reply.status in (204, 304) else (*reply.headers, ("Content-Length", str(len(reply.body))))
        await self._start(reply.status, headers)
        await self._send_whole(b"" if self.scope["method"] == "HEAD" else reply.body)

    async def _send_whole(self, body: bytes) -> None:
        """Send a body, in blocks where it is long: what the client does not take is not copied."""
        if len(body) <= BLOCK:
            self.bytes += len(body)
            await self.send({"type": "http.response.body", "body": body})  # goes into the connection's buffer as a whole
            return
        view = memoryview(body)
        for at in range(0, len(body), BLOCK):
            await self._send_part(bytes(view[at : at + BLOCK]))
        await self._deliver({"type": "http.response.body", "body": b""})

    async def _send_part(self, block: bytes) -> None:
        self.bytes += len(block)
        await self._deliver({"type": "http.response.body", "body": block, "more_body": True})

    async def _start(self, status: int, headers: tuple[tuple[str, str], ...]) -> None:
        self.status = status
        await self.send({"type": "http.response.start", "status": status, "headers": [_encoded(header) for header in headers]})

    async def _deliver(self, message: dict[str, Any]) -> None:
        """Send a block; SlowReaderError where the client does not take it in time."""
        try:
            async with asyncio.timeout(self.front.settings["write_time"]):
                await self.send(message)
        except TimeoutError:
            raise SlowReaderError from None


def mcp_over_http(app: Flask, longest: int) -> Any:
    """The server of the Model Context Protocol for an application; Problem 501 where its SDK is not installed."""
    from server.assistants.toolbox import AssistantsError, Toolbox, require_sdk

    try:
        require_sdk()
    except AssistantsError as error:
        raise Problem(501, str(error), "Tell who runs this server.") from None
    from server.assistants.protocol import HttpServer

    return HttpServer(Toolbox(app), longest)


class SlowReaderError(Exception):
    """The client does not take its answer."""


def _headers(scope: Scope) -> dict[str, str]:
    """The request's headers by their names in lower case; those that stand more than once are joined (RFC 9110, 5.2)."""
    headers: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1"), value.decode("latin-1")
        headers[name] = f"{headers[name]}, {text}" if name in headers else text
    return headers


@lru_cache(maxsize=4096)
def _encoded(header: tuple[str, str]) -> tuple[bytes, bytes]:
    return header[0].lower().encode("latin-1"), header[1].encode("latin-1")
