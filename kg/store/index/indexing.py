"""The search index of a build, from its sorted N-Quads in one pass: what is found is kept on disk until the counts are known."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from kg.graph.namespaces import ENT, RDF, RDFS, SKOS
from kg.store.index.search import CLASSES, Contents, write_index

_ESCAPE = re.compile(r"\\(?:u([0-9A-F]{4})|(.))")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def index_build(nquads: Path, target: Path) -> None:
    """Write the index of sorted N-Quads of ``kg.graph``'s to ``target``."""
    with nquads.open("rb") as lines, TemporaryFile(dir=target.parent) as things, TemporaryFile(dir=target.parent) as passages:
        events: Counter[str] = Counter()
        mentions: Counter[str] = Counter()
        titles: dict[str, str] = {}
        involved = (ENT.participant, ENT.place, ENT.about)
        kinds = {ENT[kind]: kind for kind in CLASSES}
        for subject, said in _subjects(lines):
            events.update({who for predicate in involved for who in said.get(predicate, ())})
            mentions.update(set(said.get(ENT.mentions, ())))
            types = said.get(RDF.type, ())
            kind = next((kind for term, kind in kinds.items() if term in types), None)
            labels = said.get(RDFS.label)
            if kind and labels:
                _keep(things, (subject, min(labels), kind, said.get(SKOS.altLabel, [])))
            if kind == "Article" and labels:
                titles[subject] = min(labels)
            if ENT.Passage in types:
                _keep(passages, _passage(subject, said))
        write_index(Contents(_kept(things), _kept(passages), events, mentions, titles), target)


def _subjects(lines: Iterable[bytes]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Each subject that anything of interest is said of, with the values by predicate."""
    terms = (RDF.type, RDFS.label, SKOS.altLabel, ENT.participant, ENT.place, ENT.about, ENT.mentions)
    of_passages = (ENT.text, ENT.inArticle, ENT.start, ENT.section)
    taken = {f"<{term}>".encode(): term for term in (*terms, *of_passages)}
    current, said = b"", dict[str, list[str]]()
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        term = taken.get(predicate)
        if term is None:
            continue
        if subject != current:
            if said:
                yield current[1:-1].decode(), said
            current, said = subject, {}
        said.setdefault(term, []).append(_value(rest))
    if said:
        yield current[1:-1].decode(), said


def _value(rest: bytes) -> str:
    """An IRI's or a literal's own text, from what follows the predicate in a line."""
    if rest.startswith(b"<"):
        return rest[1 : rest.index(b">")].decode()
    text = rest[1 : rest.rindex(b'"')].decode()
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    code, character = match.groups()
    return chr(int(code, 16)) if code else _CONTROLS.get(character, character)


def _passage(subject: str, said: dict[str, list[str]]) -> tuple[str, int, str, str, str]:
    [article], [start], [text] = said[ENT.inArticle], said[ENT.start], said[ENT.text]
    [section] = said.get(ENT.section, [""])
    return article, int(start), subject, text, section


def _keep(file: IO[bytes], row: tuple[Any, ...]) -> None:
    file.write(json.dumps(row).encode() + b"\n")


def _kept(file: IO[bytes]) -> Iterator[Any]:
    file.seek(0)
    return map(json.loads, file)
