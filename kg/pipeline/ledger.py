"""Record the outcome of every page of a build: its article's shard and counts, or why it failed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from kg.pipeline.page import PageTask


@dataclass(frozen=True, slots=True, order=True)
class LedgerEntry:
    """One version of an article. If a title occurs twice, the greatest entry wins: the latest revision, then the latest time."""

    revision: int
    timestamp: str
    key: str
    source: str
    about: dict[str, Any] = field(compare=False)


@dataclass(slots=True)
class Ledger:
    """The outcomes of all pages; the result does not depend on the order in which they are added."""

    articles: dict[str, LedgerEntry] = field(default_factory=dict)
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    superseded: list[tuple[str, str]] = field(default_factory=list)

    def add(self, task: PageTask, about: dict[str, Any]) -> None:
        """Add an article, processed now or in an earlier build; ``about`` has its counts and notes."""
        entry = LedgerEntry(task.revision or 0, task.timestamp, task.key, task.path, about)
        other = self.articles.setdefault(task.title, entry)
        if other is not entry:
            self.articles[task.title] = max(entry, other)
            self.superseded.append((task.title, min(entry, other).source))

    def fail(self, task: PageTask, reason: str) -> None:
        """Add a page that failed."""
        self.failures.append((task.title, task.path, reason))

    def shard_keys(self) -> list[str]:
        """Return the keys of the graph's shards, sorted."""
        return sorted({entry.key for entry in self.articles.values()})

    def inputs(self, version: str) -> str:
        """Return a digest of the graph's pages and of a version."""
        lines = [version, *self.shard_keys()]
        return sha256("\n".join(lines).encode()).hexdigest()

    def totals(self) -> dict[str, int]:
        """Return the sum of all articles' counts."""
        return _sum(entry.about["counts"] for entry in self.articles.values())

    def report(self) -> dict[str, Any]:
        """Return the content of ``report.json`` on pages."""
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
