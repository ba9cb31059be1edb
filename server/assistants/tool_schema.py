"""Define what a tool for assistants is, and the JSON Schemas of arguments that several tools take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.store.index.search import CLASSES
from server.assistants.statements import Json

SUPPORTED = 20
"""Number of things in an answer for which sentences and references are given."""
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: ``schema`` is the JSON Schema of its arguments, ``run`` returns the answer for valid ones."""

    name: str
    title: str
    description: str
    schema: Json
    run: Callable[[Mapping[str, Any]], Json]


def object_schema(required: Sequence[str] = (), **properties: Json) -> Json:
    """Return the schema of a tool's arguments by name; no others are allowed."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def class_schema(about: str) -> Json:
    """Return the schema of an argument that is a class of the graph."""
    return {"enum": [*CLASSES, "Agent", "Entity"], "description": about}


def string_schema(about: str, longest: int = LONGEST_TEXT) -> Json:
    """Return the schema of an argument that is a text of 1 to ``longest`` characters."""
    return {"type": "string", "minLength": 1, "maxLength": longest, "description": about}


def number_schema(about: str, usual: int, most: int) -> Json:
    """Return the schema of an argument that is a whole number from 1 to ``most``, by default ``usual``."""
    return {"type": "integer", "minimum": 1, "maximum": most, "default": usual, "description": about}


YEAR = {"type": ["string", "integer"], "pattern": "^[0-9]{4}$", "minimum": 1000, "maximum": 9999}
AFTER = {
    "type": "integer",
    "minimum": 0,
    "maximum": 10**12,
    "description": "'next' of the previous answer, to continue from there",
}
