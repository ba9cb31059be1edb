"""Validate a request's parameters for a canned query: names become IRIs, errors become messages beside their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg.sparql.canned import CannedQuery
from kg.sparql.query_parameters import IRI, ParameterError, QueryParameter, Value
from kg.store.index.search import NameHit, classes_in
from server.pages.base import search_index
from server.pages.canned.picking import choose

OURS = frozenset({"page", "sort", "order", "format", "timeout", "limit", "offset"})
"""Names in an address that are not parameters of a query."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter in the form: its text, its error, and the candidates (also as a question)."""

    parameter: QueryParameter
    text: str
    value: str
    problem: str = ""
    question: str = ""
    candidates: tuple[NameHit, ...] = ()
    suggestions: tuple[NameHit, ...] = ()

    @property
    def sort(self) -> str:
        """The kind of input element."""
        return "entity" if self.parameter.type == "iri" else {"date": "date", "integer": "number"}.get(self.parameter.type, "text")


@dataclass(frozen=True, slots=True)
class Asked:
    """A canned query with the values to bind; ``given`` are those of the address, for making links."""

    query: CannedQuery
    fields: tuple[Field, ...]
    values: Mapping[str, Value]
    given: Mapping[str, str]

    @property
    def problems(self) -> list[Field]:
        """The fields with errors."""
        return [field for field in self.fields if field.problem]


def read(query: CannedQuery, arguments: Mapping[str, str], *, suggest: bool = True) -> Asked:
    """Return the query of a request. If no values are given, the most active entities fill required parameters, if ``suggest``."""
    names = {p.name for p in query.parameters}
    given = {name: text.strip() for name, text in arguments.items() if name in names and text.strip()}
    if suggest and not given:
        given = query.examples(_foremost)
    fields = tuple(_field(parameter, given.get(parameter.name, "")) for parameter in query.parameters)
    values = {}
    checked = []
    for field in fields:
        problem, value = _value(field)
        shown = replace(field, text=value.text, value=value.text) if value and field.sort == "date" else field  # of a year, its first day
        checked.append(replace(shown, problem=field.problem or problem))
        if value is not None:
            values[field.parameter.variable] = value
    return Asked(query, tuple(checked), values, {f.parameter.name: f.value for f in checked if f.value})


def strict(query: CannedQuery, arguments: Mapping[str, str]) -> Asked:
    """Return the query of a program's request: ParameterError for the first error, and for unknown names."""
    unknown = sorted(set(arguments) - {p.name for p in query.parameters} - OURS)
    if unknown:
        known = ", ".join(p.name for p in query.parameters) or "none"
        raise ParameterError(unknown[0], f"{query.name} has no parameter {unknown[0]!r}; it has: {known}.")
    asked = read(query, arguments, suggest=False)
    for field in asked.problems:
        raise ParameterError(field.parameter.name, f"{field.problem} {field.question}".rstrip())
    return asked


def _field(parameter: QueryParameter, text: str) -> Field:
    text = text or parameter.default
    if parameter.type != "iri":
        return Field(parameter, text, text)
    kinds = classes_in(parameter.entity)
    suggestions = tuple(search_index().foremost(kinds, 40))
    if not text:
        return Field(parameter, "", "", suggestions=suggestions)
    choice = choose(text, kinds)
    if choice.iri is None and IRI.fullmatch(text):
        return Field(parameter, text, text, suggestions=suggestions)
    return Field(parameter, choice.text, choice.iri or text, choice.problem, choice.question, choice.candidates, suggestions)


def _value(field: Field) -> tuple[str, Value | None]:
    """Return the error of a field, or its value."""
    if field.problem:
        return field.problem, None
    if not field.value:
        return (f"{field.parameter.label} is needed.", None) if field.parameter.required else ("", None)
    try:
        return "", field.parameter.read(field.value)
    except ParameterError as error:
        return str(error), None


def _foremost(entity: str, number: int) -> list[str]:
    return [thing.iri for thing in search_index().foremost(classes_in(entity), number)]
