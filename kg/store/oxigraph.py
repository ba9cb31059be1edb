"""All uses of pyoxigraph by the package: stores on disk, bulk loading, queries, and conversion between RDF formats."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from kg.errors import EntenteError
from kg.formats import GRAPHS
from kg.graph.namespaces import PREFIXES, RESOURCE
from kg.store.filters import PrefixFilter, XmlFilter, write_csv
from kg.store.jsonld import TermClasses, compacted

PART_BYTES = 100 * 2**20
_BLOCK_BYTES = 2**20
_BUFFERED_BYTES = 8192


class StoreError(EntenteError):
    """A store is missing, locked, or damaged."""


def open_store(path: Path, read_only: bool = True) -> ox.Store:
    """Open the store in a folder. Many processes may open it read-only at once, but only one for writing."""
    try:
        return ox.Store.read_only(str(path)) if read_only else ox.Store(str(path))
    except (OSError, RuntimeError) as error:
        raise StoreError(f"{path}: the store cannot be opened ({error}). Build the graph again with 'entente build'.") from error


def bulk_load(store_path: Path, nquads: Path) -> None:
    """Load one of our N-Quads files into the store in a folder, created if missing.

    Its lines were written by ``kg.graph``, whose IRIs are valid, so they are not validated again. The memory of Oxigraph's loader
    grows with its input up to 1.7 GB; loading the file in parts takes 0.4 GB and no more time.
    """
    store = open_store(store_path, read_only=False)
    with nquads.open("rb") as file:
        while (part := _Part(file, PART_BYTES)).more:
            store.bulk_load(part, format=ox.RdfFormat.N_QUADS, lenient=True)  # type: ignore[arg-type]
    store.flush()


class _Part:
    """The lines of a file from its position on: ``size`` bytes, and the rest of the last line."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._left = size
        self._block = BytesIO(file.readline())
        self.more = bool(self._block.getvalue())

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most ``size``; empty at the end of the part."""
        data = self._block.read(size)
        if data or self._left <= 0:
            return data
        block = self._file.read(min(_BLOCK_BYTES, self._left))
        self._left = self._left - len(block) if block else 0
        self._block = BytesIO(block + self._file.readline() if self._left <= 0 else block)
        return self._block.read(size)


def load_dump(path: Path) -> ox.Store:
    """Load a dump into memory: Turtle, TriG, N-Triples or N-Quads by its extension, gzipped or not. StoreError if it is damaged."""
    ending = [suffix for suffix in path.suffixes if suffix != ".gz"][-1:]
    form = ox.RdfFormat.from_extension(ending[0][1:]) if ending else None
    if form is None:
        known = ", ".join(each.ending for each in GRAPHS)
        raise StoreError(f"{path}: unknown RDF format. Known endings: {known}, each also with .gz.")
    store = ox.Store()
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            store.bulk_load(file, format=form)  # type: ignore[arg-type]
    except (SyntaxError, ValueError, EOFError, gzip.BadGzipFile) as error:
        raise StoreError(f"{path}: not a dump that can be read ({error}).") from error
    return store


def optimize(store_path: Path) -> None:
    """Compact a store that will only be read: queries then take about a fifth less time (635,000 quads, all canned queries)."""
    store = open_store(store_path, read_only=False)
    store.optimize()
    store.flush()


def transcode(source: Path, target: Path, formats: tuple[str, str]) -> None:
    """Convert RDF from one format to another (given by extensions), statement by statement in the same order."""
    read, write = (ox.RdfFormat.from_extension(ending) for ending in formats)
    with target.open("wb") as file:
        _write_graph(ox.parse(path=str(source), format=read, lenient=True), write, file)


def ntriples(turtle: Path) -> list[bytes]:
    """Return the triples of a Turtle file as lines of N-Triples."""
    data: bytes = ox.serialize(ox.parse(path=str(turtle), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) or b""
    return data.splitlines(keepends=True)


def graph_lines(store_path: Path, graph: str) -> list[bytes]:
    """Return the triples of one graph of a store as sorted lines of N-Triples."""
    quads = open_store(store_path).quads_for_pattern(None, None, None, ox.NamedNode(graph))
    data: bytes = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    return sorted(data.splitlines(keepends=True))


def article_lines(store: ox.Store, graph: str) -> list[bytes]:
    """Return the quads of an article's graph as sorted lines, with the labels and classes of the resources it mentions, from any graph."""
    own = list(store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
    named = {term for quad in own for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
    about = [ox.NamedNode(PREFIXES["rdfs"] + "label"), ox.NamedNode(PREFIXES["skos"] + "altLabel"), ox.NamedNode(PREFIXES["rdf"] + "type")]
    found = (q for node in named if node.value.startswith(RESOURCE) for p in about for q in store.quads_for_pattern(node, p, None, None))
    quads = {ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph)) for quad in (*own, *found)}
    data: bytes = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return sorted(data.splitlines(keepends=True))


