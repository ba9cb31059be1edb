"""Other stores and tools: each is started on loopback, loaded with a Turtle dump, queried, and stopped."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

HERE = Path(__file__).resolve().parent
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
GRAPH = "https://w3id.org/entente/interop"
QUERY_SECONDS = 180
START_SECONDS = 120
MESSAGES = "org/apache/jena/ext/xerces/"


class EngineError(Exception):
    """An engine could not be started, or refused a query."""


class TooSlowError(EngineError):
    """A query exceeded its time limit."""


class Engine:
    """A store that answers SPARQL. ``start`` loads the dump; ``ask`` returns SPARQL JSON results."""

    name = ""
    keeps_order = True
    differences: ClassVar[Mapping[str, str]] = {}  # canned queries with known deviations, and the reason
    is_asked = True  # whether the canned queries are run, or only the triples counted

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def start(self, dump: Path) -> Iterator[None]:
        """Load the dump and be ready to answer until the block ends."""
        raise NotImplementedError(dump)
        yield

    def ask(self, query: str) -> dict[str, Any]:
        """Return the answer to a query."""
        raise NotImplementedError

    def count(self) -> int:
        """Return the number of its triples."""
        return int(self.ask(COUNT)["results"]["bindings"][0]["n"]["value"])


class Embedded(Engine):
    """Entente's own store, as a build leaves it: the reference for all others."""

    name = "Entente (embedded Oxigraph)"

    @contextmanager
    def start(self, dump: Path) -> Iterator[None]:
        from kg.store.oxigraph import open_store

        self.store = open_store(dump.parent.parent / "store")
        yield

    def ask(self, query: str) -> dict[str, Any]:
        import pyoxigraph

        result = self.store.query(query, use_default_graph_as_union=True)
        return json.loads(result.serialize(format=pyoxigraph.QueryResultsFormat.JSON))


class Lines(Engine):
    """A program that answers each line with a line. It is restarted after being killed for taking too long."""

    def command(self, dump: Path) -> list[str]:
        """Return the command that starts it."""
        raise NotImplementedError

    @contextmanager
    def start(self, dump: Path) -> Iterator[None]:
        self.line = self.command(dump)
        self.program = lines_program(self.line)
        try:
            yield
        finally:
            stop(self.program)

    def ask(self, query: str) -> dict[str, Any]:
        if self.program.poll() is not None:
            self.program = lines_program(self.line)
        try:
            return ask_lines(self.program, query)
        except TooSlowError:
            stop(self.program)
            raise


class RDFLib(Lines):
    """rdflib, in memory."""

    name = "rdflib"

    def command(self, dump: Path) -> list[str]:
        return [sys.executable, str(HERE / "rdflib_answers.py"), str(dump)]


class Comunica(Lines):
    """Comunica on Node.js, over the file.

    Its ORDER BY with several keys sorts by one key after the other with an insertion that is not stable (SortIterator in
    @comunica/actor-query-operation-orderby, 3.3 to 4.5), so only the first key decides: its rows are compared as sets.
    """

    name = "Comunica"
    keeps_order = False
    differences: ClassVar = {"co-participation": "compares strings by locale (KOSTT after Kosovo), so the two of a pair change places"}

    def command(self, dump: Path) -> list[str]:
        if shutil.which("node") is None:
            raise EngineError("node is not installed")
        return ["node", str(self.folder / "npm" / "comunica.mjs"), str(dump)]


class Quadstore(Comunica):
    """quadstore on Node.js, in memory. It runs Comunica with one index lookup per row: two of our queries take over three minutes."""

    name = "quadstore"
    differences: ClassVar = {}
    is_asked = False

    def command(self, dump: Path) -> list[str]:
        return ["node", str(self.folder / "npm" / "quadstore.mjs"), str(dump)]


class Maplib(Lines):
    """maplib, over Polars, in memory. Version 0.20 refuses a variable in a filter that no pattern binds, such as an optional parameter."""

    name = "maplib"
    is_asked = False

    def command(self, dump: Path) -> list[str]:
        return [sys.executable, str(HERE / "maplib_answers.py"), str(dump)]


