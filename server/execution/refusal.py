"""Failures of a remote store, from the worker that met one to the message for the client."""

from __future__ import annotations

from dataclasses import dataclass

RETRY_AFTER = "5"


class Refused(Exception):  # noqa: N818
    """No answer, or an incomplete one: ``reason`` is one of KINDS, ``detail`` completes its sentence.

    ``rows`` is the number at which the store truncates answers, if known.
    """

    def __init__(self, reason: str, detail: str, rows: int = 0) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.rows = rows


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """A kind of failure: its HTTP status, its sentence, what to do, and whether it is temporary."""

    status: int
    sentence: str
    hint: str = ""
    passes: bool = False


AGAIN = "Send the query again in a few seconds."
LESS = "Ask for less: name more of what you look for, drop ORDER BY or unbounded paths, add LIMIT."
KINDS = {
    "unreachable": RefusalKind(503, "The store behind this server cannot be reached ({}).", AGAIN, passes=True),
    "busy": RefusalKind(503, "The store behind this server is busy ({}).", AGAIN, passes=True),
    "slow": RefusalKind(504, "The store behind this server took too long: {}.", LESS),
    "limit": RefusalKind(503, "The store behind this server stopped the query at a limit of its own ({}).", LESS),
    "refused": RefusalKind(400, "The store behind this server does not take the query ({}).", "Other stores may take it."),
    "locked": RefusalKind(
        502, "The store behind this server does not let this server in ({}).", "Its name and password go into the address."
    ),
    "failed": RefusalKind(502, "The store behind this server gave no proper answer: {}.", "The store's own log may say more."),
    "cut": RefusalKind(502, "The store behind this server cut the answer short: {}.", "Add LIMIT and OFFSET, or raise the store's limit."),
}
