"""Common response headers: CORS (https://fetch.spec.whatwg.org/#http-cors-protocol), and hardening for data."""

from __future__ import annotations

import re
from collections.abc import Mapping

ANYBODY = ("Access-Control-Allow-Origin", "*")
EXPOSED = "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Link, Location, Retry-After, X-Build"
CORS = (ANYBODY, ("Access-Control-Expose-Headers", EXPOSED))
"""Everything here is public and independent of the client, so every origin may read it."""
METHODS = "GET, HEAD, POST, OPTIONS"
ALLOWED = "Accept, Authorization, Cache-Control, Content-Type, If-Modified-Since, If-None-Match, Range, X-Requested-With"
PROTECTION = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
)
"""For data: a browser executes nothing in it, whatever it takes it for."""
_NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}(?:\s*,\s*[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}){0,63}")


def preflight(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the headers of a preflight response (request header names in lower case): any header is allowed."""
    asked = headers.get("access-control-request-headers", "").strip()
    return (
        *CORS,
        ("Access-Control-Allow-Methods", METHODS),
        ("Access-Control-Allow-Headers", asked if _NAMES.fullmatch(asked) else ALLOWED),
        ("Access-Control-Max-Age", "86400"),
    )
