"""Describe the entities of one article: their IRIs, labels, classes and identifiers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.facts import ArticleFacts, Entity, Interval, Kind, Part, Tenure
from kg.graph import iris
from kg.graph.claims import claim
from kg.graph.namespaces import ENT, GEO, OWL, RDF, RDFS, SCHEMA, SKOS, with_broader
from kg.graph.terms import Quad, english, iri, typed

OFFICE_WEIGHT = 5_000
"""Evidence (in thousandths) that an entity is an office, given by a tenure of it."""
STATE_WEIGHT = 100
"""Evidence (in thousandths) that an entity is a state, given by a place or institution located in it."""


@dataclass
class Description:
    """What one article states about one entity, collected under its IRI before it is written."""

    iri: str
    label: str
    page: str | None = None
    names: set[str] = field(default_factory=set)
    weights: Counter[Kind] = field(default_factory=Counter)
    country: str | None = None
    point: tuple[float, float] | None = None
    organization: str | None = None


class Entities:
    """The entities of an article by key. Keys that lead to the same IRI (the same page) are one entity."""

    def __init__(self, facts: ArticleFacts, title: str) -> None:
        self.title = title
        self.descriptions: dict[str, Description] = {}
        self.by_key: dict[str, Description] = {}
        for entity in facts.entities:
            self._add(entity)
        for entity in facts.entities:
            if entity.country:
                self.by_key[entity.key].country = self._state(entity.country).iri

    def _describe(self, address: str, name: str, page: str | None) -> Description:
        found = self.descriptions.setdefault(address, Description(iri(address), iris.normal_title(page or name)))
        found.page = found.page or page
        return found

    def _add(self, entity: Entity) -> None:
        found = self._describe(self._address(entity), entity.label, entity.page)
        found.names.update((*entity.names, *entity.adjectives, entity.label))
        found.weights.update(_weights(entity))
        if found.point is None and entity.latitude is not None and entity.longitude is not None:
            found.point = (entity.latitude, entity.longitude)
        self.by_key[entity.key] = found

    def _address(self, entity: Entity) -> str:
        if entity.page:
            return iris.entity(entity.page)
        if entity.kind is Kind.AGREEMENT or entity.kind is Kind.EVENT:
            return iris.scoped(entity.key, self.title, f"{entity.kind.lower()}/")
        if entity.kind is Kind.PERSON and " " not in entity.key.strip():
            return iris.scoped(entity.key, self.title)
        return iris.entity(entity.key)

    def _state(self, key: str) -> Description:
        """Return the description of a state in which an entity is located; the article need not mention it elsewhere."""
        if key not in self.by_key:
            found = self._describe(iris.entity(key), key, key)
            found.weights[Kind.STATE] += STATE_WEIGHT
            self.by_key[key] = found
        return self.by_key[key]

    def office(self, tenure: Tenure) -> Description:
        """Return the description of a tenure's office: that of its page, or one named after the office and, where needed, the
        organization."""
        body = self.by_key.get(tenure.organization or "")
        known = self.by_key.get(tenure.office_page or tenure.office)
        if known is None and tenure.office_page:
            known = self._describe(iris.entity(tenure.office_page), tenure.office_page, tenure.office_page)
        if known is None:
            name = tenure.office
            unclear = body is not None and not any(word in name for word in (body.label, *body.names))
            address = iris.scoped(name, body.label) if body and unclear else iris.entity(name)
            known = self._describe(address, name, None)
        known.names.add(tenure.office)
        known.weights[Kind.OFFICE] += OFFICE_WEIGHT
        known.organization = known.organization or (body.iri if body else None)
        return known

    def known(self, keys: Iterable[str]) -> list[Description]:
        """Return the descriptions of the keys that the article describes, without duplicates."""
        return list({d.iri: d for d in (self.by_key.get(key) for key in keys) if d is not None}.values())


def _weights(entity: Entity) -> dict[Kind, int]:
    """Return the evidence for each class in thousandths, led by the class that the article settled on.

    An unknown class weighs next to nothing: it is kept until some article has evidence for another.
    """
    if entity.kind is Kind.ENTITY:
        return {entity.kind: 1}
    weights: Counter[Kind] = Counter()
    for evidence in entity.evidence:
        weights[evidence.kind] += round(evidence.weight * 1000)
    chosen = max(1, weights.pop(entity.kind, 0) or 1000)
    others = {kind: min(weight, chosen - 1) for kind, weight in weights.items()}
    return {entity.kind: chosen} | {kind: weight for kind, weight in others.items() if weight > 0}


def description_quads(found: Description, graph: str) -> Iterator[Quad]:
    """Return the statements about one entity. Those on which articles may disagree are claims."""
    subject = found.iri
    yield Quad(subject, iri(RDFS.label), english(found.label), graph)
    for name in found.names:
        clean = " ".join(name.split())
        if clean and clean != found.label:
            yield Quad(subject, iri(SKOS.altLabel), english(clean), graph)
    if found.page:
        yield Quad(subject, iri(SCHEMA.sameAs), iri(iris.wikipedia(found.page)), graph)
        yield Quad(subject, iri(OWL.sameAs), iri(iris.dbpedia(found.page)), graph)
    for kind, weight in found.weights.items():
        types = [(iri(RDF.type), iri(term)) for term in with_broader(ENT[kind.value])]
        yield claim(subject, "kind", weight, types, graph)
    if found.country and found.country != subject:
        yield claim(subject, "country", 1, [(iri(ENT.country), found.country)], graph)
    if found.point:
        latitude, longitude = (typed(f"{value:.5f}".rstrip("0").rstrip("."), "decimal") for value in found.point)
        yield claim(subject, "point", 1, [(iri(GEO.lat), latitude), (iri(GEO.long), longitude)], graph)
    if found.organization and found.organization != subject:
        yield claim(subject, "organization", 1, [(iri(ENT.organization), found.organization)], graph)


_DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def date_literal(value: str) -> str:
    """Return ``2008``, ``2008-02`` or ``2008-02-18`` as a literal of the type with that precision."""
    return typed(value, _DATE_TYPES[len(value)])


def interval_statements(when: Interval | None) -> list[tuple[str, str]]:
    """Return the predicates and objects that state a time interval."""
    if when is None:
        return []
    said = [(iri(ENT.date), date_literal(when.value))] if when.value and not when.inferred else []
    return [
        *said,
        (iri(ENT.dateBasis), iri(ENT.inferred if when.inferred else ENT.stated)),
        (iri(ENT.earliest), typed(when.earliest.isoformat(), "date")),
        (iri(ENT.latest), typed(when.latest.isoformat(), "date")),
    ]


def words_property(part: Part) -> str:
    """Return the property that links a fact to the words of one of its parts."""
    return ENT[f"{part}At"]
