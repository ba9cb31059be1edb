"""Check a query and run it: within what the engine can take, calling no endpoint but the allowed ones, in the engine's own spelling."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kg.sparql.complexity import check_complexity
from kg.sparql.lexer import respelled
from kg.sparql.services import Parse, check_services

T = TypeVar("T")


def admitted(text: str, allowed: frozenset[str], parse: Parse, run: Callable[[str], T]) -> T:
    """What ``run`` gives for the query; ``allowed`` are the endpoints that SERVICE may call, ``parse`` parses without running.

    A query that does not parse is tried once more as ``respelled``. Raises ComplexityError, ServiceRefused, or SyntaxError; whatever
    ``run`` raises passes through.
    """

    def attempt(query: str) -> T:
        check_services(query, allowed, parse)
        return run(query)

    check_complexity(text)
    try:
        return attempt(text)
    except SyntaxError:
        other = respelled(text)
        if other == text:
            raise
        try:
            return attempt(other)
        except SyntaxError:
            """The first error tells where in the text as it was sent."""
        raise
