"""Cells of the benchmark: one contestant, one workload, one number of clients; contestants take turns, so that conditions are equal."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.server.bench import load
from tests.server.bench.contestants import Contestant
from tests.server.bench.workload import Question, mixed, repeated

SAMPLE = 0.5  # seconds between two samples of memory


@dataclass(frozen=True)
class Plan:
    """The duration of the measurement: clients, seconds per cell of a query and of a mix, number of turns for the mixes of eight
    clients, and processor seconds per query for rdflib-endpoint."""

    clients: tuple[int, ...]
    query_seconds: float
    mix_seconds: float
    turns: int
    patience: float


@dataclass
class Figures:
    """The measurements, by workload, clients and contestant."""

    tallies: dict[tuple[str, int, str], load.Tally] = field(default_factory=dict)
    memory: dict[tuple[str, int, str], int] = field(default_factory=dict)

    def rate(self, workload: str, clients: int, name: str) -> float:
        """Return answers per second; 0 if not measured."""
        tally = self.tallies.get((workload, clients, name))
        return tally.rate if tally else 0.0

    def ratio(self, workload: str, clients: int, name: str, other: str) -> float:
        """Return the ratio of answers to those of ``other`` (nan if either was not measured)."""
        theirs = self.rate(workload, clients, other)
        return self.rate(workload, clients, name) / theirs if theirs else float("nan")

    def failures(self) -> dict[str, int]:
        """Return the failed requests by contestant."""
        found: dict[str, int] = defaultdict(int)
        for (_, _, name), tally in self.tallies.items():
            found[name] += sum(tally.failures.values())
        return dict(found)


def compare(figures: Figures, contestants: list[Contestant], workload: str, questions: list[Question], clients: int, plan: Plan) -> None:
    """Measure a workload (one query, or a mix of several) with a number of clients, in turns."""
    for turn in range(plan.turns):
        for contestant in contestants if turn % 2 == 0 else reversed(contestants):
            address = f"{contestant.address[0]}:{contestant.port}"
            if len(questions) > 1:
                messages = mixed(questions, address, contestant.path, plan.mix_seconds, least=max(1, clients // 16))
            else:
                messages = repeated(questions[0], address, contestant.path, plan.query_seconds)
            with _watched(contestant.memory) as most:
                tally = load.run(contestant.address, messages, clients)
            key = workload, clients, contestant.name
            figures.tallies.setdefault(key, load.Tally()).add(tally)
            figures.memory[key] = max(figures.memory.get(key, 0), most())


@contextmanager
def _watched(read: Callable[[], int]) -> Iterator[Callable[[], int]]:
    """Sample a value during a block; yield a function that returns the maximum."""
    values, ended = [read()], threading.Event()

    def look() -> None:
        while not ended.wait(SAMPLE):
            values.append(read())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield lambda: max(values)
    finally:
        ended.set()
        thread.join()
