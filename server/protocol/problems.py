"""Problem details (RFC 9457): the one body of every error that a request can meet."""

from __future__ import annotations

from http import HTTPStatus

from kg.errors import EntenteError


class Problem(EntenteError):  # noqa: N818
    """A request that cannot be answered: status, what is wrong, where in the query, what to do.

    ``detail`` says what is wrong and ``hint`` what to do; ``line`` and ``column`` count from 1; ``headers`` go out with it.
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
        """The members of the problem-details object; those that do not apply are left out."""
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
        """The same for a reader."""
        where = f" (line {self.line}, column {self.column})" if self.line else ""
        hint = f"\n{self.hint}" if self.hint else ""
        return f"{self.status} {HTTPStatus(self.status).phrase}: {self.detail}{where}{hint}\n"
