"""Pieces of OpenAPI descriptions that several operations have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.formats import Format

Json = dict[str, Any]


def ref(name: str) -> Json:
    """Return a reference to a shared parameter."""
    return {"$ref": f"#/components/parameters/{name}"}


def problems(statuses: Iterable[str]) -> Json:
    """Return the responses with problem details, by status."""
    return {status: {"$ref": "#/components/responses/Problem"} for status in statuses}


def as_text(forms: Iterable[Format]) -> Json:
    """Return the content of a response that is text in one of some formats."""
    return {form.media_type: {"schema": {"type": "string"}} for form in forms}


def described(name: str, about: str, schema: Json, *, required: bool = False) -> Json:
    """Return the description of a query parameter; one need not be given unless that is said."""
    return {"name": name, "in": "query", **({"required": True} if required else {}), "description": about, "schema": schema}


def text(name: str, about: str) -> Json:
    """Return the description of a query parameter that is any text."""
    return described(name, about, {"type": "string"})
