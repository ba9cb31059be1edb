"""Send a response, every block under a write deadline, so that a client that does not read cannot keep its connection."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from typing import Any

from server.protocol.problems import Problem, Reply
from server.web.wsgi import BLOCK

Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = tuple[tuple[str, str], ...]
log = logging.getLogger(__name__)
SPOOL = 8 * 1024 * 1024  # bytes of an answer to an HTTP/1.0 client that are kept in memory before they go to a file
LONGEST_SPOOL = 256 * 1024 * 1024  # longest such answer in bytes


class SlowReaderError(Exception):
    """The client does not read its answer."""


class Delivery:
    """A response being sent: ``status`` (0 before it has begun) and the number of ``bytes`` of its body sent."""

    __slots__ = ("_head", "_send", "_write_time", "bytes", "status")

    def __init__(self, method: str, send: Send, write_time: float) -> None:
        self._head = method == "HEAD"
        self._send = send
        self._write_time = write_time
        self.status = 0
        self.bytes = 0

    async def reply(self, reply: Reply) -> None:
        headers = reply.headers if reply.status in (204, 304) else (*reply.headers, ("Content-Length", str(len(reply.body))))
        await self.start(reply.status, headers)
        await self.send_whole(b"" if self._head else reply.body)

    async def send_whole(self, body: bytes) -> None:
        """Send a body, in blocks if it is long: what the client does not take is not copied."""
        if len(body) <= BLOCK:
            self.bytes += len(body)
            await self._send({"type": "http.response.body", "body": body})  # fits in the connection's buffer
            return
        view = memoryview(body)
        for at in range(0, len(body), BLOCK):
            await self.send_part(bytes(view[at : at + BLOCK]))
        await self.end()

    async def send_part(self, block: bytes) -> None:
        self.bytes += len(block)
        await self._deliver({"type": "http.response.body", "body": block, "more_body": True})

    async def start(self, status: int, headers: Headers) -> None:
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": [_encoded(header) for header in headers]})

    async def end(self) -> None:
        """Send the end of a body."""
        await self._deliver({"type": "http.response.body", "body": b""})

    async def _deliver(self, message: dict[str, Any]) -> None:
        """Send a block; SlowReaderError if the client does not take it in time."""
        try:
            async with asyncio.timeout(self._write_time):
                await self._send(message)
        except TimeoutError:
            raise SlowReaderError from None

    async def send_blocks(self, headers: Headers, blocks: AsyncIterator[bytes]) -> None:
        """Send blocks, beginning the response with the first one: failures before it are errors of their own, not broken answers."""
        async for block in blocks:
            if not self.status:
                await self.start(200, headers)
            await self.send_part(block)
        if not self.status:
            await self.start(200, headers)
        await self.end()

    async def spool(self, headers: Headers, blocks: AsyncIterator[bytes]) -> None:
        """Send an HTTP/1.0 answer with its length: that protocol marks the end by closing the connection, so only a length reveals a
        broken answer."""
        with tempfile.SpooledTemporaryFile(SPOOL) as spool:
            try:
                await self._gather(spool, blocks)
            except OSError as error:
                log.error("An answer cannot be spooled: %s", error)
                raise Problem(503, "There is no room to buffer the answer.", "Ask with HTTP/1.1.") from None
            size = spool.tell()
            spool.seek(0)
            await self.start(200, (*headers, ("Content-Length", str(size))))
            while block := await asyncio.to_thread(spool.read, BLOCK):
                await self.send_part(block)
            await self.end()

    async def _gather(self, spool: Any, blocks: AsyncIterator[bytes]) -> None:
        async for block in blocks:
            if spool.tell() + len(block) > LONGEST_SPOOL:
                raise Problem(503, "The answer is too long for HTTP/1.0.", "Ask with HTTP/1.1.")
            await asyncio.to_thread(spool.write, block)


@lru_cache(maxsize=4096)
def _encoded(header: tuple[str, str]) -> tuple[bytes, bytes]:
    return header[0].lower().encode("latin-1"), header[1].encode("latin-1")
