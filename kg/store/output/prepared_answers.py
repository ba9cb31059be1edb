"""Answers computed when a build is made: the first rows and the row count of each canned query with its defaults.

Of a long list of events, only the beginning is computed. A query that exceeds the time limit is stopped, and the fact is stored, so
that pages need not try it. The limit is on processor time, so that a build on a busy machine has the same answers. An answer is stored
with the text of its query, so a server with another text never shows it.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

FOLDER = "answers"
KEPT_ROWS = 500
"""Rows stored: the first pages of a table, and what the chart above it shows."""

SECONDS = 30.0
"""Time limit of a query in seconds of processor time, the same as on the endpoint."""

WALL = 20
"""Factor by which the total time of a query may exceed that limit, if it gets no processor or waits for the disk."""

Binding = Mapping[str, Mapping[str, str]]
"""A solution as in SPARQL 1.1 Query Results JSON."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query by its name and text.

    ``beginning``, if any, is the text that is run instead, whose rows are the first ones of the answer; the whole is about ``events``
    events.
    """

    name: str
    text: str
    beginning: str = ""
    events: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """The answer to ``query``: its variables, the first ``KEPT_ROWS`` rows, and the total number of rows.

    If it has ``events``, there are more rows than ``count``, about so many events. ``overran``: it took too long, and there are no rows.
    """

    query: str
    variables: list[str]
    rows: list[Binding]
    count: int
    events: int = 0
    overran: bool = False

    def write(self, folder: Path, name: str) -> None:
        """Store the answer in the folder of answers."""
        (folder / f"{name}.json").write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")


def read_answer(build: Path, name: str, text: str) -> Prepared | None:
    """Return the stored answer of this name in a build's folder; None if there is none, or it answers another text."""
    try:
        found = json.loads((build / FOLDER / f"{name}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return Prepared(**found) if found.get("query") == text else None


def digest_of(questions: Sequence[Question]) -> str:
    """Return the SHA-256 of the questions: builds of the same graph with answers to other questions differ."""
    return hashlib.sha256(json.dumps([asdict(question) for question in questions]).encode()).hexdigest()


def write_answers(store: Path, questions: Sequence[Question], build: Path, *, apart: bool, seconds: float = SECONDS) -> list[str]:
    """Answer all questions from the store in a folder; return the names of those that timed out or failed.

    ``apart``: in another process, which can be stopped. Without it there is no time limit, but no process to start either.
    """
    folder = build / FOLDER
    folder.mkdir(exist_ok=True)
    if not apart:
        return [name for name, answered in _answers(store, questions, folder) if not answered]
    left, missing = list(questions), list[str]()
    while left:
        for name, answered in _stoppable(store, tuple(left), folder, seconds):
            question = left.pop(0)
            if answered is None:
                Prepared(question.text, [], [], 0, overran=True).write(folder, name)
            if not answered:
                missing.append(name)
    return missing


def _answers(store: Path, questions: Sequence[Question], folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield the name of each question once it is answered, and whether it succeeded."""
    from kg.store.oxigraph import open_store, query

    opened = open_store(store)
    for question in questions:
        try:
            prepared = _prepared(question, query(opened, question.beginning or question.text))
            if question.beginning and len(prepared.rows) < KEPT_ROWS:  # its first events have few rows: the rest may have none
                prepared = _prepared(Question(question.name, question.text), query(opened, question.text))
        except (SyntaxError, OSError, RuntimeError, ValueError):
            yield question.name, False
        else:
            prepared.write(folder, question.name)
            yield question.name, True


def _prepared(question: Question, solutions: Any) -> Prepared:
    if not hasattr(solutions, "variables"):
        raise ValueError(f"{question.name} is no SELECT")
    names = [variable.value for variable in solutions.variables]
    rows, count = list[Binding](), 0
    for solution in solutions:
        if count < KEPT_ROWS:
            rows.append({name: _json(term) for name, term in zip(names, solution, strict=True) if term is not None})
        count += 1
    return Prepared(question.text, names, rows, len(rows) if question.events else count, question.events)


def _json(term: Any) -> dict[str, str]:
    """Return a term as in SPARQL 1.1 Query Results JSON: https://www.w3.org/TR/sparql11-results-json/#select-encode-terms."""
    written = {"type": {"NamedNode": "uri", "BlankNode": "bnode"}.get(type(term).__name__, "literal"), "value": term.value}
    if written["type"] == "literal":
        if term.language:
            written["xml:lang"] = term.language
        elif not term.datatype.value.endswith("#string"):
            written["datatype"] = term.datatype.value
    return written


def _stoppable(store: Path, questions: Sequence[Question], folder: Path, seconds: float) -> Iterator[tuple[str, bool | None]]:
    """Run ``_answers`` in another process, up to the first question that times out or kills it, which is answered by None."""
    context = multiprocessing.get_context("forkserver")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_answer_all, args=(store, questions, folder, seconds, there), daemon=True)
    process.start()
    there.close()
    with here:
        try:
            for question in questions:
                try:
                    answered = here.recv() if here.poll(seconds * WALL) else None
                except EOFError:
                    answered = None
                yield question.name, answered
                if answered is None:
                    return
        finally:
            process.kill()
            process.join()


def _answer_all(store: Path, questions: Sequence[Question], folder: Path, seconds: float, told: Connection) -> None:
    """Answer the questions; the system ends this process when one of them has used its processor time."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    for _, answered in _answers(store, questions, folder):
        told.send(answered)
        signal.setitimer(signal.ITIMER_PROF, seconds)
