"""Write the statistics of a build as RDF Data Cube observations (https://www.w3.org/TR/vocab-data-cube/), in a graph of their own.

``ontology/statistics.ttl`` defines the structure of each data set and states its counting rule. Observations are abbreviated as the
recommendation allows: ``qb:dataSet`` implies their type. The IRI of an observation is a digest of its data set and the values of
its dimensions, so it stays the same from build to build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from kg.graph.namespaces import ENT, QB, RDF, RDFS, STATISTICS, VOID
from kg.graph.terms import english, iri

OBSERVATION = f"{STATISTICS}/observation/"


@dataclass(frozen=True)
class Cube:
    """A data set: its name in IRIs, and the local names of the properties that are its dimensions and measures."""

    name: str
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]

    @property
    def iri(self) -> str:
        """The data set's IRI."""
        return f"{STATISTICS}/{self.name}"


CATEGORIES = Cube("events-by-category", ("refCategory", "refModality"), ("eventCount",))
YEARS = Cube("events-by-year", ("refYear", "refCategory", "refModality"), ("eventCount",))
ENTITY_YEARS = Cube("entity-events-by-year", ("refEntity", "refYear", "refCategory"), ("eventCount",))
PAIR_YEARS = Cube("pair-events-by-year", ("refOne", "refOther", "refYear", "refQuadClass", "refModality"), ("eventCount",))
ENTITIES = Cube("entities", ("refEntity",), ("eventCount", "placeCount", "mentionCount", "agreementCount"))
ARTICLES = Cube("articles", ("refArticle",), ("passageCount", "eventCount", "referenceCount"))
PUBLISHERS = Cube("publishers", ("refPublisher",), ("referenceCount", "eventCount"))
PUBLICATION_YEARS = Cube("publication-years", ("refYear",), ("referenceCount", "eventCount"))
CUBES = (CATEGORIES, YEARS, ENTITY_YEARS, PAIR_YEARS, ENTITIES, ARTICLES, PUBLISHERS, PUBLICATION_YEARS)


def observation(cube: Cube, values: Sequence[bytes], counts: Mapping[str, int]) -> Iterator[bytes]:
    """Return one observation as unsorted N-Quads. ``values`` are the terms of the dimensions; a measure without a count is 0."""
    digest = hashlib.sha256(b"\x1f".join((cube.name.encode(), *values))).hexdigest()[:16]
    subject = f"<{OBSERVATION}{digest}>".encode()
    written = _written(cube)
    yield subject + written.data_set
    for predicate, value in zip(written.dimensions, values, strict=True):
        yield b"%b%b%b%b" % (subject, predicate, value, _END)
    for predicate, measure in zip(written.measures, cube.measures, strict=True):
        yield b'%b%b"%d"^^<%b>%b' % (subject, predicate, counts.get(measure, 0), _INTEGER, _END)


class _Written(NamedTuple):
    """The parts of a cube's lines that all its observations share."""

    data_set: bytes
    dimensions: tuple[bytes, ...]
    measures: tuple[bytes, ...]


@cache
def _written(cube: Cube) -> _Written:
    dimensions, measures = (tuple(f" <{ENT[name]}> ".encode() for name in names) for names in (cube.dimensions, cube.measures))
    return _Written(f" <{QB.dataSet}> <{cube.iri}>".encode() + _END, dimensions, measures)


def heading() -> list[bytes]:
    """Describe the statistics graph itself. Queries count for themselves where the graph does not exist."""
    about = ((RDF.type, iri(VOID.Dataset)), (RDFS.label, english("Statistics of the Entente knowledge graph")))
    return [f"<{STATISTICS}> <{predicate}> {value} <{STATISTICS}> .\n".encode() for predicate, value in about]


_END = f" <{STATISTICS}> .\n".encode()
_INTEGER = b"http://www.w3.org/2001/XMLSchema#integer"
