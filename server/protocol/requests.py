"""The SPARQL 1.1 Protocol, the Graph Store HTTP Protocol (read-only) and the service's own addresses, without a web framework.

``plan`` turns a request into a job for the engine or into a reply; Flask and the event loop only transfer the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, unquote_to_bytes

from werkzeug.http import parse_etags, parse_options_header

from kg.formats import GRAPHS, SOLUTIONS, Format, named
from kg.sparql.query_parameters import NO_IRI, Value
from kg.store.builds import UNKNOWN
from server.protocol.headers import CORS, PROTECTION, preflight
from server.protocol.jobs import Job, Query
from server.protocol.negotiation import LONGEST_HEADER, Wanted, accept_of, accepted, choose, first, names, wants_gzip
from server.protocol.problems import Problem, Reply
from server.protocol.service_description import describe

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
READ = "GET, HEAD, OPTIONS"
PATHS = ("/sparql", "/sparql/", "/graphs", "/graphs/")
ASCII = 0x80
SHORTEST = 0.05  # seconds: a shorter timeout would only cost a worker
BYTE_ORDER_MARK = "\ufeff"  # the byte order mark that some editors put at the beginning of a file
RESULT_TYPES = tuple(form.media_type for form in (*SOLUTIONS, *GRAPHS))


@dataclass(frozen=True, slots=True)
class Request:
    """A client's request: header names in lower case, the raw query string, and a function that returns the URL of the application's
    root, with a trailing slash."""

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes
    root: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits of a request: the longest query in bytes, the longest time in seconds."""

    query_length: int
    timeout: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a request, each with all its values."""

    values: Mapping[str, list[str]] = field(default_factory=dict)

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter."""
        return tuple(self.values.get(name, ()))

    def one(self, name: str) -> str | None:
        """Return the value of a parameter that may occur once; Problem 400 if it occurs more often."""
        values = self.values.get(name, [])
        if len(values) > 1:
            raise Problem(400, f"There are several parameters {name!r}.", "Send one in each request.")
        return values[0] if values else None


def encoded_query(query_string: bytes) -> str:
    """Percent-encode all characters of a query string that are not ASCII, as browsers do. Problem 400 if it is not UTF-8."""
    if query_string.isascii():
        return query_string.decode("ascii")
    try:
        query_string.decode("utf-8")
    except UnicodeDecodeError:
        raise not_utf8() from None
    return "".join(chr(byte) if byte < ASCII else f"%{byte:02X}" for byte in query_string)


def check_encoding(query_string: bytes) -> None:
    """Problem 400 if the parameters, percent-decoded, are not UTF-8."""
    try:
        unquote_to_bytes(query_string).decode("utf-8")
    except UnicodeDecodeError:
        raise not_utf8() from None


def not_utf8() -> Problem:
    """Return the refusal of parameters in another encoding."""
    return Problem(400, "The parameters are not UTF-8.", "Percent-encode the bytes of their UTF-8.")


def plan(request: Request, rules: Rules) -> Job | Reply:
    """Plan the response to a request to one of PATHS. Problem if there is none."""
    if request.method == "OPTIONS":
        allowed = "GET, HEAD, POST, OPTIONS" if request.path.startswith("/sparql") else READ
        return Reply(204, (("Allow", allowed), *preflight(request.headers)))
    if len(request.query_string) > rules.query_length or len(request.body) > rules.query_length:
        raise Problem(413, f"The request is longer than {rules.query_length} bytes.", "Shorten the query.")
    if request.path.startswith("/graphs"):
        return _graph_store(request, rules)
    return _sparql(request, rules)


def _sparql(request: Request, rules: Rules) -> Job | Reply:
    parameters, text = _operation(request)
    if text is None:
        return _description(request, parameters)
    text = text.removeprefix(BYTE_ORDER_MARK)
    if not text.strip():
        raise Problem(400, "There is no query.", "Send one as the parameter 'query'.")
    query = Query(
        text,
        default_graphs=_iris(parameters, "default-graph-uri"),
        named_graphs=_iris(parameters, "named-graph-uri"),
    )
    return _job(request, parameters, query, rules)


