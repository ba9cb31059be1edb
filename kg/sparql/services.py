"""Detect SERVICE calls in a query with the grammar of the engine that will run it, and refuse endpoints that are not allowed.

Oxigraph lets keywords run into their neighbours (``trueSERVICE<…>``, ``SERVICEx:y``), and what looks like an IRI or a name may be none, so
no reading of our own would be safe. Instead every ``service`` in the text is spelt otherwise and the engine parses it again: what parses
has it in names, strings and comments only; what does not had it as a keyword (or is no query). The worker's sandbox is the second line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from kg.errors import EntenteError

Parse = Callable[[str], object]
"""Parses a query with the engine; SyntaxError where it is none, RuntimeError where it cannot be planned. It must not run the query."""

_KEYWORD = re.compile(r"service", re.IGNORECASE | re.ASCII)
_SILENT = re.compile(r"service(\s*)(?:silent)?", re.IGNORECASE | re.ASCII)
_FIRST_LETTERS = "xzqjkwvy"


class ServiceRefused(EntenteError):  # noqa: N818
    """A query that calls an endpoint which this server does not call."""


def mentions_service(text: str) -> bool:
    """Whether the word stands anywhere in a text; a query without it calls nobody."""
    return "service" in text.casefold()


def without_keyword(text: str) -> str:
    """The text with another first letter for every ``service``, in the same case: different names stay different ones."""
    known = text.casefold()
    letter = next((c for c in _FIRST_LETTERS if f"{c}ervice" not in known), _FIRST_LETTERS[0])
    return _KEYWORD.sub(lambda match: (letter.upper() if match[0][0] == "S" else letter) + match[0][1:], text)


def check_services(text: str, allowed: frozenset[str], parse: Parse) -> None:
    """Raise ServiceRefused where the query calls an endpoint that is not in ``allowed``, SyntaxError where it does not parse.

    ``text`` must be the very text that is run. An allowed endpoint must be named by its whole IRI behind the keyword.
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
    """Raise SyntaxError where the text is no query. One that the engine parses and cannot plan (an unknown function) is a query."""
    with suppress(RuntimeError):
        parse(text)


def _without_allowed(text: str, allowed: frozenset[str]) -> str:
    """The text with GRAPH for SERVICE before each allowed endpoint; blanks stay, so that strings and comments end where they did."""
    if not allowed:
        return text
    endpoints = "|".join(re.escape(each) for each in sorted(allowed))
    call = re.compile(rf"service([\x20\t\r\n]*)(?:silent([\x20\t\r\n]*))?(<(?:{endpoints})>)", re.IGNORECASE | re.ASCII)
    return call.sub(lambda match: _graph(match, allowed), text)


def _graph(match: re.Match[str], allowed: frozenset[str]) -> str:
    if match[3][1:-1] not in allowed:  # the pattern reads capitals and small letters alike
        return match[0]
    return f"GRAPH{match[1]}{match[2] or ''}{match[3]}"


def _refusal(allowed: frozenset[str]) -> str:
    if not allowed:
        return "SERVICE is not available: this server opens no connections."
    return f"SERVICE is available for these endpoints only, named by their full IRIs: {', '.join(f'<{each}>' for each in sorted(allowed))}."
