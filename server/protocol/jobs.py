"""A query job: the query as requested, and the key by which equal jobs share an answer."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property

from kg.formats import GRAPHS, SOLUTIONS
from server.protocol.negotiation import Wanted

# Functions of time or chance give another answer each time; so may SERVICE.
LONGEST = 64 * 1024  # longest query, in characters, whose answer is cached
CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|SERVICE)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """A query's text and its dataset.

    Without ``default_graphs`` and ``named_graphs``, it sees all graphs, and their union as the default graph unless its text has
    FROM.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    @property
    def dataset(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Its default graphs and named graphs, if given outside its text."""
        return (self.default_graphs, self.named_graphs) if self.default_graphs or self.named_graphs else None


@dataclass(frozen=True)
class Job:
    """A query and the requested form of its answer.

    ``timeout`` (seconds) and ``limit`` (bytes) apply if lower than the settings; ``guard`` is an ASK query that must be true, or
    the answer is 404 with ``guard_detail``.
    """

    query: Query
    wanted: Wanted
    compress: bool = False
    timeout: float | None = None
    limit: int | None = None
    guard: Query | None = None
    guard_detail: str = ""

    @cached_property
    def request(self) -> bytes:
        """Return what a worker needs to know, as JSON."""
        solutions, graph = self.wanted.solutions, self.wanted.graph
        said = {
            "query": self.query.text,
            "dataset": self.query.dataset,
            "solutions": solutions.media_type if solutions else None,
            "graph": graph.media_type if graph else None,
            "compress": self.compress,
        }
        return json.dumps(said).encode()

    @cached_property
    def key(self) -> str:
        """Equal for jobs whose answers on the same build are identical to the byte."""
        return hashlib.blake2b(self.request, digest_size=12).hexdigest() + ("-gz" if self.compress else "")

    @cached_property
    def cacheable(self) -> bool:
        """Whether the answer depends only on the build, and the query is short enough to examine."""
        text = self.query.text
        return len(text) <= LONGEST and not CHANGING.search(text)

    @cached_property
    def digest(self) -> str:
        """The hash of the query's text, for the log."""
        return hashlib.sha256(self.query.text.encode()).hexdigest()[:16]

    def formats(self) -> str:
        """The formats that the client can request, for a message."""
        names = [form.media_type for form in (*SOLUTIONS, *GRAPHS)]
        return f"Send Accept or ?format= with one of: {', '.join(names)}"
