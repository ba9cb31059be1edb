"""Publish a build's graphs to a remote store, by SPARQL 1.1 Update or the Graph Store HTTP Protocol.

https://www.w3.org/TR/sparql11-protocol/#update-operation and https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from kg.errors import EntenteError
from kg.graph import ntriples
from kg.graph.namespaces import DATASET, PREFIXES
from kg.store.output.remote import Address, AddressError, Client, reason
from kg.store.sorting import sorted_lines

BATCH = 500
"""Statements per update: Virtuoso accepts at most 10,000 lines of SQL, several for each statement."""
TIMEOUT = 120.0
REFUSED, MISSING = 400, 404  # the lowest HTTP status that is an error, and that of a missing graph
NTRIPLES = "application/n-triples"
SOURCE = PREFIXES["dcterms"] + "source"
NEXT = f"{DATASET}#next"
"""A graph that exists in the store during an update only: the sources of the new build."""
_SOURCE = f"<{DATASET}> <{SOURCE}> ".encode()


class PublishError(EntenteError):
    """The store does not accept the graphs."""


class Store:
    """A SPARQL store at ``address``, which may contain a name and password for Basic or Digest authentication."""

    def __init__(self, address: str, timeout: float = TIMEOUT) -> None:
        self.timeout = timeout
        try:
            self._client = Client(Address.parse(address))
        except AddressError as error:
            raise PublishError(str(error)) from None

    def send(self, method: str, body: bytes, media_type: str, graph: str = "") -> tuple[str, bytes]:
        """Send one request; return media type and body of the response, empty if the graph does not exist. PublishError, with the
        store's own words, if it refuses or does not answer."""
        import requests

        where = self._client.address
        named = [*where.parameters, *([("graph", graph)] if graph else [])]
        headers = {"Content-Type": media_type, "Accept": f"{NTRIPLES}, */*;q=0.1"}
        try:
            with self._client.send(method, body, headers, named, self.timeout) as answer:
                if answer.status_code == MISSING and method in ("GET", "DELETE"):
                    return "", b""
                if answer.status_code >= REFUSED:
                    said = " ".join(answer.text[:500].split())
                    raise PublishError(f"{where}: the store answered {answer.status_code} {answer.reason}: {said}")
                if answer.is_redirect:
                    raise PublishError(f"{where}: the store is at {answer.headers['Location']}. Give that address.")
                return answer.headers.get("Content-Type", "").partition(";")[0], answer.content
        except requests.Timeout:
            raise PublishError(f"{where}: no answer within {self.timeout:g} s.") from None
        except requests.RequestException as error:
            raise PublishError(f"{where}: cannot be reached ({reason(error)}). Is the store running, and is this its address?") from None


def publish(nquads: Path, address: str, protocol: str = "update") -> int:
    """Replace the graphs of a remote store by those of a build (its ``entente.nq.gz``); return the number of graphs.

    Graphs of articles that were published before and are not in this build are dropped; other graphs are left alone. The
    description of the dataset is published last, since it names the build. ``protocol`` is ``update`` (SPARQL Update) or ``gsp``
    (Graph Store Protocol, one request per graph).
    """
    store = ByGraphStore(Store(address)) if protocol == "gsp" else ByUpdate(Store(address))
    count = 0
    description: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder:
        for graph, triples in _graphs(nquads, Path(folder)):
            count += 1
            if graph == DATASET:
                description = list(triples)
            else:
                store.put(graph, triples)
    store.drop_vanished(description)
    store.put(DATASET, description)
    return count


def _graphs(nquads: Path, folder: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield each graph's IRI with its triples as lines of N-Triples, in constant memory."""
    with gzip.open(nquads) as lines:
        by_graph = map(ntriples.graph_apart, sorted_lines(map(ntriples.graph_first, lines), folder))
        for graph, group in groupby(by_graph, key=itemgetter(0)):
            yield ntriples.iri(graph), (triple for _, triple in group)


class ByUpdate:
    """Writes graphs by SPARQL 1.1 Update."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, graph: str, triples: Iterable[bytes]) -> None:
        """Replace the graph of this name."""
        self._update(f"CLEAR SILENT GRAPH <{graph}>")
        remaining = iter(triples)
        while batch := b"".join(islice(remaining, BATCH)):
            self._update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{batch.decode()}}} }}")

    def drop_vanished(self, description: list[bytes]) -> None:
        """Drop the graphs of articles that are sources according to the store's description but not to this one.

        The store itself compares the two, since an update endpoint answers no queries.
        """
        self.put(NEXT, (line for line in description if _SOURCE in line))
        self._update(
            f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{DATASET}> {{ <{DATASET}> <{SOURCE}> ?g }} "
            f"GRAPH ?g {{ ?s ?p ?o }} FILTER NOT EXISTS {{ GRAPH <{NEXT}> {{ <{DATASET}> <{SOURCE}> ?g }} }} }}"
        )
        self._update(f"CLEAR SILENT GRAPH <{NEXT}>")

    def _update(self, text: str) -> None:
        self._store.send("POST", text.encode(), "application/sparql-update")


class ByGraphStore:
    """Writes graphs by the Graph Store HTTP Protocol."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, graph: str, triples: Iterable[bytes]) -> None:
        """Replace the graph of this name."""
        self._store.send("PUT", b"".join(triples), NTRIPLES, graph)

    def drop_vanished(self, description: list[bytes]) -> None:
        """Drop the graphs of articles that are sources according to the store's description but not to this one."""
        from kg.store.oxigraph import objects

        media_type, old = self._store.send("GET", b"", NTRIPLES, DATASET)
        if old:
            for graph in sorted(objects(old, media_type, SOURCE) - objects(b"".join(description), NTRIPLES, SOURCE)):
                self._store.send("DELETE", b"", NTRIPLES, graph)
