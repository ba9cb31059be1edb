"""Format terms of the graph for display: dates in words, numbers with separators, IRIs by their labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from kg.graph.namespaces import CATEGORY, ONTOLOGY_GRAPH, PREFIXES
from kg.sparql.query_parameters import IRI
from server.execution.engine import Row
from server.pages.addresses import page_address, web_address
from server.web.request_context import engine

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?")
NUMBERS = frozenset(["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"])
QUADS = {
    "verbalCooperation": "verbal cooperation",
    "materialCooperation": "material cooperation",
    "verbalConflict": "verbal conflict",
    "materialConflict": "material conflict",
}
"""PLOVER's quad classes by local name, from the most cooperative."""

MODALITIES = {
    "negated": ("Negated", "The text says that this was not so: it did not take place, was refused, or failed."),
    "future": ("Planned", "The text reports this as planned, promised or expected, not as done."),
    "hypothetical": ("Conditional", "The text reports this as conditional or possible only, not as done."),
    "alleged": ("Alleged", "The text reports that somebody claims this, not that it is so."),
}
"""A badge and a sentence for events that are not simply asserted."""


@dataclass(frozen=True, slots=True)
class DisplayedTerm:
    """A value in a table: its text, link, style (``number``, ``date``, ``modality``, ``quad``, ``text``) and sort key."""

    text: str
    href: str | None = None
    kind: str = "text"
    value: str = ""
    sort: tuple[int, float, str] = (2, 0.0, "")


EMPTY = DisplayedTerm("", kind="empty", sort=(3, 0.0, ""))


def local(iri: str | Identifier | None) -> str:
    """Return the last segment of an IRI: ``asserted`` of ``…/ontology#asserted``."""
    text = str(iri or "")
    return text[max(text.rfind("#"), text.rfind("/")) + 1 :]


def in_words(date: str | Identifier | None) -> str:
    """Return an XSD date, month or year in English: ``3 May 1996``."""
    match = _DATE.fullmatch(str(date or ""))
    if not match:
        return str(date or "")
    year, month, day = match.groups()
    if not month or not 1 <= int(month) <= len(MONTHS):
        return year.lstrip("0") or year
    words = f"{MONTHS[int(month) - 1]} {year}"
    return f"{int(day)} {words}" if day else words


def between_in_words(first: str | Identifier | None, last: str | Identifier | None) -> str:
    """Return inferred bounds in English, by month: ``between May and July 2018``, ``May 2018, inferred``; a whole year as one."""
    begin, end = _DATE.fullmatch(str(first or "")), _DATE.fullmatch(str(last or ""))
    if begin is None or end is None or not begin[2] or not end[2]:
        return in_words(first)
    if begin[1] == end[1] and (begin[2], end[2]) == ("01", "12"):
        return f"{in_words(begin[1])}, inferred"
    months = [in_words(f"{m[1]}-{m[2]}") for m in (begin, end)]
    if months[0] == months[1]:
        return f"{months[0]}, inferred"
    opening = MONTHS[int(begin[2]) - 1] if begin[1] == end[1] else months[0]
    return f"between {opening} and {months[1]}"


def datatype(term: Identifier) -> str:
    """Return the local name of a literal's datatype, or an empty string."""
    return local(term.datatype) if isinstance(term, Literal) and term.datatype else ""


def cell(term: Identifier | None, label: str | None = None) -> DisplayedTerm:
    """Format a term; ``label`` is the label of an IRI."""
    if term is None:
        return EMPTY
    text = str(term)
    if isinstance(term, URIRef):
        return _iri_cell(text, label)
    kind = datatype(term)
    if kind in NUMBERS:
        return DisplayedTerm(_number(text), kind="number", value=text, sort=(0, _float(text), text))
    if kind in ("date", "gYear", "gYearMonth") or _DATE.fullmatch(text):
        return DisplayedTerm(in_words(text), kind="date", value=text, sort=(1, 0.0, text))
    return DisplayedTerm(text, kind="text", value=text, sort=(2, 0.0, text.casefold()))


def _iri_cell(iri: str, label: str | None) -> DisplayedTerm:
    name = local(iri)
    if iri.startswith(ONTOLOGY_GRAPH) and name in QUADS:
        return DisplayedTerm(QUADS[name], kind="quad", value=name, sort=(2, 0.0, name))
    if iri.startswith(ONTOLOGY_GRAPH) and (name in MODALITIES or name == "asserted"):
        return DisplayedTerm(MODALITIES[name][0] if name in MODALITIES else "asserted", kind="modality", value=name, sort=(2, 0.0, name))
    page = page_address(iri)
    text = label or (name.replace("_", " ") if page else iri)
    return DisplayedTerm(text, page or web_address(iri), "link" if page else "address", iri, (2, 0.0, text.casefold()))


def _number(text: str) -> str:
    """Format a number with thin spaces between thousands."""
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}".replace(",", "\u2009") + point + rest if whole.lstrip("+-").isdigit() else text


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def labels(iris: Iterable[str]) -> dict[str, str]:
    """Return the names of many things with a single query: label, else title, else the text of a sentence."""
    wanted = sorted({iri for iri in iris if IRI.fullmatch(iri)})
    if not wanted:
        return {}
    prologue = " ".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in ("rdfs", "dcterms", "ent"))
    query = f"""
        {prologue}
        SELECT ?thing (MIN(?name) AS ?label) WHERE {{
          VALUES ?thing {{ {" ".join(f"<{iri}>" for iri in wanted)} }}
          OPTIONAL {{ ?thing rdfs:label ?called }}
          OPTIONAL {{ ?thing dcterms:title ?title }}
          OPTIONAL {{ ?thing ent:text ?text }}
          BIND(COALESCE(STR(?called), STR(?title), STR(?text)) AS ?name)
        }} GROUP BY ?thing"""
    return {str(row["thing"]): str(row["label"]) for row in engine().select(query) if "label" in row}


def quad(row: Row) -> str:
    """Return the quad class in a row as a CSS class: ``materialConflict``, or ``neither``."""
    return local(row.get("quad")) or "neither"


def unique(values: Iterable[str]) -> list[str]:
    """Return the values without duplicates, in order."""
    return list(dict.fromkeys(values))


def table(rows: Sequence[Row], columns: Sequence[tuple[str, str | None]]) -> list[list[DisplayedTerm]]:
    """Return rows of cells for columns given as pairs of variable and label variable (or None)."""
    missing = labels(
        str(row[name])
        for row in rows
        for name, label in columns
        if label is None and isinstance(row.get(name), URIRef) and _named_here(str(row[name]))
    )
    return [
        [cell(row.get(name), str(row[label]) if label and label in row else missing.get(str(row.get(name)))) for name, label in columns]
        for row in rows
    ]


def _named_here(iri: str) -> bool:
    return page_address(iri) is not None or iri.startswith(CATEGORY)
