"""One request and its response, from headers to log line.

If an answer that has begun cannot be completed, an exception is raised: the web server then closes the connection without the last
chunk, so that no client mistakes the part for the whole.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from server.execution.context import calling_for
from server.execution.serving import Held
from server.execution.streams import HungUp, JobRun, Receive
from server.protocol import requests as protocol
from server.protocol.forwarded import HOST, address, client_of, is_trusted, network_of
from server.protocol.headers import CORS, PROTECTION
from server.protocol.jobs import Job
from server.protocol.problems import Problem, Reply, problem_reply
from server.protocol.requests import Request, encoded_query
from server.web import operations
from server.web.delivery import Delivery, Send, SlowReaderError
from server.web.wsgi import environment

if TYPE_CHECKING:
    from server.web.front import Front

Scope = dict[str, Any]
log = logging.getLogger(__name__)
LONGEST_ADDRESS = 65_400  # longest path and query in bytes; from 65,535 on, the web server itself answers 414, without a reason
LOGGED = 1024  # characters of a path that are logged
MOST_PIECES = 4096  # most parts in which a request's body may arrive
REFUSAL_TIME = 0.25  # delay in seconds of a refusal to be tried again later: clients that retry at once cost little
ASSISTANTS = "/mcp"


class Exchange:
    """One request and its response."""

    __slots__ = ("address", "began", "ended", "front", "headers", "job", "receive", "response", "scope")

    def __init__(self, front: Front, scope: Scope, receive: Receive, send: Send) -> None:
        self.front = front
        self.scope = scope
        self.receive = receive
        self.response = Delivery(scope["method"], send, front.settings["write_time"])
        self.began = time.monotonic()
        self.headers = _headers(scope)
        self.address = self._client()
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
            self.ended, self.response.status = "hung-up", self.response.status or 499
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
            if not self.response.status:
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
                await self.response.reply(await operations.reply(self.scope["method"], self.scope["path"], self.front.engine))
            elif self.front.takes(self.scope, self.headers):
                await self._query()
            elif self.scope["path"] == ASSISTANTS and self.scope["method"] == "POST":
                await self._assist()
            else:
                await self._page()
        except Problem as problem:
            if self.response.status:
                raise
            await self._problem(problem)

    def _client(self) -> str:
        """Return what counts as one client for limits: the peer's network, or that given by a trusted proxy."""
        peer = (self.scope.get("client") or ("",))[0]
        return network_of(client_of(peer, self.headers, self.front.settings["trusted_proxies"]))

    def _check(self) -> None:
        """Problem if the request is malformed (RFC 9112, 3.2 and 3)."""
        hosts = [value for name, value in self.scope["headers"] if name == b"host"]
        missing = hosts in ([], [b""])  # the web server adds an empty one
        if len(hosts) > 1 or (missing and self.scope["http_version"] == "1.1"):
            raise Problem(400, "The request has no Host header, or several.", headers={"Connection": "close"})
        if not missing and not HOST.fullmatch(hosts[0].decode("latin-1")):
            raise Problem(400, "The Host header is no host and port.", headers={"Connection": "close"})
        if len(self.scope["query_string"]) + len(self.scope["path"]) > LONGEST_ADDRESS:
            raise Problem(414, f"The address is longer than {LONGEST_ADDRESS:,} bytes.", "Send the query with POST, in the body.")

    async def _problem(self, problem: Problem) -> None:
        if "Retry-After" in problem.headers:
            await asyncio.sleep(REFUSAL_TIME)
        await self.response.reply(problem_reply(problem, self.headers.get("accept", "")))

    async def _query(self) -> None:
        request = await self._read()
        planned = await self.front.plan(request)
        if isinstance(planned, Reply):
            await self.response.reply(planned)
            return
        self.job = planned
        serving = self.front.engine.serving
        held = serving.acquire()
        try:
            await self._job(request, planned, held)
        finally:
            serving.release(held)

    async def _page(self) -> None:
        """Send Flask's response; the place among the pages is released before it is sent."""
        query_string = encoded_query(self.scope["query_string"])
        body = b"" if self.scope["method"] in ("GET", "HEAD", "OPTIONS") else await self._whole_body()
        environ = environment(self.scope, self.headers, query_string, body)
        async with self.front.pages.turn(self.address):
            response = await self.front.bridge.start(environ)
        headers = tuple(response.headers)
        if response.complete:
            has_body = self.scope["method"] != "HEAD" and response.status not in (204, 304)
            if has_body and not any(name.lower() == "content-length" for name, _ in headers):
                headers = (*headers, ("Content-Length", str(len(response.body))))
            await self.response.start(response.status, headers)
            await self.response.send_whole(response.body)
            return
        try:
            await self.response.start(response.status, headers)
            await self.response.send_part(response.body)
            async for block in self.front.bridge.blocks(response):
                await self.response.send_part(block)
        finally:
            await self.front.bridge.finish(response)
        await self.response.end()

    async def _assist(self) -> None:
        """Send the response of the Model Context Protocol, always whole; it takes the place of a page."""
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
        whole = b"".join(part.get("body", b"") for part in reply[1:])
        await self.response.reply(Reply(reply[0]["status"], (*kept, *CORS, *PROTECTION), whole))

    async def _read(self) -> Request:
        """Return the request with its whole body. Problem if the body does not arrive completely."""
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
        """Return the body; Problem if it is too long, or arrives in too many parts."""
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
                raise Problem(400, "The request's body arrives in too many parts.", "Send it whole.", headers={"Connection": "close"})
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
            await self.response.reply(Reply(200, self._answer_headers(job, build, entry.content_type), entry.body))
            return
        run = JobRun(engine, job, held, self.receive)
        try:
            await self._stream(request, job, build, run)
        finally:
            run.close()

    async def _unchanged(self, job: Job, build: str) -> None:
        await self.response.reply(Reply(304, self._answer_headers(job, build, "")[1:]))

    async def _stream(self, request: Request, job: Job, build: str, run: JobRun) -> None:
        start = await run.start()
        if protocol.unchanged(request, job, build, answered=True):
            await self._unchanged(job, build)
            return
        content_type = start.format.content_type
        headers = self._answer_headers(job, build, content_type)
        if start.whole is not None:
            run.keep(content_type)
            await self.response.reply(Reply(200, headers, start.whole))
        elif self.scope["method"] == "HEAD":
            await self.response.start(200, headers)
            await self.response.end()
        elif self.scope["http_version"] in ("1", "1.0"):
            async with self.front.spools.turn(self.address):
                await self.response.spool(headers, run.blocks())
            run.keep(content_type)
        else:
            async with asyncio.timeout(self.front.engine.rules.timeout + 1):
                await self.response.send_blocks(headers, run.blocks())
            run.keep(content_type)

    def _answer_headers(self, job: Job, build: str, content_type: str) -> tuple[tuple[str, str], ...]:
        return protocol.answer_headers(job, build, content_type, self.front.settings["cache_age"])


def _headers(scope: Scope) -> dict[str, str]:
    """Return the request's headers by name in lower case; repeated ones are joined (RFC 9110, 5.2)."""
    headers: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1"), value.decode("latin-1")
        headers[name] = f"{headers[name]}, {text}" if name in headers else text
    return headers
