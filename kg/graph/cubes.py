"""Write the statistics of a build as RDF Data Cube observations (https://www.w3.org/TR/vocab-data-cube/), in a graph of their own.

Each data set (``ontology/statistics.ttl`` defines its structure and states its counting rule) counts by its dimensions. An
observation is abbreviated as the recommendation allows: ``qb:dataSet`` implies its type. Its IRI is a digest of the data set and
the dimensions' values, so that it stays the same from build to build.
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
    """A data set: its name in IRIs, and its dimensions and measures as local names of the ontology's properties."""

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
    """The lines of N-Quads of one observation, unsorted; ``values`` are terms by dimension, a measure that has no count is 0."""
    digest = hashlib.sha256(b"\x1f".join((cube.name.encode(), *values))).hexdigest()[:16]
    subject = f"<{OBSERVATION}{digest}>".encode()
    written = _written(cube)
    yield subject + written.data_set
    for predicate, value in zip(written.dimensions, values, strict=True):
        yield b"%b%b%b%b" % (subject, predicate, value, _END)
    for predicate, measure in zip(written.measures, cube.measures, strict=True):
        yield b'%b%b"%d"^^<%b>%b' % (subject, predicate, counts.get(measure, 0), _INTEGER, _END)


class _Written(NamedTuple):
    """The parts of a cube's lines that are the same in each observation."""

    data_set: bytes
    dimensions: tuple[bytes, ...]
    measures: tuple[bytes, ...]


@cache
def _written(cube: Cube) -> _Written:
    dimensions, measures = (tuple(f" <{ENT[name]}> ".encode() for name in names) for names in (cube.dimensions, cube.measures))
    return _Written(f" <{QB.dataSet}> <{cube.iri}>".encode() + _END, dimensions, measures)


def heading() -> list[bytes]:
    """What the graph says of itself: that it is there. Queries fall back on counting where it is not."""
    about = ((RDF.type, iri(VOID.Dataset)), (RDFS.label, english("Statistics of the Entente knowledge graph")))
    return [f"<{STATISTICS}> <{predicate}> {value} <{STATISTICS}> .\n".encode() for predicate, value in about]


_END = f" <{STATISTICS}> .\n".encode()
_INTEGER = b"http://www.w3.org/2001/XMLSchema#integer"