def _job(request: Request, parameters: Parameters, query: Query, rules: Rules) -> Job:
    return Job(
        query,
        choose(accept_of(request.headers.get("accept", "")), _formats(parameters)),
        compress=wants_gzip(request.headers.get("accept-encoding", "")),
        timeout=_timeout(parameters, rules),
    )


def _operation(request: Request) -> tuple[Parameters, str | None]:
    """Return the parameters and the text of the query, sent in one of the protocol's three ways (2.1)."""
    parameters = _parameters(request.query_string)
    if request.method in ("GET", "HEAD"):
        return parameters, _query_of(parameters)
    if request.method != "POST":
        raise Problem(405, f"{request.method} is not a method of this endpoint.", headers={"Allow": "GET, HEAD, POST, OPTIONS"})
    coding = request.headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity"):
        raise Problem(415, f"The request is compressed with {coding}.", "Send it as it is.", headers={"Accept-Encoding": "identity"})
    media_type, options = parse_options_header(request.headers.get("content-type", "")[:LONGEST_HEADER])
    media_type = media_type.lower()
    if media_type in (FORM, DIRECT) and {"query", "update"} & set(parameters.values):
        raise Problem(400, "The URL of a POST request contains a query.", "Send it in the body, or with GET.")
    if media_type == FORM:
        form = _parameters(_text(request.body, options))
        text = _query_of(form)
        both = {name: [*parameters.values.get(name, ()), *values] for name, values in form.values.items()}
        return Parameters({**parameters.values, **both}), "" if text is None else text
    if media_type == DIRECT:
        return parameters, _text(request.body, options)
    if media_type == UPDATE:
        _text(request.body, options)
        raise read_only()
    sent = f"as {media_type}" if media_type else "without a media type"
    raise Problem(415, f"A query cannot be sent {sent}.", f"Send it as {DIRECT} or as {FORM}.")


def read_only() -> Problem:
    """Return the refusal of operations that would change the graph."""
    return Problem(403, "This server is read-only: it takes queries, not updates.", "Load a dump into your own store.")


def _query_of(parameters: Parameters) -> str | None:
    query, update = parameters.one("query"), parameters.one("update")
    if query is not None and update is not None:
        raise Problem(400, "The request contains both a query and an update.", "Send a query only.")
    if update is not None:
        raise read_only()
    return query


def _text(body: bytes, options: Mapping[str, str]) -> str:
    charset = options.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(415, f"The request is in {charset}.", "SPARQL is sent in UTF-8.")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Problem(400, f"Byte {error.start} of the request is not UTF-8.", "SPARQL is sent in UTF-8.") from None


def _parameters(encoded: str) -> Parameters:
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise not_utf8() from None
    except ValueError:
        raise Problem(400, "There are too many parameters.") from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return Parameters(values)


def _formats(parameters: Parameters) -> list[str]:
    """Return the formats requested by name (``output`` is Fuseki's name for ``format``). Problem 406 if none is known."""
    wanted = names(parameters.all("format")) or names(parameters.all("output"))
    if wanted and not any(named(each, form) for each in wanted for form in (SOLUTIONS, GRAPHS)):
        known = ", ".join(dict.fromkeys(form.ending for form in (*SOLUTIONS, *GRAPHS)))
        raise Problem(406, f"format={wanted[0][:100]!r} is not known.", f"There are: {known}, and their media types.")
    return wanted


def _iris(parameters: Parameters, name: str) -> tuple[str, ...]:
    found = tuple(iri for iri in parameters.all(name) if iri)
    for iri in found:
        if ":" not in iri or NO_IRI.search(iri):
            raise Problem(400, f"{name}={iri[:200]!r} is not an absolute IRI.", "Give the graph's full name.")
    return found


