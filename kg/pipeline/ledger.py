"""Record the outcome of every page of a build: its article's shard, its counts, or why it failed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from kg.pipeline.page import PageTask


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One reading of an article. Where a title comes twice, the greatest entry counts: the latest revision, then the latest time."""

    revision: int
    timestamp: str
    key: str
    source: str
    about: dict[str, Any] = field(compare=False)


@dataclass(slots=True)
class Ledger:
    """Grows page by page; what it says at the end does not depend on the order in which they came."""

    articles: dict[str, Entry] = field(default_factory=dict)
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    superseded: list[tuple[str, str]] = field(default_factory=list)

    def add(self, task: PageTask, about: dict[str, Any]) -> None:
        """An article was read, now or in an earlier build; ``about`` has its counts and notes."""
        entry = Entry(task.revision or 0, task.timestamp, task.key, task.path, about)
        other = self.articles.setdefault(task.title, entry)
        if other is not entry:
            self.articles[task.title] = max(entry, other)
            self.superseded.append((task.title, min(entry, other).source))

    def fail(self, task: PageTask, reason: str) -> None:
        """A page gave nothing."""
        self.failures.append((task.title, task.path, reason))

    def shard_keys(self) -> list[str]:
        """The shards that make the graph, sorted."""
        return sorted({entry.key for entry in self.articles.values()})

    def inputs(self, version: str) -> str:
        """A digest of the pages that make the graph, and of a version."""
        lines = [version, *self.shard_keys()]
        return sha256("\n".join(lines).encode()).hexdigest()

    def totals(self) -> dict[str, int]:
        """The counts of all articles together."""
        return _sum(entry.about["counts"] for entry in self.articles.values())

    def report(self) -> dict[str, Any]:
        """What ``report.json`` says of the build."""
        return {
            "articles": len(self.articles),
            "totals": self.totals(),
            "notes": _sum(entry.about["notes"] for entry in self.articles.values()),
            "failed": [dict(zip(("title", "source", "reason"), row, strict=True)) for row in sorted(self.failures)],
            "superseded": [{"title": title, "source": source} for title, source in sorted(self.superseded)],
        }


def _sum(counts: Any) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))
