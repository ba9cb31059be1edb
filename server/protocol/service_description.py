"""The SPARQL 1.1 Service Description of this endpoint, as RDF."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kg.formats import NQUADS, TRIG, Format

SOURCE = Path(__file__).parent / "service.ttl"


@lru_cache(maxsize=32)
def describe(root: str, form: Format) -> bytes:
    """Describe the service of the application at the URL ``root`` (with a trailing slash)."""
    from rdflib import Dataset, Graph

    graph = Graph(bind_namespaces="none").parse(data=SOURCE.read_bytes(), format="turtle", publicID=root)
    if form in (NQUADS, TRIG):
        dataset = Dataset()
        for triple in graph:
            dataset.add(triple)
        return dataset.serialize(format=form.rdflib, encoding="utf-8")
    return graph.serialize(format=form.rdflib, encoding="utf-8", auto_compact=True)