class Jena(Lines):
    """Apache Jena: TDB2 on disk, queries by ARQ."""

    name = "Apache Jena (TDB2, ARQ)"

    def command(self, dump: Path) -> list[str]:
        return [*java(self.folder), str(HERE / "java" / "JenaAnswers.java"), str(dump), str(self.folder / "tdb2")]


class Served(Engine):
    """A store with a SPARQL endpoint."""

    endpoint = ""
    parameters: tuple[tuple[str, str], ...] = ()

    @contextmanager
    def empty(self) -> Iterator[tuple[str, str]]:
        """Yield an empty store that accepts graphs until the block ends: the address to publish to, and the protocol."""
        raise NotImplementedError
        yield

    def ask(self, query: str) -> dict[str, Any]:
        body = urlencode([("query", query), *self.parameters]).encode()
        request = Request(self.endpoint, body, {"Accept": "application/sparql-results+json"})
        try:
            with urlopen(request, timeout=QUERY_SECONDS) as response:
                return json.load(response)
        except HTTPError as error:
            raise EngineError(error.read().decode("utf-8", "replace").splitlines()[0][:200]) from error
        except (TimeoutError, URLError, ValueError) as error:
            raise EngineError(str(error)) from error


class OxigraphServer(Served):
    """Oxigraph's own server."""

    name = "Oxigraph server"

    @contextmanager
    def start(self, dump: Path) -> Iterator[None]:
        binary = str(Path(sys.executable).parent / "oxigraph")
        store = self.folder / "oxigraph"
        subprocess.run([binary, "load", "--location", store, "--file", dump], check=True, capture_output=True)
        port = free_port()
        self.endpoint = f"http://127.0.0.1:{port}/query"
        command = [binary, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
        with process(command):
            wait_for(lambda: self.ask("ASK {}"))
            yield

    @contextmanager
    def empty(self) -> Iterator[tuple[str, str]]:
        binary, port = str(Path(sys.executable).parent / "oxigraph"), free_port()
        self.endpoint = f"http://127.0.0.1:{port}/query"
        with process([binary, "serve", "--location", str(self.folder / "oxigraph-empty"), "--bind", f"127.0.0.1:{port}"]):
            wait_for(lambda: self.ask("ASK {}"))
            yield f"http://127.0.0.1:{port}/update", "update"


class Virtuoso(Served):
    """OpenLink Virtuoso, open-source edition."""

    name = "Virtuoso"

    most_rows = 1_000_000

    @contextmanager
    def running(self, name: str) -> Iterator[tuple[Path, int, int]]:
        """Run a server with an empty database; yield its folder, and its ports for SQL and HTTP."""
        folder = self.folder / name
        folder.mkdir()
        sql, http = free_port(), free_port()
        settings = (HERE / "virtuoso.ini").read_text(encoding="utf-8")
        settings = settings.format(folder=folder, sql=sql, http=http, most_rows=self.most_rows)
        (folder / "virtuoso.ini").write_text(settings, encoding="utf-8")
        self.endpoint = f"http://127.0.0.1:{http}/sparql"
        with process(["virtuoso-t", "+foreground", "+configfile", str(folder / "virtuoso.ini")], cwd=folder):
            wait_for(lambda: self.ask("ASK {}"))
            yield folder, sql, http

    @contextmanager
    def empty(self) -> Iterator[tuple[str, str]]:
        with self.running(f"virtuoso-{self.most_rows}") as (_, _, http):
            yield f"http://dba:dba@127.0.0.1:{http}/sparql-graph-crud-auth", "gsp"

    @contextmanager
    def start(self, dump: Path) -> Iterator[None]:
        self.parameters = (("default-graph-uri", GRAPH), ("format", "application/sparql-results+json"))
        with self.running("virtuoso") as (folder, sql, _):
            (folder / "dump.ttl").symlink_to(dump.resolve())
            load = f"DB.DBA.TTLP (file_to_string_output ('{folder}/dump.ttl'), '', '{GRAPH}', 0);"
            done = subprocess.run(
                ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"], capture_output=True, text=True, check=False
            )
            if done.returncode or "Error" in done.stdout + done.stderr:
                raise EngineError((done.stdout + done.stderr).strip()[-300:])
            yield


class SmallVirtuoso(Virtuoso):
    """Virtuoso with the row limit of Debian's configuration."""

    name = "Virtuoso, 10,000 rows"
    most_rows = 10_000


def rapper_count(dump: Path) -> int:
    """Return how many triples Redland's parser reads from the dump, with warnings counted as errors."""
    done = subprocess.run(["rapper", "-q", "-i", "turtle", "-o", "ntriples", dump], capture_output=True, text=True, check=False)
    if done.returncode or done.stderr.strip():
        raise EngineError(done.stderr.strip().splitlines()[0][:200] if done.stderr.strip() else f"exit code {done.returncode}")
    return len(set(done.stdout.splitlines()))


def java(folder: Path) -> list[str]:
    """Return the command for a Java program with Debian's jars.

    Debian's jena-core (4.5.0-2) has moved the classes of Xerces to the package ``xerces`` but left its messages in their old place,
    and does not start without them: they are copied to where it looks, in ``folder``.
    """
    messages = folder / "messages"
    if not messages.exists():
        with zipfile.ZipFile("/usr/share/java/jena-core.jar") as jar:
            for name in jar.namelist():
                if name.startswith(MESSAGES) and name.endswith(".properties"):
                    target = messages / "xerces" / name.removeprefix(MESSAGES)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(jar.read(name))
    return ["java", "-cp", f"{messages}:/usr/share/java/*"]


def rdf4j_count(dump: Path, folder: Path) -> int:
    """Return how many statements RDF4J's parser reads from the dump."""
    return _counted([*java(folder), str(HERE / "java" / "Rdf4jCount.java"), str(dump)])


def n3_count(dump: Path, folder: Path) -> int:
    """Return how many statements N3.js reads from the dump."""
    return _counted(["node", str(folder / "npm" / "n3_count.mjs"), str(dump)])


def _counted(command: list[str]) -> int:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line for line in done.stderr.strip().splitlines() if not line.startswith("SLF4J")]
        raise EngineError(said[0][:200] if said else f"exit code {done.returncode}")
    return int(done.stdout)


