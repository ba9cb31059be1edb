"""Validate a graph against the shapes in ``ontology/shapes.ttl``, and describe violations in words."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import EntenteError
from kg.resources import resource_folder

if TYPE_CHECKING:
    from rdflib import Graph

FORMATS = {".ttl": "turtle", ".nt": "nt", ".nq": "nquads", ".trig": "trig", ".jsonld": "json-ld", ".rdf": "xml", ".owl": "xml"}


@dataclass(frozen=True, order=True)
class Violation:
    """A node that violates a shape: its label (or the last segment of its IRI), what is wrong, and the offending value, if any."""

    label: str
    message: str
    value: str
    node: str

    def __str__(self) -> str:
        return f"{self.label}: {self.message}{': ' + self.value if self.value else ''} <{self.node}>"


def check(path: Path) -> list[Violation]:
    """Validate an RDF file (Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML, gzipped or not) against the shapes, all graphs
    together.

    Returns one violation for each shape and node, sorted. Raises EntenteError if the file cannot be read.
    """
    return violations(read_graph(path))


def read_graph(path: Path) -> Graph:
    """Return the triples of an RDF file."""
    from rdflib import Dataset, Graph

    endings = [ending for ending in path.suffixes if ending != ".gz"]
    kind = FORMATS.get(endings[-1] if endings else "")
    if kind is None:
        raise EntenteError(f"{path}: not an RDF file by its name. Known endings: {', '.join(FORMATS)}, each also with .gz.")
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if kind in ("nquads", "trig"):
            dataset = Dataset(default_union=True)
            dataset.parse(data, format=kind)
            return _union(dataset)
        return Graph().parse(data, format=kind)
    except OSError as error:
        raise EntenteError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except Exception as error:
        raise EntenteError(f"{path}: is not valid {kind} ({str(error).splitlines()[0]}).") from error


def violations(graph: Graph) -> list[Violation]:
    """Return the violations in a graph that includes the categories, as a dump does."""
    import pyshacl
    from rdflib import Graph, Namespace

    sh = Namespace("http://www.w3.org/ns/shacl#")
    shapes = Graph().parse(resource_folder("ontology") / "shapes.ttl", format="turtle")
    _, results, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", do_owl_imports=False)
    found = set()
    for result in results.objects(None, sh.result):
        node, value = results.value(result, sh.focusNode), results.value(result, sh.value)
        message = str(results.value(result, sh.resultMessage))
        said = "" if value is None or value == node else _name(graph, value)
        found.add(Violation(_name(graph, node), message, said, str(node)))
    return sorted(found)


def _name(graph: Graph, node: Any) -> str:
    from rdflib import RDFS, Literal

    if isinstance(node, Literal):
        return repr(str(node))
    label = next(iter(sorted(map(str, graph.objects(node, RDFS.label)))), None)
    return label or str(node).rsplit("/", 1)[-1] or str(node)


def _union(dataset: Any) -> Graph:
    from rdflib import Graph

    union = Graph()
    for triple in dataset.triples((None, None, None)):
        union.add(triple)
    return union
