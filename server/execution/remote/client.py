"""Send one query to a remote store and read its answer with pyoxigraph, in a worker or in the mirror.

Answers are parsed before they are passed on: SPARQL JSON results and N-Triples are read, any format is written. An answer truncated
by a broken connection or a limit of the store raises Refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import requests

from kg.graph.namespaces import DATASET, RESOURCE
from kg.store import oxigraph
from kg.store.output.remote import CONNECT_TIME, Address, Client, reason
from server.execution.refusal import Refused
from server.execution.remote import dialects as makes
from server.execution.remote.body import ResponseBody, check_framed, check_status, check_whole
from server.execution.remote.truncation import as_select, outer_limit

KNOWS = f"ASK {{ <{DATASET}> ?property ?value }}"
FORM = "application/x-www-form-urlencoded"
SOLUTIONS = ("application/sparql-results+json", "application/json")
GRAPHS = ("application/n-triples", "text/turtle", "application/rdf+xml")
DATASET_PARAMETERS = frozenset({"default-graph-uri", "named-graph-uri"})
RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.\-]*:)[^<>\"{}|^`\\\s]*>")
SLACK = 1.0  # seconds that a store gets to report itself that it has stopped a query
Pairs = list[tuple[str, str]]


class Results:
    """The answer to a query, read as it is written: a graph, or solutions or a boolean."""

    def __init__(self, found: Any, *, graph: bool) -> None:
        self.found = found
        self.graph = graph

    def write(self, media_type: str, output: Any, prefixes: Mapping[str, str] | None = None) -> None:
        """Write the answer to ``output``; Refused if it is truncated or invalid. ``prefixes`` as in ``kg.store.oxigraph``."""
        _readable(lambda: oxigraph.serialize(self.found, media_type, output, prefixes))

    def rows(self) -> Iterator[tuple[str | None, ...]]:
        """Yield the solutions as values in the order of SELECT; Refused as in ``write``."""
        solutions = iter(self.found)
        while (solution := _readable(lambda: next(solutions, None))) is not None:
            yield tuple(None if term is None else term.value for term in solution)


class RemoteStore:
    """The store at an address. ``seconds`` below are time limits of answers."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._client = Client(address)
        self._make = ""
        self._union: tuple[tuple[str, str], ...] | None = None

    def query(
        self,
        text: str,
        seconds: float,
        dataset: tuple[Sequence[str], Sequence[str]] | None = None,
        union: bool = True,
        takes: Sequence[str] = ("solutions", "graph"),
    ) -> Results:
        """Begin a query; the arguments are those of ``kg.store.oxigraph.query``, and ``takes`` restricts the result form.

        The query must not call SERVICE. SyntaxError if it does not parse, LookupError if its result form is another one, both
        before the store is queried; Refused if the store gives no answer or an incomplete one.
        """
        kind = oxigraph.parse(text)
        if ("graph" if kind == "graph" else "solutions") not in takes:
            raise LookupError("graph" if kind == "graph" else "solutions")
        text = _absolute(text)
        parameters = self._parameters(dataset, union, seconds)
        response = self._send(text, GRAPHS if kind == "graph" else SOLUTIONS, parameters, seconds)
        check_whole(response, outer_limit(text))
        if kind == "graph":
            self._check_all_rows(text, parameters, seconds)
            return Results(_triples(response), graph=True)
        found = self._solutions(response)
        if kind == "boolean":
            return Results(_readable(lambda: oxigraph.as_boolean(found, makes.ASK_COLUMN)), graph=False)
        if oxigraph.is_boolean(found):
            raise Refused("failed", "it answered with a boolean, not with the requested solutions")
        return Results(found, graph=False)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _solutions(self, response: requests.Response) -> Any:
        _check_type(response, SOLUTIONS)
        replace = next((found for make, found in makes.BLANK_NODES.items() if self._is(make)), None)
        return _readable(lambda: oxigraph.read_solutions(ResponseBody(response, replace)))

    def _parameters(self, dataset: tuple[Sequence[str], Sequence[str]] | None, union: bool, seconds: float) -> Pairs:
        """Return the parameters sent with a query: above all, its dataset. Those of the address apply if the query names none."""
        given = list(self.address.parameters)
        if dataset is None and union:
            return [*given, *self._all_graphs(given, seconds)]
        kept = [(name, value) for name, value in given if name not in DATASET_PARAMETERS]
        default, named = dataset or ((), ())
        return [*kept, *(("default-graph-uri", iri) for iri in default), *(("named-graph-uri", iri) for iri in named)]

    def _all_graphs(self, given: Pairs, seconds: float) -> Sequence[tuple[str, str]]:
        """Find the parameters that make the default graph the union of all graphs: those with which the description of the dataset is
        found."""
        if self._union is None:
            self._union = next((way for way in makes.UNIONS if self._knows([*given, *way], seconds)), None)
        return self._union or ()

    def _knows(self, parameters: Pairs, seconds: float) -> bool:
        try:
            found = self._solutions(self._send(KNOWS, SOLUTIONS, parameters, seconds))
        except Refused as refused:
            if refused.reason == "refused":  # a parameter that this store rejects
                return False
            raise
        return bool(_readable(lambda: oxigraph.as_boolean(found, makes.ASK_COLUMN)))

    def _check_all_rows(self, text: str, parameters: Pairs, seconds: float) -> None:
        """Refused if the store silently truncates graphs and would truncate the solutions from which this one is made."""
        select = as_select(text) if any(map(self._is, makes.CUTS_GRAPHS)) else None
        if select:
            with self._send(select, SOLUTIONS, parameters, seconds) as response:
                check_whole(response, outer_limit(text))

    def _send(self, text: str, types: Sequence[str], parameters: Pairs, seconds: float) -> requests.Response:
        """Send a query and return the response, body unread; Refused if it is no answer."""
        limits = [(name, f"{seconds * units:.0f}") for make, (name, units) in makes.TIMEOUTS.items() if self._is(make)]
        body = urlencode([("query", text), *limits]).encode()
        accept = ", ".join(f"{kind};q={1 - at / 10:g}" for at, kind in enumerate(types))
        try:
            response = self._client.send("POST", body, {"Accept": accept, "Content-Type": FORM}, parameters, seconds + SLACK)
        except requests.ConnectTimeout:
            raise Refused("unreachable", f"it accepted no connection within {min(seconds, CONNECT_TIME):g} s") from None
        except requests.Timeout:
            raise Refused("slow", f"it gave no answer within {seconds:g} s") from None
        except requests.RequestException as error:
            raise Refused("unreachable", reason(error)) from None
        self._make = response.headers.get("Server", "").lower()
        check_status(response)
        return response

    def _is(self, make: str) -> bool:
        return self._make.startswith(make)


def _triples(response: requests.Response) -> Iterator[Any]:
    _check_type(response, GRAPHS)
    check_framed(response)
    return oxigraph.read_triples(ResponseBody(response), _media_type(response))


def _media_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _check_type(response: requests.Response, types: Sequence[str]) -> None:
    found = _media_type(response)
    if found not in types:
        raise Refused("failed", f"it answered with {found or 'no media type'}, not with {types[0]}; is this the address of its endpoint?")


def _readable(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (SyntaxError, ValueError) as error:
        raise Refused("failed", f"its answer cannot be parsed ({' '.join(str(error).split())[:200]})") from None


def _absolute(text: str) -> str:
    """Return the query with our base IRI, if it may contain relative IRIs."""
    return f"BASE <{RESOURCE}> {text}" if RELATIVE.search(text) else text
