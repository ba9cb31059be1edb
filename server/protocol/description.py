"""The service description: what this endpoint speaks, as RDF."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

SOURCE = Path(__file__).parent / "service.ttl"
SERIALIZERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/n-quads": "nquads",
    "application/trig": "trig",
}


@lru_cache(maxsize=32)
def describe(root: str, media_type: str) -> bytes:
    """The description of the service whose application has the address ``root`` (with a slash at its end)."""
    from rdflib import Dataset, Graph

    graph = Graph().parse(data=SOURCE.read_bytes(), format="turtle", publicID=root)
    serializer = SERIALIZERS[media_type]
    if serializer in ("nquads", "trig"):
        dataset = Dataset()
        for triple in graph:
            dataset.add(triple)
        return dataset.serialize(format=serializer, encoding="utf-8")
    return graph.serialize(format=serializer, encoding="utf-8")
