"""Bridge WSGI to ASGI: the Flask application runs in a thread, and the event loop sends its response.

A thread is occupied while the application works, never by a client that reads slowly: the response is fetched in blocks, each of
which is sent under the front's write deadline. (a2wsgi and the web server's own bridge send from the thread.)
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

Done = TypeVar("Done")
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
BLOCK = 65536


@dataclass(slots=True)
class Response:
    """A response that has begun: ``body`` is its first part, ``complete`` if that is all of it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    complete: bool
    rest: Iterator[bytes]
    close: Callable[[], object]


class Bridge:
    """A WSGI application and its threads."""

    def __init__(self, application: Application, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def start(self, environ: dict[str, Any]) -> Response:
        """Run the application until its response begins."""
        return await self._in_thread(self._run, environ)

    async def blocks(self, response: Response) -> AsyncIterator[bytes]:
        """Yield the rest of a response's body."""
        while block := await self._in_thread(_gather, response.rest):
            yield block

    async def finish(self, response: Response) -> None:
        """Release the resources of an incomplete response, such as a file."""
        await self._in_thread(response.close)

    def close(self) -> None:
        """Shut down the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, function: Callable[..., Done], *arguments: Any) -> Done:
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, function, *arguments)

    def _run(self, environ: dict[str, Any]) -> Response:
        told: dict[str, Any] = {}
        written: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:  # noqa: ARG001
            told.update(status=int(status.split(" ", 1)[0]), headers=headers)
            return written.append

        answer = self._application(environ, start_response)
        close = getattr(answer, "close", lambda: None)
        try:
            rest = iter(answer)
            body = _gather(rest, b"".join(written))
        except BaseException:
            close()
            raise
        complete = len(body) < BLOCK or (isinstance(answer, list | tuple) and len(answer) <= 1)
        if complete:
            close()
        return Response(told["status"], told["headers"], body, complete, rest, close)


def _gather(rest: Iterator[bytes], begun: bytes = b"") -> bytes:
    """Return the next block or more; less only at the end."""
    parts, size = [begun], len(begun)
    while size < BLOCK:
        part = next(rest, None)
        if part is None:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def environment(scope: dict[str, Any], headers: dict[str, str], query_string: str, body: bytes) -> dict[str, Any]:
    """Return the WSGI environment (PEP 3333) of an ASGI request.

    Headers with underscores in their names, which WSGI cannot distinguish from those with dashes, are dropped.
    """
    server = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": query_string,
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        if "_" not in name:
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ
