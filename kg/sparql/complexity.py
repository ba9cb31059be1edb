"""Refuse queries that are nested so deeply, or chained so long, that the engine's recursive parser would overrun its stack."""

from __future__ import annotations

from kg.sparql.lexer import tokens

MOST_NESTED = 1000
MOST_OPERATORS = 10_000
"""Both are below a third of what ends a process with 120 MiB of stack (measured with pyoxigraph 0.5.13, for each kind of bracket, operator
and chain of patterns)."""
_OPEN, _CLOSE = frozenset("{[("), frozenset("}])")
_OPERATORS = frozenset("!+-*/|^&=<>")
_PATTERNS = frozenset({"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "VALUES", "GRAPH", "SERVICE", "EXISTS", "IN", "LATERAL"})


class ComplexityError(ValueError):
    """A query that is nested too deeply or chained too long."""


def check_complexity(text: str) -> None:
    """Raise ComplexityError where the brackets or operators of a query are more than the engine can take."""
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
