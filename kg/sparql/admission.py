"""Admit a query: check its complexity and its SERVICE calls, then run it, respelled for the engine if necessary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kg.sparql.lexer import respelled, tokens
from kg.sparql.services import Parse, check_services

T = TypeVar("T")


def admitted(text: str, allowed: frozenset[str], parse: Parse, run: Callable[[str], T]) -> T:
    """Return what ``run`` returns for the query. ``allowed`` are the endpoints that SERVICE may call; ``parse`` parses without
    running.

    A query that does not parse is tried once more as ``respelled``. Raises ComplexityError, ServiceRefused or SyntaxError;
    exceptions of ``run`` propagate.
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
            """The first error gives the position in the text as sent."""
        raise


MOST_NESTED = 1000
MOST_OPERATORS = 10_000
"""Both limits are below a third of what ends a process with a stack of 120 MiB (measured with pyoxigraph 0.5.13, for each kind of
bracket, operator and chain of patterns)."""
_OPEN, _CLOSE = frozenset("{[("), frozenset("}])")
_OPERATORS = frozenset("!+-*/|^&=<>")
_PATTERNS = frozenset({"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "VALUES", "GRAPH", "SERVICE", "EXISTS", "IN", "LATERAL"})


class ComplexityError(ValueError):
    """A query that is nested too deeply or has too many operators."""


def check_complexity(text: str) -> None:
    """Raise ComplexityError if a query has more brackets or operators than the engine can take."""
    if sum(map(text.count, "{[(")) <= MOST_NESTED and len(text) <= MOST_OPERATORS:
        return
    depth = operators = 0
    for token in tokens(text):
        if token.text in _OPEN:
            depth += 1
        elif token.text in _CLOSE:
            depth -= 1
        elif token.text in _OPERATORS or token.word in _PATTERNS:
            operators += 1
        if depth > MOST_NESTED:
            raise ComplexityError(f"it is nested more than {MOST_NESTED:,} brackets deep")
        if operators > MOST_OPERATORS:
            raise ComplexityError(f"it has more than {MOST_OPERATORS:,} operators and patterns; put values into VALUES or IN")
