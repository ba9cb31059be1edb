"""Generated queries with the word SERVICE in them, and what the engine makes of them.

Each query is made from the number of its seed, so that any one can be had again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pyoxigraph

from kg.sparql.admission import admitted
from kg.sparql.services import ServiceRefused
from kg.store import oxigraph

HEAD = "PREFIX x: <x:> PREFIX : <x:> PREFIX p: <x:> PREFIX SERVICEx: <x:> PREFIX service: <x:> PREFIX xervice: <x:> PREFIX xs: <x:> "
PIECES = (
    *(" ", "\n", *"{}.;,()>!^*|<=[]+-/", "<x:a>", "<x:#>", "?v ", "?v.", "x:n ", "x:.", ": ", ":.", "p:a.GRAPH ", "xervice:a ", "1", "1."),
    *("'s'", "true", "a", "SILENT", "GRAPH ", "FILTER", "OPTIONAL", "UNION", "#>\n", "#c\n", "'''", '"', "@en", "^^", "\\u0020", "EXISTS"),
)
SHAPES = (
    "?s ?p ?o FILTER(?x<5)K#>\n<x:e>{ ?a ?b ?c }",
    "?s ?p p:a.GRAPH Kx:y{ ?a ?b ?c }",
    "?s ?p trueK<x:e>{}",
    "K:{}",
    "KSILENTx:{}",
    "?s ?p ?o ; K:a { }",
    "OPTIONAL{K<x:e>{}}",
    "FILTER EXISTS{K<x:e>{}}",
    "{K<x:e>{}}UNION{}",
    "GRAPH ?g{K ?g{}}",
    "MINUS{K<x:e>{ K<x:f>{} }}",
)
SPELLINGS = ("SERVICE", "service", "SeRvIcE", "SERV\\u0049CE", "\\u0053ERVICE", "servic\\U00000065")
OTHERS = 0.5  # share of the woven queries that somebody else has written
ODD = 0.3  # share of the woven queries that have another odd piece in them
QUIET = (
    "?service ?p ?o",
    "?s service:p service:o",
    "?s ?p 'K <x:e> {}'",
    '?s ?p """K <x:e> {}"""',
    "?s ?p <x:K#K>",
    "?s ?p ?o # K <x:e> {}\n",
    "GRAPH service:g { ?s ?p 'K'@service }",
    "FILTER(?s = service:a || ?K = 'K')",
    "BIND('K' AS ?Kx)",
    "?s ?p 'a\\'K' . ?s ?p 'K'",
)
WOVEN = (
    *(
        "K<x:e>{}",
        "K <x:e> { ?a ?b ?c }",
        "K SILENT<x:e>{}",
        "KSILENT<x:e>{}",
        "{K ?s{}}",
        "OPTIONAL{K<x:e>{}}",
        "K",
        "K ",
        "K:a",
        "Kx:y{}",
    ),
    *("#K<x:e>{}\n", "'K'", "<x:K>", "?K", "K#>\n<x:e>{}", ".K<x:e>{}", "UNION{K<x:e>{}}", "FILTER EXISTS{K<x:e>{}}", "BIND(1 AS ?K)"),
)
PLACES = re.compile(r"(?<=[{}])|(?<=\.\s)")
PLAIN = (
    *("SELECT * WHERE { ?s ?p ?o }", "ASK { ?s ?p ?o . FILTER(?s = ?s) }", "CONSTRUCT { ?s ?p ?o } WHERE { OPTIONAL { ?s ?p ?o . } }"),
    *("SELECT ?s { { ?s ?p ?o } UNION { ?o ?p ?s } }", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . { SELECT ?s { ?s ?p ?o } } }"),
)
FORMS = ("ASK {{ {} }}", "SELECT * WHERE {{ {} }}", "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {} }}")


def calling(seed: int) -> str:
    """A text around the keyword: many parse, and some of those call an endpoint."""
    random = Random(seed)
    body = random.choice(SHAPES).replace("K", random.choice(SPELLINGS))
    for _ in range(random.randrange(4)):
        at = random.randrange(len(body) + 1)
        piece = random.choice(PIECES)
        body = body[:at] + piece + body[at + random.randrange(2) * len(piece) :]
    return HEAD + random.choice(FORMS).format(body)


def woven(seed: int, queries: Sequence[str]) -> str:
    """One of the queries, or a plain one, with the keyword, or what looks like it, somewhere in it."""
    random = Random(seed)
    text = random.choice(queries) if random.random() < OTHERS else HEAD + random.choice(PLAIN)
    piece = random.choice(WOVEN).replace("K", random.choice(SPELLINGS))
    at = random.choice([place.start() for place in PLACES.finditer(text)] or [0])
    text = text[:at] + piece + text[at:]
    if random.random() < ODD:
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(PIECES) + text[at + random.randrange(2) :]
    return text


def queries(folder: Path) -> list[str]:
    """The queries in a folder and those below it that the engine parses, such as W3C's tests of the syntax."""
    texts = (path.read_bytes().decode(errors="replace") for path in sorted(folder.rglob("*.rq")))
    return [text for text in texts if parses(text)]


def harmless(seed: int) -> str:
    """A query that has the word in names, strings and comments only."""
    random = Random(seed)
    parts = [random.choice(QUIET).replace("K", random.choice(SPELLINGS[:3])) for _ in range(1 + random.randrange(4))]
    return HEAD + "SELECT * WHERE { " + " . \n".join(parts) + " }"


def passes(text: str) -> bool:
    """Whether the query would be run, and parses."""
    try:
        admitted(text, frozenset(), oxigraph.parse, oxigraph.parse)
    except (ServiceRefused, SyntaxError):
        return False
    except RuntimeError:  # it parses, and asks for a function that the engine does not have
        return True
    return True


def parses(text: str) -> bool:
    """Whether the engine takes it for a query, by itself."""
    try:
        pyoxigraph.Store().query(text)
    except SyntaxError:
        return False
    except (OSError, RuntimeError):
        return True
    return True


_SILENT = re.compile(r"(?<=service)silent|(?<![\w.:%\\-])silent", re.IGNORECASE)
"""The keyword, behind SERVICE or a blank; inside a name ("p:a.SILENTx") the letters must stay, or another query is tried."""


def calls(text: str) -> bool:
    """Whether the engine, let loose, tries to call an endpoint.

    It fails, as none has a scheme that can be called; SILENT, which would hide the failure, is blanked. A function that the engine does
    not have fails too, before anything is called.
    """
    store = pyoxigraph.Store()
    term = pyoxigraph.NamedNode("x:a")
    store.add(pyoxigraph.Quad(term, term, term, term))
    try:
        results = store.query(_SILENT.sub("      ", text), use_default_graph_as_union=True)
        if not isinstance(results, pyoxigraph.QueryBoolean):
            list(results)
    except SyntaxError:
        return False
    except (OSError, RuntimeError, ValueError) as error:
        return "custom function" not in str(error)
    return False