ENGINES: tuple[type[Engine], ...] = (OxigraphServer, Virtuoso, Jena, RDFLib, Maplib, Comunica, Quadstore)


def free_port() -> int:
    """Return an unused port of the loopback interface."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def process(command: list[str], cwd: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run a program until the block ends."""
    started = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
    try:
        yield started
    finally:
        stop(started)


def lines_program(command: list[str]) -> subprocess.Popen[str]:
    """Start a program that answers each line with a line."""
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8")


def ask_lines(program: subprocess.Popen[str], query: str) -> dict[str, Any]:
    """Query such a program."""
    assert program.stdin
    assert program.stdout
    signal.signal(signal.SIGALRM, _too_slow)
    signal.alarm(QUERY_SECONDS)
    try:
        program.stdin.write(json.dumps(query) + "\n")
        program.stdin.flush()
        line = program.stdout.readline()
    except BrokenPipeError as error:
        raise EngineError("ended before") from error
    finally:
        signal.alarm(0)
    answer = json.loads(line) if line else {"error": "ended"}
    if "error" in answer:
        raise EngineError(re.sub(r"\s+", " ", answer["error"])[:200])
    return answer


def _too_slow(*_: object) -> None:
    raise TooSlowError(f"took longer than {QUERY_SECONDS} s")


def stop(program: subprocess.Popen[str]) -> None:
    """End a program that we started."""
    program.terminate()
    try:
        program.wait(10)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
    for pipe in (program.stdin, program.stdout):
        if pipe:
            pipe.close()


def wait_for(ready: Any) -> None:
    """Retry until a call succeeds."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ready()
            return
        except (EngineError, OSError) as error:
            if time.monotonic() > deadline:
                raise EngineError(f"did not start within {START_SECONDS} s: {error}") from error
            time.sleep(0.1)
