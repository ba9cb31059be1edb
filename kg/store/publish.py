"""A build's graphs in a store of another make: by SPARQL 1.1 Update, or by the Graph Store HTTP Protocol.

https://www.w3.org/TR/sparql11-protocol/#update-operation and https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path

from kg.errors import EntenteError
from kg.store.remote import Address, AddressError, Client, reason
from kg.store.sorting import sorted_lines

BATCH = 500
"""Statements in one update: Virtuoso takes no more than 10,000 lines of SQL for one, several for each statement."""
TIMEOUT = 120.0
REFUSED = 400  # the first HTTP status that says no


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

    def send(self, method: str, body: bytes, media_type: str, graph: str = "") -> None:
        """One request; PublishError, with what the store said, where it refuses or does not answer."""
        import requests

        where = self._client.address
        named = [*where.parameters, *([("graph", graph)] if graph else [])]
        try:
            with self._client.send(method, body, {"Content-Type": media_type}, named, self.timeout) as answer:
                if answer.status_code >= REFUSED:
                    said = " ".join(answer.text[:500].split())
                    raise PublishError(f"{where}: the store answered {answer.status_code} {answer.reason}: {said}")
                if answer.is_redirect:
                    raise PublishError(f"{where}: the store is at {answer.headers['Location']}. Give that address.")
        except requests.Timeout:
            raise PublishError(f"{where}: no answer within {self.timeout:g} s.") from None
        except requests.RequestException as error:
            raise PublishError(f"{where}: cannot be reached ({reason(error)}). Is the store running, and is this its address?") from None


def publish(nquads: Path, address: str, protocol: str = "update") -> int:
    """Put every graph of a build (its ``entente.nq.gz``) into a store in place of what that store has under the same name.

    ``protocol`` is ``update`` (SPARQL Update) or ``gsp`` (Graph Store Protocol; one request for each graph). Gives the number of graphs.
    """
    store = Store(address)
    put = {"update": _by_update, "gsp": _by_graph_store}[protocol]
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for graph, triples in _graphs(nquads, Path(folder)):
            put(store, graph, triples)
            count += 1
    return count


def _graphs(nquads: Path, folder: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each graph's IRI with its triples as lines of N-Triples; memory stays flat."""
    with gzip.open(nquads) as lines:
        by_graph = sorted_lines((_graph_first(line) for line in lines), folder)
        for graph, group in groupby(by_graph, key=lambda line: line.split(b" ", 1)[0]):
            yield graph.decode()[1:-1], (line.split(b" ", 1)[1] for line in group)


def _graph_first(line: bytes) -> bytes:
    statement, graph, _ = line.rsplit(b" ", 2)
    return b"%b %b .\n" % (graph, statement)


def _by_update(store: Store, graph: str, triples: Iterable[bytes]) -> None:
    store.send("POST", f"CLEAR SILENT GRAPH <{graph}>".encode(), "application/sparql-update")
    remaining = iter(triples)
    while batch := list(islice(remaining, BATCH)):
        store.send("POST", _insertion(graph, batch), "application/sparql-update")


def _insertion(graph: str, triples: Sequence[bytes]) -> bytes:
    return b"INSERT DATA { GRAPH <%b> {\n%b} }" % (graph.encode(), b"".join(triples))


def _by_graph_store(store: Store, graph: str, triples: Iterable[bytes]) -> None:
    store.send("PUT", b"".join(triples), "application/n-triples", graph)
