"""Fingerprint what a page's facts depend on besides its text: code, data, libraries and model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kg.resources import PACKAGE, resource_folder

STAGES = ("facts.py", "phrasing.py", "wikitext", "language", "extraction", "graph")
LIBRARIES = ("mwparserfromhell", "onnxruntime", "rdflib", "spacy", "tokenizers")
MODEL = PACKAGE / "language" / "encoder" / "model"
LEFT_OUT = frozenset({"__pycache__", "model"})


def software_version() -> str:
    """Return the version of the installed distribution."""
    try:
        return version("entente")
    except PackageNotFoundError:
        return "0+checkout"


def model_version(model: str | None) -> str:
    """Return a digest of the shipped model, or of the one in a folder."""
    folder = MODEL if model is None else Path(model)
    if folder.is_dir():
        return _digest(_contents(folder, frozenset()))
    return _digest([str(model).encode()])


def extractor_version() -> str:
    """Return a digest of all that turns wikitext into quads: code, lexicon, ontology and library versions."""
    chunks = [f"{name} {_library(name)}".encode() for name in LIBRARIES]
    for stage in STAGES:
        chunks.extend(_contents(PACKAGE / stage, LEFT_OUT))
    chunks.extend(_contents(resource_folder("ontology"), LEFT_OUT))
    return _digest(chunks)


def builder_version() -> str:
    """Return a digest of the code that makes a build from quads, and of the queries answered in advance."""
    folders = (PACKAGE / "store", PACKAGE / "corrections", PACKAGE / "wikidata", resource_folder("queries"))
    code = (chunk for folder in folders for chunk in _contents(folder, LEFT_OUT))
    return _digest([software_version().encode(), *code])


def _contents(path: Path, left_out: frozenset[str]) -> Iterator[bytes]:
    if path.is_file():
        yield path.name.encode()
        yield path.read_bytes()
        return
    for child in sorted(path.iterdir()):
        if child.name not in left_out and not child.name.startswith("."):
            yield from _contents(child, left_out)


def _library(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _digest(chunks: Iterable[bytes]) -> str:
    digest = sha256()
    for chunk in chunks:
        digest.update(len(chunk).to_bytes(8, "big"))
        digest.update(chunk)
    return digest.hexdigest()[:16]
