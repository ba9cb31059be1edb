"""One resource with its statements, prepared for its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from flask import url_for
from rdflib import URIRef

from kg.graph.namespaces import PREFIXES, RESOURCE
from server.execution.engine import Row
from server.pages.addresses import page_address, web_address
from server.pages.listing import ListedLink
from server.pages.term_display import between_in_words, in_words, local

ENT = PREFIXES["ent"]
ENTITIES = ("State", "Person", "Institution", "Place", "Agreement", "Office")
KINDS = (*ENTITIES, "Tenure", "Event", "Article", "Passage", "Citation", "Publisher", "Correction", "Retracted")
NOUNS = {"Passage": "Sentence", "Citation": "Reference", "Retracted": "Retracted statement"}
"""The noun for a class on pages, if other than its name."""

SCHEMA_TYPES = {
    "State": "Country",
    "Person": "Person",
    "Institution": "Organization",
    "Place": "Place",
    "Agreement": "Legislation",
    "Event": "Event",
    "Article": "Article",
    "Citation": "CreativeWork",
    "Publisher": "Organization",
}
"""The schema.org class in a page's JSON-LD, as aligned in the ontology."""

CONFIDENCES = ((0.8, "sure"), (0.5, "likely"), (0.0, "uncertain"))
"""The minimum confidence of each word."""
DATA_LINKS = (
    ("Turtle", "ttl", "text/turtle"),
    ("JSON-LD", "jsonld", "application/ld+json"),
    ("N-Triples", "nt", "application/n-triples"),
    ("RDF/XML", "rdf", "application/rdf+xml"),
)


@dataclass(frozen=True)
class Thing:
    """One thing and its statements (rows of the query ``about``)."""

    iri: str
    rows: tuple[Row, ...]

    @cached_property
    def types(self) -> frozenset[str]:
        """The local names of its classes in our ontology."""
        return frozenset(local(v) for v in self.values(PREFIXES["rdf"] + "type") if v.startswith(ENT))

    @cached_property
    def kind(self) -> str:
        """Its most specific class: ``State``, ``Event``, …; ``Entity`` or ``Statement`` if it has none of them.

        An event that is named but not reported (a war, an election) is shown as an entity.
        """
        other = "Entity" if "Entity" in self.types else "Statement"
        kind = next((kind for kind in KINDS if kind in self.types), other)
        return "Named event" if kind == "Event" and not self.values(ENT + "modality") else kind

    @property
    def noun(self) -> str:
        """The noun for its class."""
        return NOUNS.get(self.kind, self.kind)

    def values(self, prop: str) -> list[str]:
        """Return the values of a property, as text, in order."""
        return [str(row["value"]) for row in self.rows if str(row["property"]) == prop]

    def value(self, prop: str) -> str:
        """Return the first value of a property, or an empty string."""
        return next(iter(self.values(prop)), "")

    def links(self, prop: str) -> list[ListedLink]:
        """Return the things to which a property of our ontology links, with names."""
        found: dict[str, ListedLink] = {}
        for row in self.rows:
            if str(row["property"]) == ENT + prop and isinstance(row["value"], URIRef):
                iri = str(row["value"])
                found.setdefault(iri, ListedLink(str(row.get("label") or local(iri).replace("_", " ")), page_address(iri)))
        return list(found.values())

    @property
    def key(self) -> str:
        """Its key in addresses."""
        return self.iri.removeprefix(RESOURCE)

    @cached_property
    def label(self) -> str:
        """Its name."""
        return self.value(PREFIXES["rdfs"] + "label") or local(self.iri).replace("_", " ")

    @cached_property
    def other_names(self) -> list[str]:
        """Its other names, without those that differ from the label in case only."""
        names = self.values(PREFIXES["skos"] + "altLabel")
        return sorted({name for name in names if name.casefold() != self.label.casefold()}, key=lambda name: (len(name), name))

    @property
    def date(self) -> str:
        """Its date in words, or its period."""
        first, last = self.value(ENT + "earliest"), self.value(ENT + "latest")
        given = self.value(ENT + "date")
        if first and local(self.value(ENT + "dateBasis")) == "inferred":
            return between_in_words(first, last)
        return in_words(given) if given or not first else f"{in_words(first)} – {in_words(last)}"

    @cached_property
    def elsewhere(self) -> list[ListedLink]:
        """Its descriptions elsewhere: Wikipedia, DBpedia."""
        addresses = self.values(PREFIXES["schema"] + "sameAs") + self.values(PREFIXES["owl"] + "sameAs")
        names = {"wikipedia.org": "Wikipedia", "dbpedia.org": "DBpedia", "wikidata.org": "Wikidata"}
        return [ListedLink(next((name for host, name in names.items() if host in url), url), url) for url in addresses if web_address(url)]

    @cached_property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, where known."""
        geo = PREFIXES["geo"]
        try:
            return float(self.value(geo + "lat")), float(self.value(geo + "long"))
        except ValueError:
            return None

    @property
    def confidence(self) -> str:
        """Its confidence in a word with the figure: "likely (0.63)"; empty if it has none."""
        value = self.value(ENT + "confidence")
        return f"{next(word for least, word in CONFIDENCES if float(value) >= least)} ({value})" if value else ""

    @property
    def data_links(self) -> list[tuple[str, str, str]]:
        """Its data: name, address and media type of each format."""
        return [(name, url_for("pages.data", key=self.key, ending=ending), kind) for name, ending, kind in DATA_LINKS]

    def linked_data(self, more: Iterable[tuple[str, object]] = ()) -> dict[str, object]:
        """The page's JSON-LD for search engines, in schema.org's terms."""
        about: dict[str, object] = {
            "@context": "https://schema.org",
            "@type": SCHEMA_TYPES.get(self.kind, "Thing"),
            "@id": self.iri,
            "name": self.label,
            "alternateName": self.other_names,
            "sameAs": [link.href for link in self.elsewhere],
            "url": url_for("pages.page", key=self.key, _external=True),
        }
        if self.coordinates:
            about["geo"] = {"@type": "GeoCoordinates", "latitude": self.coordinates[0], "longitude": self.coordinates[1]}
        about.update(more)
        return {name: value for name, value in about.items() if value not in ([], "", None)}
