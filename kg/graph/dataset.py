"""Describe the dataset with VoID, DCAT and PROV, in a named graph of its own."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kg.graph import ntriples
from kg.graph.namespaces import (
    BUILDS,
    DATASET,
    DCTERMS,
    DUMPS,
    ENDPOINT,
    ENT,
    OWL,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SOFTWARE,
    STATISTICS,
    VOID,
    Vocabulary,
)
from kg.graph.terms import Quad, address, english, iri, text, typed

LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_USED_VOCABULARIES = ("ent", "cat", "rdfs", "owl", "skos", "prov", "dcterms", "schema", "foaf", "geo", "void", "dcat", "qb")

DCAT, SPDX = Vocabulary("dcat"), Vocabulary("spdx")


@dataclass(frozen=True)
class Provenance:
    """What produced a build: the versions of the software and of the language model, and a digest of all input."""

    software: str
    model: str
    inputs: str


@dataclass
class DatasetCounts:
    """The counts for VoID, taken while the sorted N-Quads stream by. Only the list of articles grows with the graph."""

    subjects: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    predicates: Counter[bytes] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    articles: list[str] = field(default_factory=list)
    newest: str = ""

    def watch(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Pass the lines on and count them."""
        a, modified = iri(RDF.type).encode(), iri(DCTERMS.modified).encode()
        article = iri(ENT.Article)
        predicates, current = self.predicates, b""
        for line in lines:
            subject, predicate, tail = ntriples.cut(line)
            predicates[predicate] += 1
            if subject != current:
                current = subject
                self.subjects += 1
            if predicate == a:
                self._type(subject.decode(), ntriples.object_of(tail).decode(), article)
            elif predicate == modified:
                self.newest = max(self.newest, ntriples.value(tail))
            yield line

    @property
    def triples(self) -> int:
        """The number of lines counted."""
        return self.predicates.total()

    def with_quads(self, quads: Iterable[Quad]) -> DatasetCounts:
        """Add quads to the counts, about subjects not yet counted. Articles and examples stay as they are."""
        quads = list(quads)
        return replace(
            self,
            subjects=self.subjects + len({quad.subject for quad in quads}),
            classes=self.classes + Counter(quad.object for quad in quads if quad.predicate == iri(RDF.type)),
            predicates=self.predicates + Counter(quad.predicate.encode() for quad in quads),
        )

    def _type(self, subject: str, term: str, article: str) -> None:
        self.classes[term] += 1
        self.examples.setdefault(term, subject)
        if term == article:
            self.articles.append(subject)


def activity_iri(provenance: Provenance) -> str:
    """Return the IRI of the build as an activity: derived from the input, since the output contains it."""
    key = "\x1f".join((provenance.software, provenance.model, provenance.inputs)).encode()
    return f"{BUILDS}{hashlib.sha256(key).hexdigest()[:16]}"


def dataset_quads(counted: DatasetCounts, provenance: Provenance, dumps: Iterable[str]) -> list[Quad]:
    """Describe the dataset, in the dataset's graph. Dumps are given by name only, since they contain the description.

    The description counts itself among the statements of the dataset, so it is generated until it no longer changes: each round
    adds only classes and properties that are new.
    """
    names, quads, before = list(dumps), list[Quad](), None
    while quads != before:
        before = quads
        quads = sorted(set(_Description(counted.with_quads(before), provenance).quads(names)))
    return quads


def distribution_quads(files: Iterable[tuple[str, str, bool, int, str]]) -> list[Quad]:
    """Describe each dump: (name, media type, whether gzipped, bytes, SHA-256).

    For the document published beside the dumps: neither they nor the store can contain their own checksums.
    """
    quads = []
    for name, media_type, compressed, size, digest in files:
        node, checksum = iri(DUMPS + name), iri(f"{DUMPS}{name}#checksum")
        said = [
            (node, iri(DCAT.mediaType), iri(_MEDIA + media_type)),
            (node, iri(DCAT.byteSize), typed(str(size), "nonNegativeInteger")),
            (node, iri(SPDX.checksum), checksum),
            (checksum, iri(RDF.type), iri(SPDX.Checksum)),
            (checksum, iri(SPDX.algorithm), iri(SPDX.checksumAlgorithm_sha256)),
            (checksum, iri(SPDX.checksumValue), typed(digest, "hexBinary")),
        ]
        if compressed:
            said.append((node, iri(DCAT.compressFormat), iri(_MEDIA + "application/gzip")))
        quads += [Quad(*triple, iri(DATASET)) for triple in said]
    return sorted(quads)


