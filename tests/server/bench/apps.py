"""Entente for any web server: ``asgi`` (queries on the event loop) and ``wsgi`` (Flask), created on the first call.

The data folder is ``ENTENTE_BENCH_DATA``; the settings are those of ``ENTENTE_*``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask

from server import create_app
from server.web.front import Front


@cache
def _flask() -> Flask:
    return create_app(Path(os.environ["ENTENTE_BENCH_DATA"]))


@cache
def _front() -> Front:
    return Front(_flask())


async def asgi(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The application as `entente serve` runs it."""
    await _front()(scope, receive, send)


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The application without an event loop."""
    return _flask()(environ, start_response)
