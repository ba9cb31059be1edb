"""Canned queries: files ``queries/NAME.rq`` with grlc's decorators (YAML after ``#+``) and one SPARQL SELECT that runs anywhere
unchanged.

Decorators read here: ``summary``, ``description``, ``tags``, ``defaults`` and ``enumerate`` as in grlc; ``view`` (how the page
presents the answer) and ``chart`` (the columns that it plots); ``parameters`` (label, help and, for an IRI, the class of entity to
pick from); ``events`` (which events of the search index its rows can be about, so that a page need not ask for all of them).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.errors import EntenteError
from kg.resources import resource_folder
from kg.sparql.query_parameters import ParameterError, QueryParameter, Value, parameter

VIEWS = ("table", "timeline", "bar", "line", "network", "map")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
DECORATOR = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)


EVENT = "event"
"""The variable of the events in a query with the decorator ``events``."""
_NARROWED = ("of", "categories", "modalities")


class CannedQueryError(EntenteError):
    """A query file that cannot be used. The message names the file, the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class EventList:
    """The events that the rows of a query can be about, as ``?event``; the rows are ordered by their earliest day, then by their IRI.

    ``of`` names the parameters whose values take part in them or are their place; ``categories`` and ``modalities``, if given, are
    the only ones.
    """

    of: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CannedQuery:
    """One canned query; ``text`` is its SPARQL as written in the file."""

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    view: str
    chart: Mapping[str, str]
    parameters: tuple[QueryParameter, ...]
    text: str
    events: EventList | None = None

    def bind(self, given: Mapping[str, str]) -> dict[str, Value]:
        """Return values by variable, for ``inline``; parameters that are not given take their defaults.

        ParameterError for a value that cannot be read, a required parameter without a value, or an unknown name.
        """
        unknown = sorted(set(given) - {p.name for p in self.parameters})
        if unknown:
            names = ", ".join(p.name for p in self.parameters) or "none"
            raise ParameterError(unknown[0], f"{self.name} has no parameter {unknown[0]!r}; it has: {names}.")
        values = {}
        for wanted in self.parameters:
            text = given.get(wanted.name, "").strip() or wanted.default
            if text:
                values[wanted.variable] = wanted.read(text)
            elif wanted.required:
                raise ParameterError(wanted.name, f"{wanted.label} is needed.")
        return values

    def examples(self, foremost: Callable[[str, int], Sequence[str]]) -> dict[str, str]:
        """Return example entities for the required parameters without a default, by parameter, all different.

        ``foremost`` returns the IRIs of the given number of most active entities of a class (``State``, ``Agent``, …).
        """
        found: dict[str, str] = {}
        for wanted in self.parameters:
            if wanted.type == "iri" and wanted.required and not wanted.default:
                taken = set(found.values())
                free = [iri for iri in foremost(wanted.entity, len(taken) + 1) if iri not in taken]
                found.update(dict.fromkeys([wanted.name], free[0]) if free else {})
        return found

    def listed_things(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """Return the IRIs that all events of the rows have as a participant or place, if ``values`` name them (``events``)."""
        variables = {parameter.name: parameter.variable for parameter in self.parameters}
        listed = self.events.of if self.events else ()
        return tuple(values[variables[name]].text for name in listed if variables[name] in values)

    def day(self, name: str, values: Mapping[str, Value]) -> str:
        """Return the value of the parameter with this name if it is a day; empty if there is none."""
        days = (p.variable for p in self.parameters if p.name == name and p.type == "date")
        return next((values[variable].text for variable in days if variable in values), "")

    def inline(self, values: Mapping[str, Value]) -> str:
        """Return the query's text with these values inlined. Parameters are not columns, so the columns never depend on what is given."""
        from kg.sparql.rewriting import inline

        return inline(self.text, {variable: value.sparql() for variable, value in values.items()}, shown=False)


def load_queries(folder: Path | None = None) -> dict[str, CannedQuery]:
    """Return all canned queries of a folder (default: those installed) by name, sorted."""
    folder = folder or resource_folder("queries")
    return {path.stem: read_query(path) for path in sorted(folder.glob("*.rq"), key=lambda path: path.stem)}


def read_query(path: Path) -> CannedQuery:
    """Read one query file; CannedQueryError if it is not valid."""
    if not NAME.fullmatch(path.stem):
        raise CannedQueryError(f"{path}: name query files with lower-case letters, digits, - and _ only.")
    try:
        return parse_query(path.stem, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CannedQueryError(f"{path}: cannot be read as UTF-8 text ({error}).") from None


def parse_query(name: str, source: str) -> CannedQuery:
    """Parse the canned query in ``source``."""
    from kg.sparql.rewriting import parameter_names

    about = _decorators(name, source)
    text = DECORATOR.sub("", source).strip() + "\n"
    view = str(about.get("view", "table"))
    if view not in VIEWS:
        raise CannedQueryError(f"{name}.rq: view is {view!r}; it can be: {', '.join(VIEWS)}.")
    if not re.search(r"\bSELECT\b", text, re.IGNORECASE):
        raise CannedQueryError(f"{name}.rq: only SELECT queries have a page; this one has no SELECT.")
    parameters = _parameters(name, about, parameter_names(text))
    if parameters and re.search(r"\bSELECT\s+(DISTINCT\s+|REDUCED\s+)?\*", text, re.IGNORECASE):
        raise CannedQueryError(f"{name}.rq: name the columns instead of SELECT *, so that parameters can be shown.")
    return CannedQuery(
        name=name,
        summary=str(about.get("summary") or name.replace("-", " ").capitalize()),
        description=" ".join(str(about.get("description", "")).split()),
        tags=tuple(str(tag) for tag in _list(about.get("tags"))),
        view=view,
        chart={str(key): str(value) for key, value in _mapping(name, about, "chart").items()},
        parameters=parameters,
        text=text,
        events=_events(name, about, parameters) if "events" in about else None,
    )


def _decorators(name: str, source: str) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML has libyaml
    try:
        about = yaml.load("\n".join(DECORATOR.findall(source)), loader) or {}  # noqa: S506 (both loaders are safe)
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise CannedQueryError(f"{name}.rq: the lines after #+ are not YAML (quote values with a colon): {problem}") from None
    if not isinstance(about, dict):
        raise CannedQueryError(f"{name}.rq: the lines after #+ must be a YAML mapping, such as '#+ summary: …'.")
    return about


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _mapping(name: str, about: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a decorator that is a mapping or, as grlc also allows, a list of mappings with one key each."""
    merged: dict[str, Any] = {}
    for part in _list(about.get(key)):
        if not isinstance(part, dict):
            raise CannedQueryError(f"{name}.rq: {key} must be a mapping or a list of mappings.")
        merged.update(part)
    return merged


def _events(name: str, about: dict[str, Any], parameters: Sequence[QueryParameter]) -> EventList:
    said = _mapping(name, about, "events")
    known = {parameter.name for parameter in parameters if parameter.type == "iri"}
    wrong = sorted(set(said) - set(_NARROWED)) + sorted(set(map(str, _list(said.get("of")))) - known)
    if wrong:
        raise CannedQueryError(f"{name}.rq: events: {wrong[0]!r} is neither one of {', '.join(_NARROWED)} nor a parameter with an IRI.")
    return EventList(*(tuple(map(str, _list(said.get(key)))) for key in _NARROWED))


def _parameters(name: str, about: dict[str, Any], variables: tuple[str, ...]) -> tuple[QueryParameter, ...]:
    described = _mapping(name, about, "parameters")
    defaults, choices = _mapping(name, about, "defaults"), _mapping(name, about, "enumerate")
    found = []
    for base in (parameter(variable) for variable in variables):
        more = described.get(base.name) or {}
        if not isinstance(more, dict):
            raise CannedQueryError(f"{name}.rq: parameters: {base.name}: must be a mapping with label, help or class.")
        found.append(
            replace(
                base,
                label=str(more.get("label", base.label)),
                help=str(more.get("help", "")),
                entity=str(more.get("class", base.name.capitalize() if base.type == "iri" else "")),
                default=str(defaults.get(base.name, "")),
                choices=tuple(str(choice) for choice in _list(choices.get(base.name))),
            )
        )
    unknown = sorted({*described, *defaults, *choices} - {p.name for p in found})
    if unknown:
        raise CannedQueryError(f"{name}.rq: {unknown[0]!r} is described, but the query has no parameter ?_{unknown[0]}.")
    order = list(described)
    return tuple(sorted(found, key=lambda p: order.index(p.name) if p.name in order else len(order)))
