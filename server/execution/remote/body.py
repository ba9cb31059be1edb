"""The body of a store's response as a file for parsers, and the meaning of its headers and status."""

from __future__ import annotations

import requests
from urllib3.exceptions import HTTPError

from kg.store.output.remote import reason
from server.execution.refusal import Refused
from server.execution.remote.dialects import MOST_ROWS, PARTIAL, TEXTS

SHOWN = 300  # characters of a store's own message that are passed on
SUCCESS, REDIRECT, REFUSED = 200, 300, 400
BUSY, SLOW, LOCKED = (429, 503), (408, 504), (401, 403, 407)
TEXT = ("text/plain", "application/json", "application/problem+json")


class ResponseBody:
    """The bytes of a response as they arrive; Refused if the connection breaks before their end."""

    def __init__(self, response: requests.Response, replace: tuple[bytes, bytes] | None = None) -> None:
        """``replace``: pairs of bytes to replace and their replacements."""
        self._raw = response.raw
        self._replace = replace
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; empty at the end."""
        try:
            data: bytes = self._raw.read(size if size > 0 else None, decode_content=True)
        except (HTTPError, OSError) as error:
            raise Refused("failed", f"its answer broke off ({reason(error)})") from None
        return self._replaced(data, size) if self._replace else data

    def _replaced(self, data: bytes, size: int) -> bytes:
        """Apply the replacements; a possible beginning of a match is held back until more has arrived."""
        assert self._replace is not None
        old, new = self._replace
        whole = (self._held + data).replace(old, new)
        if not data:
            self._held = b""
            return whole
        keep = next((n for n in range(min(len(old) - 1, len(whole)), 0, -1) if old.startswith(whole[-n:])), 0)
        self._held = whole[len(whole) - keep :]
        return whole[: len(whole) - keep] or self.read(size)


def check_status(response: requests.Response) -> None:
    """Refused if the response is not an answer."""
    status = response.status_code
    if status == SUCCESS:
        return
    answered = f"{status} {response.reason}".strip()
    if REDIRECT <= status < REFUSED:
        where = response.headers.get("Location", "elsewhere")[:SHOWN]
        raise Refused("failed", f"it sends this server to {where}, which is not followed; give the store's own address")
    text = _said(response)
    told = next((kind for kind, pattern in TEXTS if pattern.search(text)), None)
    words = f"{answered}: {text}" if text else answered
    if told or status in SLOW:
        raise Refused(told or "slow", words)
    if status in BUSY:
        raise Refused("busy", words)
    if status in LOCKED:
        raise Refused("locked", words)
    raise Refused("refused" if status in (400, 413, 414, 422) else "failed", words)


def check_whole(response: requests.Response, limit: int | None) -> None:
    """Refused if the store reports a partial answer. ``limit`` is the query's own LIMIT."""
    state = response.headers.get(PARTIAL, "")
    if state:
        raise Refused("slow", f"it stopped the query at its time limit and gave a part of the answer ({state[:20]})")
    most = response.headers.get(MOST_ROWS, "")
    if most and not (most.isdigit() and limit is not None and limit <= int(most)):
        raise Refused("cut", f"it gives at most {most[:20]} rows", int(most) if most.isdigit() else 0)


def check_framed(response: requests.Response) -> None:
    """Refused if a truncated answer could not be detected: in a format without an end of its own, and no length."""
    if "Content-Length" not in response.headers and "chunked" not in response.headers.get("Transfer-Encoding", "").lower():
        raise Refused("failed", "it does not declare the length of its answer, so truncation cannot be detected")


def _said(response: requests.Response) -> str:
    """Return the first line of an error's text, if it is readable."""
    kind = response.headers.get("Content-Type", "text/plain").partition(";")[0].strip().lower()
    if kind not in TEXT:
        return ""
    text = ResponseBody(response).read(4 * SHOWN).decode("utf-8", "replace")
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return "".join(c for c in line if c.isprintable())[:SHOWN]
