"""The formats of RDF and of query results: media types, names, file endings.

Sources: SPARQL 1.1 Query Results JSON, XML, CSV and TSV Formats; RDF 1.1 Turtle, N-Triples, N-Quads, TriG, RDF/XML; JSON-LD 1.1.
``names`` are what ``?format=`` and ``--format`` take, after the habits of Fuseki, Virtuoso and Oxigraph.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One serialisation: its media type, its names (the first is the file ending), and other media types that ask for it.

    ``rdflib`` is the name of rdflib's serialiser; ``text`` says that the charset goes into ``Content-Type``.
    """

    media_type: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    text: bool = False
    rdflib: str = ""

    @property
    def ending(self) -> str:
        """The file ending, without the dot."""
        return self.names[0]

    @property
    def content_type(self) -> str:
        """The value of the ``Content-Type`` header: UTF-8 is said where a reader might otherwise guess."""
        return f"{self.media_type}; charset=utf-8" if self.text else self.media_type


JSON = Format("application/sparql-results+json", ("json", "srj", "sparql-results+json"), ("application/json",))
XML = Format("application/sparql-results+xml", ("xml", "srx", "sparql-results+xml"), ("application/xml", "text/xml"))
CSV = Format("text/csv", ("csv",), text=True)
TSV = Format("text/tab-separated-values", ("tsv",), text=True)
SOLUTIONS = (JSON, XML, CSV, TSV)
"""What SELECT and ASK can answer with, in the order of preference."""

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
"""What CONSTRUCT and DESCRIBE can answer with, in the order of preference."""

HTML = Format("text/html", ("html",), ("application/xhtml+xml",), text=True)


def named(name: str, formats: tuple[Format, ...]) -> Format | None:
    """The format that ``?format=name`` asks for: a short name, or a media type (whose plus a URL turns into a space)."""
    name = name.partition(";")[0].strip().lower().replace(" ", "+")
    return next((form for form in formats if name in form.names or name == form.media_type or name in form.aliases), None)
