"""RDF and query result formats: media types, names, file extensions.

Sources: SPARQL 1.1 Query Results JSON, XML, CSV and TSV Formats; RDF 1.1 Turtle, N-Triples, N-Quads, TriG, RDF/XML; JSON-LD 1.1.
``names`` are the values of ``?format=`` and ``--format``, as in Fuseki, Virtuoso and Oxigraph.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One serialization: its media type, its names (the first is the file extension), and other media types that request it.

    ``rdflib`` is the name of rdflib's serializer; ``text`` means that the charset is added to ``Content-Type``.
    """

    media_type: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    text: bool = False
    rdflib: str = ""

    @property
    def ending(self) -> str:
        """The file extension, without the dot."""
        return self.names[0]

    @property
    def content_type(self) -> str:
        """The value of the ``Content-Type`` header, with UTF-8 where a client might otherwise guess."""
        return f"{self.media_type}; charset=utf-8" if self.text else self.media_type


JSON = Format("application/sparql-results+json", ("json", "srj", "sparql-results+json"), ("application/json",))
XML = Format("application/sparql-results+xml", ("xml", "srx", "sparql-results+xml"), ("application/xml", "text/xml"))
CSV = Format("text/csv", ("csv",), text=True)
TSV = Format("text/tab-separated-values", ("tsv",), text=True)
SOLUTIONS = (JSON, XML, CSV, TSV)
"""Formats for SELECT and ASK, in order of preference."""

TURTLE = Format(
    "text/turtle",
    ("ttl", "turtle", "n3"),
    ("application/turtle", "application/x-turtle", "text/n3", "text/rdf+n3"),
    text=True,
    rdflib="turtle",
)
NTRIPLES = Format("application/n-triples", ("nt", "ntriples", "n-triples"), ("text/plain",), rdflib="nt")
RDFXML = Format("application/rdf+xml", ("rdf", "rdfxml", "rdf+xml", "xml"), ("application/xml", "text/xml"), rdflib="xml")
JSONLD = Format("application/ld+json", ("jsonld", "json-ld", "json"), ("application/json",), rdflib="json-ld")
NQUADS = Format("application/n-quads", ("nq", "nquads", "n-quads"), ("text/x-nquads",), rdflib="nquads")
TRIG = Format("application/trig", ("trig",), ("application/x-trig",), rdflib="trig")
GRAPHS = (TURTLE, NTRIPLES, RDFXML, JSONLD, NQUADS, TRIG)
"""Formats for CONSTRUCT and DESCRIBE, in order of preference."""

PARQUET = Format("application/vnd.apache.parquet", ("parquet",))
TABULAR = (CSV, PARQUET)
"""Formats of the tables."""

HTML = Format("text/html", ("html",), ("application/xhtml+xml",), text=True)


def named(name: str, formats: tuple[Format, ...]) -> Format | None:
    """Return the format that ``?format=name`` requests: by short name or media type (in which a URL turns plus into a space)."""
    name = name.partition(";")[0].strip().lower().replace(" ", "+")
    return next((form for form in formats if name in form.names or name == form.media_type or name in form.aliases), None)
