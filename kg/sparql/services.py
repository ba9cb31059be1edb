"""Detect SERVICE calls with the grammar of the engine that will run the query, and refuse endpoints that are not allowed.

Oxigraph accepts keywords that touch their neighbours (``trueSERVICE<…>``, ``SERVICEx:y``), and what looks like an IRI or a name may
not be one, so a lexer of our own would not be safe. Instead, every ``service`` in the text is misspelt and the engine parses it
again: if it still parses, the word occurred in names, strings and comments only; if not, it was a keyword (or the text is no
query). The worker's sandbox is the second line of defence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from kg.errors import EntenteError

Parse = Callable[[str], object]
"""Parses a query with the engine, without running it; SyntaxError if it is invalid, RuntimeError if it cannot be planned."""

_KEYWORD = re.compile(r"service", re.IGNORECASE | re.ASCII)
_SILENT = re.compile(r"service(\s*)(?:silent)?", re.IGNORECASE | re.ASCII)
_FIRST_LETTERS = "xzqjkwvy"


class ServiceRefused(EntenteError):  # noqa: N818
    """A query that calls an endpoint which this server does not allow."""


def mentions_service(text: str) -> bool:
    """Whether the word occurs anywhere in a text; a query without it calls no endpoint."""
    return "service" in text.casefold()


def without_keyword(text: str) -> str:
    """Replace the first letter of every ``service`` in a text, keeping case, so that different names stay different."""
    known = text.casefold()
    letter = next((c for c in _FIRST_LETTERS if f"{c}ervice" not in known), _FIRST_LETTERS[0])
    return _KEYWORD.sub(lambda match: (letter.upper() if match[0][0] == "S" else letter) + match[0][1:], text)


def check_services(text: str, allowed: frozenset[str], parse: Parse) -> None:
    """Raise ServiceRefused if the query calls an endpoint that is not in ``allowed``, SyntaxError if it does not parse.

    ``text`` must be exactly the text that is run. An allowed endpoint must be named by its full IRI after the keyword.
    """
    if not mentions_service(text):
        return
    rest = _without_allowed(text, allowed)
    try:
        _require_grammar(without_keyword(rest), parse)
    except SyntaxError:
        _require_grammar(_SILENT.sub(r"GRAPH\1", text), parse)
        raise ServiceRefused(_refusal(allowed)) from None


def _require_grammar(text: str, parse: Parse) -> None:
    """Raise SyntaxError if the text is no query. One that parses but cannot be planned (an unknown function) is a query."""
    with suppress(RuntimeError):
        parse(text)


def _without_allowed(text: str, allowed: frozenset[str]) -> str:
    """Replace SERVICE by GRAPH before each allowed endpoint, keeping the whitespace, so that strings and comments end where they did."""
    if not allowed:
        return text
    endpoints = "|".join(re.escape(each) for each in sorted(allowed))
    call = re.compile(rf"service([\x20\t\r\n]*)(?:silent([\x20\t\r\n]*))?(<(?:{endpoints})>)", re.IGNORECASE | re.ASCII)
    return call.sub(lambda match: _graph(match, allowed), text)


def _graph(match: re.Match[str], allowed: frozenset[str]) -> str:
    if match[3][1:-1] not in allowed:  # the pattern ignores case
        return match[0]
    return f"GRAPH{match[1]}{match[2] or ''}{match[3]}"


def _refusal(allowed: frozenset[str]) -> str:
    if not allowed:
        return "SERVICE is not available: this server opens no connections."
    return f"SERVICE is available for these endpoints only, named by their full IRIs: {', '.join(f'<{each}>' for each in sorted(allowed))}."
