"""Facets of event lists: the filter in a request, and the form that offers filters with counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, request

from kg.graph.namespaces import CATEGORY
from kg.sparql import query_parameters
from kg.store.index.facet_counts import CONFIDENCES
from kg.store.index.selections import Filter
from server.pages.paging import described, lists
from server.pages.term_display import MODALITIES, QUADS
from server.pages.things.thing import CONFIDENCES as WORDS
from server.protocol.problems import Problem
from server.web.request_context import engine

CODE = re.compile(r"[A-Z]+(?:-[a-z]+)*")
BASES = {"stated": "stated in the sentence", "inferred": "inferred from what stands around it"}
MOST_CATEGORIES = 60
PARAMETERS = ("from", "to", "category", "modality", "basis", "sure", "confidence", "quad")
SURE = {word: round(100 * least) for least, word in WORDS}
"""The least confidence, in hundredths, for each word of the parameter ``sure``."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value offered by a facet: as in addresses, in words, its count (None: not counted), and whether it is chosen."""

    value: str
    name: str
    number: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetForm:
    """The facets of a list as shown on its page; ``given`` are the request's values by parameter."""

    given: dict[str, object]
    categories: tuple[Option, ...]
    modalities: tuple[Option, ...]
    bases: tuple[Option, ...]
    confidences: tuple[Option, ...]


def _category_names() -> Mapping[str, str]:
    """Return the names of the categories that occur in the build, by code; queried once per build, unless that times out."""
    kept: tuple[str, Mapping[str, str]] = current_app.extensions.get("entente.category_names", ("", {}))
    build = engine().build.id
    if kept[0] == build:
        return kept[1]
    rows = described("categories-listed", "category", [CATEGORY + code for code in lists().categories()])
    names = {str(row["code"]): str(row["label"]) for row in rows}
    if names:
        current_app.extensions["entente.category_names"] = (build, names)
    return names


def asked_for() -> Filter:
    """Return the filter in a request's parameters. Problem 400 if it is invalid."""
    names = ("category", "modality", "basis", "confidence", "sure")
    code, modality, basis, confidence, sure = (request.args.get(name, "").strip() for name in names)
    if code and not CODE.fullmatch(code):
        raise Problem(400, f"There is no event category {code[:40]!r}.", "The page of categories lists them all.")
    for name, value, known in (
        ("modality", modality, ("asserted", *MODALITIES)),
        ("basis", basis, tuple(BASES)),
        ("sure", sure, tuple(SURE)),
    ):
        if value and value not in known:
            raise Problem(400, f"There is no {name} {value[:40]!r}.", f"There are: {', '.join(known)}.")
    if confidence and confidence not in map(str, CONFIDENCES):
        raise Problem(400, f"{confidence[:20]!r} is no confidence that can be chosen.", f"There are: {', '.join(map(str, CONFIDENCES))}.")
    quads = tuple(sorted(set(request.args.getlist("quad")) & {*QUADS, "neither"}))
    return Filter(year("from", "01-01"), year("to", "12-31"), code, quads, modality, basis, max(SURE.get(sure, 0), int(confidence or 0)))


def year(name: str, day: str) -> str:
    """Return a day in the year given by a parameter, or an empty string. Problem 400 if it is not a year."""
    text = request.args.get(name, "").strip()
    try:
        return f"{query_parameters.year(text)}-{day}" if text else ""
    except ValueError:
        raise Problem(400, f"{text[:20]!r} is not a year.", "Write a year with four digits, such as 2008.") from None


def form(wanted: Filter, iri: str | None = None, code: str = "", between: tuple[str, str] | None = None) -> FacetForm:
    """Return the facets of a filtered list: the events of a thing, of a category, of two things, or all."""
    found = lists().facets(wanted, iri, code, between)
    counted = dict(found.categories[:MOST_CATEGORIES])
    counted.setdefault(wanted.category, 0)
    names = _category_names()
    given: dict[str, object] = {name: request.args.get(name, "") for name in PARAMETERS if request.args.get(name)}
    if wanted.quads:
        given["quad"] = list(wanted.quads)
    modalities, bases, confidences = dict(found.modalities), dict(found.bases), dict(found.confidences)
    return FacetForm(
        given,
        tuple(Option(c, names[c], n or None, c == wanted.category) for c, n in counted.items() if c in names),
        tuple(
            Option(m, MODALITIES[m][0].lower() if m in MODALITIES else m, modalities.get(m), m == wanted.modality)
            for m in ("asserted", *MODALITIES)
        ),
        tuple(Option(b, name, bases.get(b), b == wanted.basis) for b, name in BASES.items()),
        tuple(
            Option(word, f"{word}: {least / 100:g} or more", confidences.get(least), least == wanted.confidence)
            for word, least in SURE.items()
            if least
        ),
    )
