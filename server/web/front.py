"""The application as the web server runs it: queries on the event loop, everything else handed to Flask's threads.

A query whose answer has begun and cannot be completed ends with an exception: the web server then cuts the connection
without the last chunk, so that no client takes the part for the whole.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask

from server.execution.engine import QueryEngine
from server.execution.serving import Held
from server.execution.streams import HungUp, Receive, Run
from server.protocol import requests as protocol
from server.protocol.forwarded import address, is_trusted
from server.protocol.jobs import Job
from server.protocol.problems import Problem
from server.protocol.requests import Reply, Request
from server.web import operations
from server.web.accesslog import AccessLog
from server.web.endpoint import wants_page

Send = Callable[[dict[str, Any]], Awaitable[None]]
Scope = dict[str, Any]
REMEMBERED = 2048  # requests whose plans are kept
MEMORABLE = 4096  # bytes that a request may be long for its plan to be kept
LONG = 65536  # bytes from which on a request is planned in a thread
SPOOL = 8 * 1024 * 1024  # bytes of an answer to an HTTP/1.0 client that are kept in memory before they go to a file


class Front:
    """An ASGI application around the Flask application ``app``."""

    def __init__(self, app: Flask) -> None:
        self.engine: QueryEngine = app.extensions["entente.engine"]
        self.settings = self.engine.settings
        wsgi: Any = app.wsgi_app
        self.pages: Any = WSGIMiddleware(wsgi, workers=self.settings["threads"])
        self._plans: OrderedDict[tuple[str, ...], Job] = OrderedDict()
        self._log = AccessLog(sys.stderr) if self.settings["access_log"] else None
        self._editor = "pages.editor" in app.view_functions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await Exchanged(self, scope, receive, send).answer()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self.engine.close()
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
        query_string = scope["query_string"].decode("latin-1")
        return not (self._editor and wants_page(scope["method"], path, query_string, headers.get("accept", "")))

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
        self.engine.metrics.requests.labels(str(exchanged.status)).inc()
        if self._log:
            scope, job = exchanged.scope, exchanged.job
            self._log.add(
                client=(scope.get("client") or ("",))[0],
                method=scope["method"],
                path=scope["path"],
                status=exchanged.status,
                bytes=exchanged.bytes,
                ms=round((time.monotonic() - exchanged.began) * 1000, 2),
                **({"query": job.digest} if job else {}),
                **({"ended": exchanged.ended} if exchanged.ended else {}),
            )


class Exchanged:
    """One request and its response."""

    __slots__ = ("began", "bytes", "ended", "front", "headers", "job", "receive", "scope", "send", "status")

    def __init__(self, front: Front, scope: Scope, receive: Receive, send: Send) -> None:
        self.front = front
        self.scope = scope
        self.receive = receive
        self.send = send
        self.began = time.monotonic()
        self.headers = _headers(scope)
        self.status = 0
        self.bytes = 0
        self.ended = ""
        self.job: Job | None = None

    async def answer(self) -> None:
        """Answer the request, then log it."""
        try:
            if self.scope["path"] in operations.PATHS:
                await self._reply(operations.reply(self.scope["method"], self.scope["path"], self.front.engine))
            elif self.front.takes(self.scope, self.headers):
                await self._query()
            else:
                await self.front.pages(self.scope, self.receive, self._counting_send)
        except BaseException:
            self.ended = "broken"
            raise
        finally:
            self.front.done(self)

    async def _counting_send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.bytes += len(message.get("body", b""))
        await self.send(message)

    async def _query(self) -> None:
        try:
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
        except Problem as problem:
            if self.status:
                raise
            await self._reply(protocol.problem_reply(problem, self.headers.get("accept", "")))
        except HungUp:
            self.ended, self.status = "hung-up", self.status or 499

    async def _read(self) -> Request:
        """The request with its whole body. Problem where the body does not come, or not to its end."""
        scope, rules = self.scope, self.front.engine.rules
        body = b""
        if scope["method"] == "POST":
            try:
                async with asyncio.timeout(rules.timeout):
                    body = await self._body(rules.query_length)
            except TimeoutError:
                late = f"The request's body had not come after {rules.timeout:g} s."
                raise Problem(408, late, "Send it again.", headers={"Connection": "close"}) from None
        return Request(
            scope["method"], scope["path"], scope["query_string"].decode("latin-1"), self.headers, body, self._root
        )

    async def _body(self, most: int) -> bytes:
        """The body, or as much of it as shows that it is longer than it may be."""
        parts, size, more = [], 0, True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                self.ended = "hung-up"
                raise Problem(400, "The request's body broke off before its end.", "Send it again.")
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            more = message.get("more_body", False) and size <= most
        return b"".join(parts)

    def _root(self) -> str:
        scope = self.scope
        peer = (scope.get("client") or ("",))[0]
        trusted = is_trusted(peer, self.front.settings["trusted_proxies"])
        host = self.headers.get("host", "localhost")
        return address(scope["scheme"], host, scope.get("root_path", ""), self.headers, trusted).root

    async def _job(self, request: Request, job: Job, held: Held) -> None:
        engine, build = self.front.engine, held.build.id
        if job.guard is not None:
            await asyncio.to_thread(engine.check, job, held)
        if protocol.unchanged(request, job, build):
            await self._reply(Reply(304, self._answer_headers(job, build, "")[1:]))
            return
        entry = engine.cached(job, held)
        if entry:
            self.ended = "cached"
            await self._reply(Reply(200, self._answer_headers(job, build, entry.content_type), entry.body))
            return
        run = Run(engine, job, held, self.receive)
        try:
            await self._stream(job, build, run)
        finally:
            run.close()

    async def _stream(self, job: Job, build: str, run: Run) -> None:
        start = await run.start()
        content_type = start.format.content_type
        headers = self._answer_headers(job, build, content_type)
        if start.whole is not None:
            run.keep(content_type)
            await self._reply(Reply(200, headers, start.whole))
        elif self.scope["method"] == "HEAD":
            await self._start(200, headers)
            await self.send({"type": "http.response.body", "body": b""})
        elif self.scope["http_version"] in ("1", "1.0"):
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
            self.bytes += len(block)
            await self.send({"type": "http.response.body", "body": block, "more_body": True})
        if not self.status:
            await self._start(200, headers)
        await self.send({"type": "http.response.body", "body": b""})

    async def _spool(self, headers: tuple[tuple[str, str], ...], blocks: AsyncIterator[bytes]) -> None:
        """HTTP/1.0 marks no end but the connection's: only a length tells a whole answer from a broken one."""
        with tempfile.SpooledTemporaryFile(SPOOL) as spool:
            async for block in blocks:
                await asyncio.to_thread(spool.write, block)
            size = spool.tell()
            spool.seek(0)
            await self._start(200, (*headers, ("Content-Length", str(size))))
            while block := await asyncio.to_thread(spool.read, LONG):
                self.bytes += len(block)
                await self.send({"type": "http.response.body", "body": block, "more_body": True})
            await self.send({"type": "http.response.body", "body": b""})

    def _answer_headers(self, job: Job, build: str, content_type: str) -> tuple[tuple[str, str], ...]:
        return protocol.answer_headers(job, build, content_type, self.front.settings["cache_age"])

    async def _reply(self, reply: Reply) -> None:
        headers = reply.headers if reply.status in (204, 304) else (*reply.headers, ("Content-Length", str(len(reply.body))))
        body = b"" if self.scope["method"] == "HEAD" else reply.body
        self.bytes = len(body)
        await self._start(reply.status, headers)
        await self.send({"type": "http.response.body", "body": body})

    async def _start(self, status: int, headers: tuple[tuple[str, str], ...]) -> None:
        self.status = status
        await self.send({"type": "http.response.start", "status": status, "headers": [_encoded(header) for header in headers]})


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
