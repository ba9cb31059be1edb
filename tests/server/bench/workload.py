"""The benchmark's queries: every canned query, with values from the graph where required, and two trivial ones."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random
from urllib.parse import quote
from urllib.request import Request, urlopen

from kg.sparql.canned import CannedQuery, load_queries
from tests.server.bench.load import ACCEPT, Message, request

VALUES = 3  # different texts of each query with parameters
ENTITIES = "PREFIX ent: <https://w3id.org/entente/ontology#> SELECT DISTINCT ?x {{ ?x a ent:{} }} ORDER BY ?x"
ROWS = "PREFIX ent: <https://w3id.org/entente/ontology#> SELECT ?event ?date ?place { ?event ent:date ?date ; ent:place ?place } LIMIT 40"


@dataclass(frozen=True)
class Question:
    """A query by its name, in the texts that are run."""

    name: str
    texts: tuple[str, ...]


def fetch(endpoint: str, text: str, seconds: float = 600) -> bytes:
    """Return the body of an answer."""
    with urlopen(Request(f"{endpoint}?query={quote(text)}", headers={"Accept": ACCEPT}), timeout=seconds) as response:
        body: bytes = response.read()
        return body


def solutions(body: bytes) -> list[dict[str, dict[str, str]]]:
    """Return the rows of SPARQL JSON results."""
    rows: list[dict[str, dict[str, str]]] = json.loads(body)["results"]["bindings"]
    return rows


def same(ours: bytes, theirs: bytes) -> bool:
    """Whether two answers have the same rows, in any order."""
    one, other = (Counter(json.dumps(row, sort_keys=True) for row in solutions(body)) for body in (ours, theirs))
    return one == other


def canned(endpoint: str) -> list[Question]:
    """Return the canned queries, with values drawn from the store at ``endpoint``, deterministically."""
    random, known = Random(2026), dict[str, list[str]]()

    def entities(kind: str) -> list[str]:
        if kind not in known:
            known[kind] = [row["x"]["value"] for row in solutions(fetch(endpoint, ENTITIES.format(kind)))]
        return known[kind]

    return [Question(name, tuple(_texts(query, entities, random))) for name, query in load_queries().items()]


def _texts(query: CannedQuery, entities: Callable[[str], list[str]], random: Random) -> Iterator[str]:
    required = [parameter for parameter in query.parameters if parameter.required]
    for _ in range(VALUES if required else 1):
        values = query.bind({parameter.name: random.choice(entities(parameter.entity)) for parameter in required})
        yield query.inline(values)


def extra() -> list[Question]:
    """Return queries that show the cost of a request itself: one with nothing to compute, one of 40 rows."""
    return [Question("ASK {}", ("ASK {}",)), Question("40 rows", (ROWS,))]


def repeated(question: Question, address: str, path: str, seconds: float) -> Iterator[Message]:
    """Yield one query repeatedly for a duration, its texts in turn."""
    messages = cycle([(question.name, request(address, path, text)) for text in question.texts])
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        yield next(messages)


def mixed(questions: list[Question], address: str, path: str, seconds: float, least: int) -> Iterator[Message]:
    """Yield all queries equally often, in a fixed random order: whole rounds, for a minimum number and duration."""
    messages = [cycle([(question.name, request(address, path, text)) for text in question.texts]) for question in questions]
    random, began, done = Random(11), time.perf_counter(), 0
    while done < least or time.perf_counter() - began < seconds:
        for each in random.sample(messages, len(messages)):
            yield next(each)
        done += 1
