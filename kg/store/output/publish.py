"""Publish a build's graphs to a remote store, by SPARQL 1.1 Update, or by the Graph Store HTTP Protocol.

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
"""Statements in one update: Virtuoso takes no more than 10,000 lines of SQL for one, several for each statement."""
TIMEOUT = 120.0
REFUSED, MISSING = 400, 404  # the first HTTP status that says no, and that of a graph which is not there
NTRIPLES = "application/n-triples"
SOURCE = PREFIXES["dcterms"] + "source"
NEXT = f"{DATASET}#next"
"""A graph of the store for the length of an update: the sources of the build that comes."""
_SOURCE = f"<{DATASET}> <{SOURCE}> ".encode()


class PublishError(EntenteError):
    """The store does not take the graphs."""


class Store:
    """A SPARQL store at ``address``; a name and password in it answer a store that asks for them (Basic or Digest)."""

    def __init__(self, address: str, timeout: float = TIMEOUT) -> None:
        self.timeout = timeout
        try:
            self._client = Client(Address.parse(address))
        except AddressError as error:
            raise PublishError(str(error)) from None

    def send(self, method: str, body: bytes, media_type: str, graph: str = "") -> tuple[str, bytes]:
        """One request: media type and body of the answer, empty where there is no such graph. PublishError, with what the store said,
        where it refuses or does not answer."""
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
    """Put every graph of a build (its ``entente.nq.gz``) into a store in place of what that store has under the same name.

    Graphs of articles that an earlier build had put there and this one does not have go away; other graphs stay. The dataset's
    description comes last: it says which build is there. ``protocol`` is ``update`` (SPARQL Update) or ``gsp`` (Graph Store
    Protocol; one request for each graph). Gives the number of graphs.
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
    """Each graph's IRI with its triples as lines of N-Triples; memory stays flat."""
    with gzip.open(nquads) as lines:
        by_graph = map(ntriples.graph_apart, sorted_lines(map(ntriples.graph_first, lines), folder))
        for graph, group in groupby(by_graph, key=itemgetter(0)):
            yield ntriples.iri(graph), (triple for _, triple in group)


class ByUpdate:
    """Graphs written by SPARQL 1.1 Update."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, graph: str, triples: Iterable[bytes]) -> None:
        """A graph in place of the one of that name."""
        self._update(f"CLEAR SILENT GRAPH <{graph}>")
        remaining = iter(triples)
        while batch := b"".join(islice(remaining, BATCH)):
            self._update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{batch.decode()}}} }}")

    def drop_vanished(self, description: list[bytes]) -> None:
        """Delete the graphs of articles that the description in the store names as sources and this one does not.

        The store itself compares the two, since an address for updates answers no query.
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
    """Graphs written by the Graph Store HTTP Protocol."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, graph: str, triples: Iterable[bytes]) -> None:
        """A graph in place of the one of that name."""
        self._store.send("PUT", b"".join(triples), NTRIPLES, graph)

    def drop_vanished(self, description: list[bytes]) -> None:
        """Delete the graphs of articles that the description in the store names as sources and this one does not."""
        from kg.store.oxigraph import objects

        media_type, old = self._store.send("GET", b"", NTRIPLES, DATASET)
        if old:
            for graph in sorted(objects(old, media_type, SOURCE) - objects(b"".join(description), NTRIPLES, SOURCE)):
                self._store.send("DELETE", b"", NTRIPLES, graph)
