"""Read and rewrite queries for remote stores that truncate answers: the outer LIMIT, and CONSTRUCT as SELECT."""

from __future__ import annotations

from kg.sparql.lexer import Token, tokens


def as_select(query: str) -> str | None:
    """Return a CONSTRUCT query as the SELECT of its solutions; None for other queries."""
    found = list(tokens(query))
    at = next((i for i, token in enumerate(found) if _is(token, "CONSTRUCT")), None)
    if at is None:
        return None
    after = _next(found, at + 1)
    if after < len(found) and found[after].text == "{":
        after = _closing(found, after) + 1
    return "".join(token.text for token in found[:at]) + "SELECT * " + "".join(token.text for token in found[after:])


def outer_limit(query: str) -> int | None:
    """Return the LIMIT of the whole query, not of its subqueries."""
    found, depth, limit = list(tokens(query)), 0, None
    for i, token in enumerate(found):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0 and _is(token, "LIMIT"):
            number = found[_next(found, i + 1)].text if _next(found, i + 1) < len(found) else ""
            limit = int(number) if number.isascii() and number.isdigit() else None
    return limit


def _is(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.upper() == word


def _next(found: list[Token], at: int) -> int:
    while at < len(found) and found[at].kind == "space":
        at += 1
    return at


def _closing(found: list[Token], at: int) -> int:
    depth = 0
    for i in range(at, len(found)):
        depth += {"{": 1, "}": -1}.get(found[i].text, 0)
        if depth == 0:
            return i
    return len(found) - 1
