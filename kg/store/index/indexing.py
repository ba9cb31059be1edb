"""Write the search index of a build from its sorted N-Quads in one pass, with intermediate results on disk until the counts are known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import astuple
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from kg.graph import ntriples
from kg.graph.namespaces import ENT, PREFIXES, RDF, RDFS, SKOS
from kg.store.index.index_writer import NEITHER, NOT_SAID, ROLES, Contents, Fact, write_index
from kg.store.index.search import CLASSES

Said = Mapping[str, list[str]]
"""The values of one subject by predicate."""

DATE_BASIS, CONFIDENCE = (f"{PREFIXES['ent']}{name}" for name in ("dateBasis", "confidence"))
INVOLVED = ("participant", "place", "about")


def index_build(nquads: Path, target: Path) -> None:
    """Write the index of a build's sorted N-Quads to ``target``."""
    folder = target.parent
    with ExitStack() as files:
        lines = files.enter_context(nquads.open("rb"))
        things, passages, facts = (files.enter_context(TemporaryFile(dir=folder)) for _ in range(3))
        events: Counter[str] = Counter()
        mentions: Counter[str] = Counter()
        titles: dict[str, str] = {}
        quads: dict[str, str] = {}
        kinds = {ENT[kind]: kind for kind in CLASSES}
        for subject, said in _subjects(lines):
            types = said.get(RDF.type, ())
            if ENT.quadClass in said:
                quads[subject] = local(said[ENT.quadClass][0])
            if ENT.Event in types and ENT.modality in said:
                events.update({who for role in INVOLVED for who in said.get(ENT[role], ())})
                _keep(facts, astuple(event(subject, said, quads)))
            elif ENT.Agreement in types:
                _keep(facts, astuple(agreement(subject, said)))
            mentions.update(set(said.get(ENT.mentions, ())))
            kind = next((kind for term, kind in kinds.items() if term in types), None)
            labels = said.get(RDFS.label)
            if kind and labels:
                _keep(things, (subject, min(labels), kind, said.get(SKOS.altLabel, [])))
            if kind == "Article" and labels:
                titles[subject] = min(labels)
            if ENT.Passage in types:
                _keep(passages, _passage(subject, said))
        told = (Fact(*row) for row in _kept(facts))
        write_index(Contents(_kept(things), _kept(passages), told, events, mentions, titles), target)


def local(iri: str) -> str:
    """Return the last segment of an IRI."""
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def event(iri: str, said: Said, quads: Mapping[str, str]) -> Fact:
    """Return a reported event. ``quads`` are the quad classes by category; the first of several categories decides."""
    categories = sorted(said.get(ENT.category, ()))
    return Fact(
        iri,
        "Event",
        *_interval(said),
        local(min(said[ENT.modality])),
        next((quads[category] for category in categories if category in quads), NEITHER),
        [local(category) for category in categories],
        _parts(said),
        local(min(said.get(DATE_BASIS, ("",)))),
        round(100 * float(min(said[CONFIDENCE]))) if CONFIDENCE in said else NOT_SAID,
    )


def agreement(iri: str, said: Said) -> Fact:
    """Return an agreement."""
    return Fact(iri, "Agreement", *_interval(said), parts=_parts(said), basis=local(min(said.get(DATE_BASIS, ("",)))))


def _interval(said: Said) -> tuple[str, str]:
    return min(said.get(ENT.earliest, ("",))), min(said.get(ENT.latest, ("",)))


def _parts(said: Said) -> dict[str, int]:
    parts: Counter[str] = Counter()
    for role, bit in ROLES.items():
        parts.update(dict.fromkeys(said.get(ENT[role], ()), bit))
    return dict(sorted(parts.items()))


def _subjects(lines: Iterable[bytes]) -> Iterator[ntriples.Description]:
    """Yield the subjects with the statements that the index uses."""
    names = (
        "mentions",
        "text",
        "inArticle",
        "start",
        "section",
        "category",
        "modality",
        "earliest",
        "latest",
        "quadClass",
        "dateBasis",
        "confidence",
        *ROLES,
    )
    terms = (RDF.type, RDFS.label, SKOS.altLabel, *(ENT[name] for name in names))
    return ntriples.descriptions(lines, terms)


def _passage(subject: str, said: Said) -> tuple[str, int, str, str, str, list[str]]:
    [article], [start], [text] = said[ENT.inArticle], said[ENT.start], said[ENT.text]
    [section] = said.get(ENT.section, [""])
    return article, int(start), subject, text, section, said.get(ENT.mentions, [])


def _keep(file: IO[bytes], row: tuple[Any, ...]) -> None:
    file.write(json.dumps(row).encode() + b"\n")


def _kept(file: IO[bytes]) -> Iterator[Any]:
    file.seek(0)
    return map(json.loads, file)