def _timeout(parameters: Parameters, rules: Rules) -> float | None:
    """Return the timeout requested by the client, in seconds; None if it gives none (0 or empty, as in Virtuoso)."""
    given = (parameters.one("timeout") or "").strip()
    if not given:
        return None
    try:
        seconds = float(given)
        if not 0 <= seconds < float("inf") or not given.isascii() or "_" in given:
            raise ValueError
    except ValueError:
        raise Problem(400, f"timeout={given[:100]!r} is not a number of seconds.", "Give one above 0, such as 2.5.") from None
    return min(max(seconds, SHORTEST), rules.timeout) if seconds else None


def _description(request: Request, parameters: Parameters) -> Reply:
    """Return the service description (SPARQL 1.1 Service Description, 2): the response to GET without a query."""
    form = _graph_format(request, parameters)
    body = describe(request.root(), form)
    caching = (("Vary", "Accept, Host"), ("Cache-Control", "private, max-age=3600"))
    return Reply(200, (("Content-Type", form.content_type), *caching, *CORS, *PROTECTION), body)


def _graph_format(request: Request, parameters: Parameters) -> Format:
    wanted = _formats(parameters)
    form = first(wanted, GRAPHS) if wanted else accepted(accept_of(request.headers.get("accept", "")), GRAPHS)
    if form is None:
        raise Problem(406, "None of the accepted formats can represent a graph.", f"There are: {', '.join(f.media_type for f in GRAPHS)}")
    return form


def _graph_store(request: Request, rules: Rules) -> Job:
    """Read one graph by name, or the default graph (SPARQL 1.1 Graph Store HTTP Protocol, 4.1 and 5.2)."""
    if request.method not in ("GET", "HEAD"):
        if request.method in ("PUT", "POST", "DELETE", "PATCH"):
            raise read_only()
        raise Problem(405, f"{request.method} is not a method of graphs.", headers={"Allow": READ})
    parameters = _parameters(request.query_string)
    graph, default = _iris(parameters, "graph"), "default" in parameters.values
    if len(graph) + default != 1:
        raise Problem(400, "It takes either one graph=… or default.", "Name one graph.")
    wanted = Wanted(None, _graph_format(request, parameters))
    compress, timeout = wants_gzip(request.headers.get("accept-encoding", "")), _timeout(parameters, rules)
    if default:
        return Job(Query("CONSTRUCT WHERE { ?s ?p ?o }"), wanted, compress, timeout=timeout)
    name = Value(graph[0], "iri").sparql()
    content = Query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}")
    exists = Query(f"ASK {{ GRAPH {name} {{ ?s ?p ?o }} }}")
    return Job(content, wanted, compress, timeout=timeout, guard=exists, guard_detail=f"There is no graph <{graph[0]}>.")


def answer_headers(job: Job, build: str, content_type: str, age: int) -> tuple[tuple[str, str], ...]:
    """Return the headers of an answer. ``age``: seconds for which it may be reused without revalidation."""
    return _answer_headers(job.key if job.cacheable and build != UNKNOWN else "", job.compress, build, content_type, age)


@lru_cache(maxsize=4096)
def _answer_headers(key: str, compress: bool, build: str, content_type: str, age: int) -> tuple[tuple[str, str], ...]:
    headers = [("Content-Type", content_type), ("X-Build", build), ("Vary", "Accept, Accept-Encoding"), *CORS, *PROTECTION]
    if compress:
        headers.append(("Content-Encoding", "gzip"))
    if key:
        headers += [("ETag", f'"{build}-{key}"'), ("Cache-Control", f"public, max-age={age}")]
    else:
        headers.append(("Cache-Control", "no-store"))
    return tuple(headers)


def unchanged(request: Request, job: Job, build: str, *, answered: bool = False) -> bool:
    """Whether the client has the answer already, by its conditional headers (RFC 9110, 13.1.2; queries are safe by POST too).

    ``*`` matches any answer, so it counts only once the query has been ``answered``.
    """
    given = request.headers.get("if-none-match")
    if not given or not job.cacheable or build == UNKNOWN:
        return False
    known = parse_etags(given[:LONGEST_HEADER])
    return answered if known.star_tag else known.contains_weak(f"{build}-{job.key}")