def query(
    store: ox.Store,
    text: str,
    dataset: tuple[Sequence[str], Sequence[str]] | None = None,
    union: bool = True,
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Begin a query; results are computed as they are consumed. SyntaxError if it does not parse.

    ``dataset`` gives the default and named graphs, overriding FROM (SPARQL 1.1 Protocol, 2.1.4). Without it, ``union`` makes the
    default graph the union of all graphs; pyoxigraph then ignores FROM, so it must be False for a query with FROM.

    Relative IRIs are resolved against the namespace of the resources: ``<Peru>`` is the entity. The prefixes of
    ``kg.graph.namespaces`` need not be declared.
    """
    default, named = dataset or (None, None)
    return store.query(
        text,
        base_iri=RESOURCE,
        prefixes={prefix: PREFIXES[prefix] for prefix in PREFIXES if f"{prefix}:" in text},  # all would take half the time of ASK {}
        use_default_graph_as_union=union and dataset is None,
        default_graph=None if default is None else [ox.NamedNode(graph) for graph in default],
        named_graphs=None if named is None else [ox.NamedNode(graph) for graph in named],
    )


def is_graph(results: object) -> bool:
    """Whether the results are a graph (CONSTRUCT, DESCRIBE), not solutions or a boolean (SELECT, ASK)."""
    return isinstance(results, ox.QueryTriples)


def is_boolean(results: object) -> bool:
    """Whether the results are those of ASK."""
    return isinstance(results, ox.QueryBoolean)


def serialize(results: Any, media_type: str, output: Any, prefixes: Mapping[str, str] | None = None) -> None:
    """Write results, or triples, to ``output`` (an object with ``write``) block by block as they are computed.

    ``prefixes`` are those of the query, for Turtle, TriG and JSON-LD, in addition to the known ones. FormatError if the format cannot
    represent the results.
    """
    if isinstance(results, ox.QuerySolutions | ox.QueryBoolean):
        form: Any = ox.QueryResultsFormat.from_media_type(media_type)
        if form == ox.QueryResultsFormat.CSV and isinstance(results, ox.QuerySolutions):
            buffered = _Buffered(output)
            write_csv([variable.value for variable in results.variables], results, buffered)
            buffered.finish()
        else:
            target: Any = XmlFilter(output) if form == ox.QueryResultsFormat.XML else output
            results.serialize(target, form)
        return
    _write_graph(results, ox.RdfFormat.from_media_type(media_type), output, prefixes)


def _write_graph(triples: Any, form: Any, output: Any, prefixes: Mapping[str, str] | None = None) -> None:
    if form == ox.RdfFormat.JSON_LD:
        linked = _Buffered(output)
        for text in compacted(triples, {**_distinct(prefixes or {}), **PREFIXES}, TermClasses(ox.NamedNode, ox.BlankNode, ox.Literal)):
            linked.write(text.encode())
        linked.finish()
    elif form == ox.RdfFormat.RDF_XML:
        checked: Any = XmlFilter(output)
        ox.serialize(triples, checked, form)
    elif form in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG):
        sorted_head: Any = PrefixFilter(output)
        ox.serialize(triples, sorted_head, form, prefixes={**_distinct(prefixes or {}), **PREFIXES})
        sorted_head.finish()
    else:
        ox.serialize(triples, output, form)


def _distinct(prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return prefixes whose namespaces neither contain nor are within a known one, so that each term has one abbreviation only."""
    known = tuple(PREFIXES.values())
    return {
        prefix: namespace
        for prefix, namespace in prefixes.items()
        if not namespace.startswith(known) and not any(each.startswith(namespace) for each in known)
    }


class _Buffered:
    """Gathers small writes into blocks."""

    def __init__(self, output: Any) -> None:
        self._output = output
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take bytes, and pass on full blocks."""
        self._parts.append(data)
        self._size += len(data)
        if self._size >= _BUFFERED_BYTES:
            self.finish()
        return len(data)

    def finish(self) -> None:
        """Pass on the rest."""
        self._output.write(b"".join(self._parts))
        self._parts.clear()
        self._size = 0


def parse(text: str) -> str:
    """Return the result form of a query without SERVICE: ``solutions``, ``boolean`` or ``graph``. SyntaxError if it does not parse.

    The query is run on an empty store; a SERVICE in it would be called.
    """
    results = ox.Store().query(text, base_iri=RESOURCE, prefixes=PREFIXES)
    if isinstance(results, ox.QueryTriples):
        return "graph"
    return "boolean" if isinstance(results, ox.QueryBoolean) else "solutions"


def read_solutions(source: Any) -> ox.QuerySolutions | ox.QueryBoolean:
    """Read SPARQL JSON results from an object with ``read``, as they are consumed. SyntaxError if they are invalid."""
    return ox.parse_query_results(source, ox.QueryResultsFormat.JSON)


def read_triples(source: Any, media_type: str) -> Iterator[ox.Triple]:
    """Read triples from an object with ``read``, as they are consumed. SyntaxError if they are invalid."""
    return (quad.triple for quad in ox.parse(source, ox.RdfFormat.from_media_type(media_type), lenient=True))


def objects(data: bytes, media_type: str, predicate: str) -> set[str]:
    """Return the IRIs that are objects of a predicate in a graph."""
    wanted = ox.NamedNode(predicate)
    triples = read_triples(BytesIO(data), media_type)
    return {triple.object.value for triple in triples if triple.predicate == wanted and isinstance(triple.object, ox.NamedNode)}


def as_boolean(results: ox.QuerySolutions | ox.QueryBoolean, column: str) -> ox.QueryBoolean:
    """Return the answer of an ASK query; some stores return a solution with one variable, named ``column`` (none for false)."""
    if isinstance(results, ox.QueryBoolean):
        return results
    names = [variable.value for variable in results.variables]
    if names != [column]:
        raise ValueError("solutions instead of a boolean")
    document = json.dumps({"head": {}, "boolean": any(row[0].value in ("1", "true") for row in results)})
    found = ox.parse_query_results(document, ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QueryBoolean)
    return found