class _Description:
    def __init__(self, counted: DatasetCounts, provenance: Provenance) -> None:
        self.counted, self.provenance = counted, provenance
        self.graph = iri(DATASET)

    def _say(self, subject: str, *said: tuple[str, str]) -> Iterator[Quad]:
        for predicate, value in said:
            yield Quad(subject, iri(predicate), value, self.graph)

    def quads(self, dumps: list[str]) -> Iterator[Quad]:
        yield from self._dataset()
        yield from self._vocabularies()
        yield from self._partitions()
        yield from self._distributions(dumps)
        yield from self._activity()

    def _dataset(self) -> Iterator[Quad]:
        counted = self.counted
        about = (
            "Events, agreements, offices and who took part in them, read from encyclopedia articles on international relations; "
            "each fact with the sentence and the references that it was taken from."
        )
        rights = (
            "Made from articles of Wikipedia, whose authors hold the copyright; the source articles of the dataset name each. "
            "Creative Commons Attribution-ShareAlike 4.0."
        )
        yield from self._say(
            self.graph,
            (RDF.type, iri(VOID.Dataset)),
            (RDF.type, iri(DCAT.Dataset)),
            (RDF.type, iri(PROV.Entity)),
            (RDFS.label, english("Entente knowledge graph")),
            (DCTERMS.title, english("Entente knowledge graph")),
            (DCTERMS.description, english(about)),
            (DCTERMS.license, iri(LICENCE)),
            (DCTERMS.rights, english(rights)),
            (DCAT.keyword, english("international relations")),
            (OWL.versionInfo, text(activity_iri(self.provenance).rsplit("/", 1)[1])),
            (PROV.wasGeneratedBy, iri(activity_iri(self.provenance))),
            (VOID.sparqlEndpoint, iri(ENDPOINT)),
            (VOID.uriSpace, text(PREFIXES["res"])),
            (VOID.subset, iri(STATISTICS)),
            (VOID.triples, typed(str(counted.triples), "integer")),
            (VOID.distinctSubjects, typed(str(counted.subjects), "integer")),
            (VOID.classes, typed(str(len(counted.classes)), "integer")),
            (VOID.properties, typed(str(len(counted.predicates)), "integer")),
            (VOID.documents, typed(str(len(counted.articles)), "integer")),
        )
        if counted.newest:
            yield from self._say(self.graph, (DCTERMS.modified, typed(counted.newest, "dateTime")))
        for article in counted.articles:
            yield from self._say(self.graph, (DCTERMS.source, article))

    def _vocabularies(self) -> Iterator[Quad]:
        for prefix in _USED_VOCABULARIES:
            yield from self._say(self.graph, (VOID.vocabulary, iri(PREFIXES[prefix])))

    def _partitions(self) -> Iterator[Quad]:
        for term, number in self.counted.classes.items():
            example = self.counted.examples.get(term)
            node = iri(f"{DATASET}#class-{_short(term)}")
            yield from self._say(self.graph, (VOID.classPartition, node))
            if example and term.startswith(f"<{PREFIXES['ent']}"):
                yield from self._say(self.graph, (VOID.exampleResource, example))
            yield from self._say(node, (VOID["class"], term), (VOID.entities, typed(str(number), "integer")))
        for raw, number in self.counted.predicates.items():
            predicate = raw.decode()
            node = iri(f"{DATASET}#property-{_short(predicate)}")
            yield from self._say(self.graph, (VOID.propertyPartition, node))
            yield from self._say(node, (VOID.property, predicate), (VOID.triples, typed(str(number), "integer")))

    def _distributions(self, dumps: list[str]) -> Iterator[Quad]:
        for name in dumps:
            node = iri(DUMPS + name)
            yield from self._say(self.graph, (DCAT.distribution, node), (VOID.dataDump, node))
            yield from self._say(
                node,
                (RDF.type, iri(DCAT.Distribution)),
                (RDFS.label, english(name)),
                (DCAT.downloadURL, node),
                (DCTERMS.license, iri(LICENCE)),
            )

    def _activity(self) -> Iterator[Quad]:
        node, software = iri(activity_iri(self.provenance)), iri(f"{SOFTWARE}#{self.provenance.software}")
        model = iri(f"{SOFTWARE}#model-{self.provenance.model}")
        yield from self._say(
            node,
            (RDF.type, iri(PROV.Activity)),
            (RDFS.label, english(f"Build by Entente {self.provenance.software}")),
            (PROV.wasAssociatedWith, software),
            (PROV.used, model),
        )
        if self.counted.newest:
            yield from self._say(node, (PROV.endedAtTime, typed(self.counted.newest, "dateTime")))
        for article in self.counted.articles:
            yield from self._say(node, (PROV.used, article))
        yield from self._say(
            software,
            (RDF.type, iri(PROV.SoftwareAgent)),
            (RDFS.label, english(f"Entente {self.provenance.software}")),
            (SCHEMA.softwareVersion, text(self.provenance.software)),
        )
        yield from self._say(
            model,
            (RDF.type, iri(PROV.Entity)),
            (RDFS.label, english(f"Language model {self.provenance.model}")),
            (SCHEMA.softwareVersion, text(self.provenance.model)),
        )


def _short(term: str) -> str:
    """Shorten a term to its prefix and name, for use in a fragment: ``ent-actor``."""
    name = address(term)
    for prefix, namespace in PREFIXES.items():
        if name.startswith(namespace):
            return f"{prefix}-{name[len(namespace) :]}"
    return hashlib.sha256(name.encode()).hexdigest()[:16]
