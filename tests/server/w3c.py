"""The W3C's HTTP tests (protocol and Graph Store Protocol): their manifests as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
STATUS = "http://www.w3.org/2011/http-statusCodes#"
NAMED_STATUS = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}


@dataclass(frozen=True)
class Message:
    """One request, with the expected response."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: frozenset[str]
    boolean: bool | None
    form: str | None
    graph: str | None

    @property
    def query_string(self) -> str:
        """Its query string, unchanged."""
        return urlsplit(self.path).query

    def accepts(self, status: int) -> bool:
        """Whether a status is an expected one."""
        return any(self._means(name, status) for name in self.statuses)

    @staticmethod
    def _means(name: str, status: int) -> bool:
        if name.startswith("StatusCode"):
            return status // 100 == int(name[len("StatusCode")])
        return NAMED_STATUS[name] == status


@dataclass(frozen=True)
class Test:
    """One test: its name in the manifest and its messages in order."""

    __test__ = False
    name: str
    messages: tuple[Message, ...]


def read_tests(manifest: Path) -> list[Test]:
    """Return the tests of a manifest, in order."""
    graph = Graph().parse(manifest, format="turtle")
    entries = Collection(graph, next(graph.objects(None, MF.entries)))
    return [Test(str(entry).rsplit("#", 1)[-1], tuple(_messages(graph, entry))) for entry in entries]


def _messages(graph: Graph, test: URIRef) -> list[Message]:
    requests = Collection(graph, graph.value(graph.value(test, MF.action), HT.requests))
    return [_message(graph, request) for request in requests]


def _message(graph: Graph, request: object) -> Message:
    response = graph.value(request, HT.resp)
    boolean = graph.value(response, MF.expectedBoolean)
    form = graph.value(response, MF.expectedFormat)
    expected = graph.value(response, HT.body)
    return Message(
        method=str(graph.value(request, HT.methodName)),
        path=str(graph.value(request, HT.absolutePath)),
        headers=_headers(graph, request),
        body=_body(graph, graph.value(request, HT.body)),
        statuses=frozenset(str(status).removeprefix(STATUS) for status in graph.objects(response, MF.expectedStatus)),
        boolean=None if boolean is None else bool(boolean),
        form=None if form is None else str(form),
        graph=None if expected is None else str(graph.value(expected, CNT.chars)),
    )


def _headers(graph: Graph, request: object) -> tuple[tuple[str, str], ...]:
    headers = graph.value(request, HT.headers)
    if headers is None or headers == RDF.nil:
        return ()
    return tuple((str(graph.value(each, HT.fieldName)), str(graph.value(each, HT.fieldValue))) for each in Collection(graph, headers))


def _body(graph: Graph, body: object) -> bytes:
    if body is None:
        return b""
    return str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding) or "utf-8"))
