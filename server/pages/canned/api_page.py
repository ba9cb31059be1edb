"""``/api``: the OpenAPI description as a page for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from server.pages.base import blueprint, canned_queries
from server.pages.canned.openapi import description
from server.pages.canned.openapi_parts import Json

GROUPS = (("Canned queries", "/api/queries/"), ("SPARQL", "/sparql"), ("Search, things, lists and changes", "/"))
"""Titles, and how the paths of each group begin; a path is of the first group that fits."""


@dataclass(frozen=True, slots=True)
class OperationParameter:
    """What an operation takes: its name, whether it must be given, its type in words, and what it means."""

    name: str
    required: bool
    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; ``takes`` and ``gives`` are media types, ``shared`` arguments that most have alike, told once on the page."""

    name: str
    method: str
    path: str
    summary: str
    about: str
    arguments: tuple[OperationParameter, ...]
    shared: tuple[str, ...]
    takes: tuple[str, ...]
    gives: tuple[str, ...]


@blueprint.route("/api")
def api_page() -> str:
    """All operations of the API, what each takes and gives."""
    told = description(canned_queries(), request.script_root or "/")
    components = told["components"]
    found = [_operation(path, method, told) for path, methods in told["paths"].items() for method in methods]
    groups = [(title, [o for o in found if _group(o.path) == title]) for title, _ in GROUPS]
    return render_template(
        "api.html",
        groups=groups,
        shared=[_argument(parameter) for key, parameter in components["parameters"].items() if key == parameter["name"]],
        rows=tuple(components["responses"]["Rows"]["content"]),
        problems=components["responses"]["Problem"]["description"],
        server=request.host_url.rstrip("/") + request.script_root,
    )


def _group(path: str) -> str:
    return next(title for title, beginning in GROUPS if path.startswith(beginning))


def _operation(path: str, method: str, told: Json) -> Operation:
    operation: Json = told["paths"][path][method]
    parameters = [(_key(parameter), _resolved(parameter, told)) for parameter in operation.get("parameters", ())]
    return Operation(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        about=operation.get("description", ""),
        arguments=tuple(_argument(parameter) for key, parameter in parameters if key != parameter["name"]),
        shared=tuple(key for key, parameter in parameters if key == parameter["name"]),
        takes=tuple(operation.get("requestBody", {}).get("content", ())),
        gives=tuple(_resolved(operation["responses"]["200"], told).get("content", ())),
    )


def _key(parameter: Json) -> str:
    """The key under which a parameter is shared by operations; empty if it is not. Those told once on the page have their name as key."""
    return str(parameter.get("$ref", "")).rpartition("/")[2]


def _resolved(value: Json, told: Json) -> Json:
    """What a reference within the description leads to; any other value as it is."""
    found: Any = value
    if "$ref" in value:
        found = told
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return dict(found)


def _argument(parameter: Json) -> OperationParameter:
    return OperationParameter(
        parameter["name"], bool(parameter.get("required")), _kind(parameter["schema"]), parameter.get("description", "")
    )


def _kind(schema: Json) -> str:
    """A type in words, with its values and default."""
    kind = " or ".join(map(str, schema["enum"])) if "enum" in schema else schema.get("format", schema.get("type", ""))
    return f"{kind}; {schema['default']} unless given" if "default" in schema else str(kind)
