"""Problem details (RFC 9457): the body of every error response."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from kg.errors import EntenteError
from server.protocol.headers import CORS, PROTECTION
from server.protocol.negotiation import accept_of

PROBLEM = "application/problem+json"
BODIES = (PROBLEM, "application/json", "text/plain", "text/html")


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete response."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


class Problem(EntenteError):  # noqa: N818
    """A request that cannot be answered.

    ``detail`` says what is wrong and ``hint`` what to do; ``line`` and ``column`` in the query count from 1; ``headers`` are sent
    with it.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        hint: str = "",
        *,
        line: int | None = None,
        column: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.hint = hint
        self.line = line
        self.column = column
        self.headers = headers or {}

    def members(self) -> dict[str, object]:
        """The members of the problem-details object; inapplicable ones are omitted."""
        members: dict[str, object] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
            "line": self.line,
            "column": self.column,
        }
        return {name: value for name, value in members.items() if value not in (None, "")}

    def text(self) -> str:
        """The problem as plain text."""
        where = f" (line {self.line}, column {self.column})" if self.line else ""
        hint = f"\n{self.hint}" if self.hint else ""
        return f"{self.status} {HTTPStatus(self.status).phrase}: {self.detail}{where}{hint}\n"


def preferred_body(accept: str) -> str:
    """Return the one of BODIES that an ``Accept`` header prefers for a problem."""
    return str(accept_of(accept).best_match(BODIES, default=PROBLEM))


def problem_reply(problem: Problem, accept: str) -> Reply:
    """Return a problem as a response: problem details, or plain text for clients that prefer text or HTML."""
    if preferred_body(accept).startswith("text/"):
        kind, body = "text/plain; charset=utf-8", problem.text().encode()
    else:
        kind, body = PROBLEM, (json.dumps(problem.members(), ensure_ascii=False, indent=1) + "\n").encode()
    headers = (("Content-Type", kind), ("Vary", "Accept"), ("Cache-Control", "no-store"), *CORS, *PROTECTION, *problem.headers.items())
    return Reply(problem.status, headers, body)
