"""Normalize terms and rows of SPARQL JSON results, so that equivalent ones are equal."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")}
Row = tuple[Any, ...]


def term(value: dict[str, str] | None) -> Any:
    """Normalize a term of SPARQL JSON results: numbers by value, strings with or without xsd:string."""
    if value is None:
        return None
    text, datatype = value["value"], value.get("datatype", XSD + "string")
    if value["type"] == "uri":
        return ("iri", text)
    if "xml:lang" in value:
        return ("text", text, value["xml:lang"].lower())
    if datatype in NUMBERS:
        try:
            return ("number", round(Decimal(text), 6).normalize())
        except InvalidOperation:
            return ("number", text)
    if datatype == XSD + "boolean":
        return ("boolean", {"1": "true", "0": "false"}.get(text, text))
    return ("literal", text, datatype)


def rows(answer: dict[str, Any]) -> list[Row]:
    """Return the rows of an answer in SPARQL JSON results."""
    names = sorted(answer["head"]["vars"])
    return [tuple(term(binding.get(name)) for name in names) for binding in answer["results"]["bindings"]]


def compare(ours: list[Row], theirs: list[Row], *, in_order: bool) -> str:
    """Return "" if the rows are the same, else the difference."""
    left, right = Counter(ours), Counter(theirs)
    if left != right:
        missing, extra = sum((left - right).values()), sum((right - left).values())
        return f"{missing} of {len(ours)} rows missing, {extra} others"
    return "same rows in another order" if in_order and ours != theirs else ""
