"""Call a tool from outside a request: arguments validated against the schema, in the application's context, on one build."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from flask import Flask
from werkzeug.test import create_environ

from kg.errors import EntenteError
from kg.formats import TURTLE
from kg.graph.namespaces import CATEGORY, ONTOLOGY_GRAPH
from kg.resources import resource_folder
from server.assistants.statements import Json
from server.assistants.tool_schema import Tool
from server.assistants.tools import answer, tools
from server.execution.context import pinned
from server.protocol.problems import Problem


class AssistantsError(EntenteError):
    """The Model Context Protocol is not available here."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text that an assistant can read: its address, name, description, and file in the ontology's folder."""

    uri: str
    name: str
    description: str
    file: str
    media_type: str = TURTLE.media_type


DOCUMENTS = (
    Document(ONTOLOGY_GRAPH, "ontology", "The graph's classes and properties (OWL), explained", "entente.ttl"),
    Document(CATEGORY, "categories", "The event categories: PLOVER's and others (SKOS)", "categories.ttl"),
)


class Toolbox:
    """The tools and documents of one application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        with self._context("http://localhost/"):
            self.tools: dict[str, Tool] = tools()

    def use(self, name: str, given: Mapping[str, Any], root: str) -> Json:
        """Return the answer of a tool, with addresses under ``root``.

        EntenteError (a Problem, a ParameterError, …) if there is none; its message is for the assistant.
        """
        tool = self.tools.get(name)
        if tool is None:
            raise AssistantsError(f"There is no tool {name[:60]!r}.")
        _check(tool.schema, given)
        with pinned(self._app.extensions["entente.engine"].serving), self._context(root):
            return answer(tool, given)

    def read(self, uri: str) -> tuple[Document, str]:
        """Return the document at an address."""
        found = next((document for document in DOCUMENTS if document.uri == uri), None)
        if found is None:
            raise AssistantsError(f"There is no resource {uri[:200]!r}; there are: {', '.join(each.uri for each in DOCUMENTS)}.")
        return found, (resource_folder("ontology") / found.file).read_text(encoding="utf-8")

    def _context(self, root: str) -> AbstractContextManager[object]:
        return self._app.request_context(create_environ("/mcp", root))


def said(error: EntenteError) -> str:
    """Return an error for an assistant: what is wrong, where, and what to do."""
    return error.text().strip() if isinstance(error, Problem) else str(error)


def _check(schema: Json, given: Mapping[str, Any]) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(schema).iter_errors(dict(given)))
    if error is not None:
        where = f"{error.path[0]}: " if error.path else ""
        raise AssistantsError(f"{where}{error.message[:300]}; the tool takes {json.dumps(list(schema['properties']))}.")


def require_sdk() -> None:
    """Raise AssistantsError if the protocol's SDK is not installed."""
    if find_spec("mcp") is None:
        raise AssistantsError("The Model Context Protocol needs a package that is not installed: pip install 'entente[mcp]'.")
