"""Declare the known prefixes that a query uses without declaring them."""

from __future__ import annotations

from kg.graph.namespaces import PREFIXES
from kg.sparql.lexer import LITERAL, tokens


def declare_prefixes(text: str) -> str:
    """Declare, on the query's first line, the known prefixes that it uses without declaring them."""
    used: set[str] = set()
    declared: set[str] = set()
    before = ""
    for token in tokens(text):
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            (declared if before == "PREFIX" else used).add(prefix)
        if token.kind not in LITERAL:
            before = token.word
    missing = sorted((used - declared) & set(PREFIXES))
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in missing) + text


def declared_prefixes(text: str) -> dict[str, str]:
    """Return prefix to namespace, as declared in the query with absolute IRIs."""
    found: dict[str, str] = {}
    last: list[str] = []
    for token in tokens(text):
        if token.kind == "space":
            continue
        if token.kind == "iri" and len(last) == 2 and last[0] == "PREFIX" and ":" in token.text:
            found[last[1]] = token.text[1:-1]
        last = [*last, token.word or token.text.partition(":")[0]][-2:]
    return found
