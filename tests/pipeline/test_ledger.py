"""The record of a build's pages does not depend on their order."""

from __future__ import annotations

from itertools import permutations

from kg.pipeline.ledger import Ledger
from kg.pipeline.page import PageTask


def page(title: str, key: str, revision: int | None = None, path: str = "a.wiki") -> PageTask:
    return PageTask(key=key, title=title, wikitext="", path=path, shards="", revision=revision)


def about(words: int) -> dict[str, dict[str, int]]:
    return {"counts": {"words": words}, "notes": {"unclosed ref": 1}}


PAGES = [
    (page("A", "k1", 5, "old.xml"), about(1)),
    (page("A", "k2", 7, "new.xml"), about(10)),
    (page("B", "k3"), about(100)),
]


def test_the_latest_revision_counts_in_any_order() -> None:
    reports = []
    for order in permutations(PAGES):
        ledger = Ledger()
        for task, counts in order:
            ledger.add(task, counts)
        assert ledger.shard_keys() == ["k2", "k3"]
        reports.append((ledger.report(), ledger.inputs("v1")))
    assert all(report == reports[0] for report in reports)
    assert reports[0][0]["totals"] == {"words": 110}
    assert reports[0][0]["superseded"] == [{"title": "A", "source": "old.xml"}]


def test_the_same_page_twice_counts_once() -> None:
    ledger = Ledger()
    ledger.add(*PAGES[2])
    ledger.add(page("B", "k3", path="copy.wiki"), about(100))
    assert ledger.totals() == {"words": 100}
    assert [entry["title"] for entry in ledger.report()["superseded"]] == ["B"]


def test_failures_are_reported_sorted() -> None:
    ledger = Ledger()
    ledger.fail(page("Z", "k"), "took longer than 60 s")
    ledger.fail(page("A", "k"), "ValueError: no")
    assert [failure["title"] for failure in ledger.report()["failed"]] == ["A", "Z"]
    assert ledger.report()["failed"][0] == {"title": "A", "source": "a.wiki", "reason": "ValueError: no"}


def test_inputs_change_with_version_and_pages() -> None:
    ledger = Ledger()
    ledger.add(*PAGES[0])
    before = ledger.inputs("v1")
    assert ledger.inputs("v2") != before
    ledger.add(*PAGES[2])
    assert ledger.inputs("v1") != before
