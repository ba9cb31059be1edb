"""The properties for matching and extending tables, and their values for many things at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from kg.graph.namespaces import ONTOLOGY_GRAPH, RESOURCE
from kg.store.index.search import CLASSES
from server.execution.engine import Row
from server.pages.paging import described
from server.pages.term_display import NUMBERS, datatype, local

Json = dict[str, Any]
ENT = ONTOLOGY_GRAPH + "#"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
FACTS = ("Agreement", "Event")


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its name in the service, its IRI, its label, and the classes for which it is proposed."""

    id: str
    iri: str
    name: str
    classes: tuple[str, ...] = CLASSES

    def described(self) -> Json:
        """Return the service's description of it."""
        return {"id": self.id, "name": self.name}


PROPERTIES = (
    Property("alias", "http://www.w3.org/2004/02/skos/core#altLabel", "other name"),
    Property("country", ENT + "country", "country", ("Institution", "Place")),
    Property("organization", ENT + "organization", "organization", ("Office",)),
    Property("wikipedia", "https://schema.org/sameAs", "Wikipedia article"),
    Property("same-as", "http://www.w3.org/2002/07/owl#sameAs", "the same in DBpedia or Wikidata"),
    Property("latitude", GEO + "lat", "latitude", ("Place",)),
    Property("longitude", GEO + "long", "longitude", ("Place",)),
    Property("date", ENT + "date", "date", FACTS),
    Property("earliest", ENT + "earliest", "earliest day", FACTS),
    Property("latest", ENT + "latest", "latest day", FACTS),
    Property("place", ENT + "place", "place", FACTS),
    Property("mediator", ENT + "mediator", "mediator", FACTS),
    Property("party", ENT + "party", "party", ("Agreement",)),
    Property("signatory", ENT + "signatory", "signatory", ("Agreement",)),
    Property("actor", ENT + "actor", "actor", ("Event",)),
    Property("recipient", ENT + "recipient", "recipient", ("Event",)),
    Property("category", ENT + "category", "event category", ("Event",)),
    Property("modality", ENT + "modality", "modality", ("Event",)),
    Property("url", "https://schema.org/url", "address", ("Article",)),
    Property("revision", ENT + "revision", "revision", ("Article",)),
)
BY_ID = {each.id: each for each in PROPERTIES}
_BY_IRI = {each.iri: each.id for each in PROPERTIES}


def values(iris: Sequence[str]) -> dict[str, dict[str, list[Json]]]:
    """Return the values of some things by IRI and property, in the service's format."""
    found: dict[str, dict[str, list[Json]]] = {iri: defaultdict(list) for iri in iris}
    for row in described("reconciled", "thing", list(found)):
        name = _BY_IRI.get(str(row["property"]))
        if name:
            found[str(row["thing"])][name].append(_value(row))
    return found


def _value(row: Row) -> Json:
    term: Identifier = row["value"]
    text = str(term)
    if isinstance(term, URIRef):
        if text.startswith(RESOURCE):
            return {"id": text.removeprefix(RESOURCE), "name": str(row.get("label", local(text)))}
        return {"str": str(row.get("label", local(text) if text.startswith(ENT) else text))}
    kind = datatype(term)
    if kind in NUMBERS and isinstance(term, Literal):
        number = term.toPython()
        return {"int": number} if isinstance(number, int) else {"float": float(text)}
    return {"date": f"{text}T00:00:00Z"} if kind == "date" else {"str": text}  # the service's dates have a time
