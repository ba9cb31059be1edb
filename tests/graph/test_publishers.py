"""A publisher is one resource, however references spell its name."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.graph.publishers import TABLE, publisher_of, spelling_key
from tests.graph.examples import reference

CASES = tomllib.loads(Path(__file__).with_name("publishers.toml").read_text(encoding="utf-8"))["case"]
ROWS = tomllib.loads(TABLE.read_text(encoding="utf-8"))["publishers"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.get('publisher', '')} {case.get('url', '')}")
def test_a_reference_has_its_publisher(case: dict[str, str]) -> None:
    found = publisher_of(reference(0, publisher=case.get("publisher", ""), url=case.get("url", "")))
    assert (found.name if found else None) == case.get("name")


@pytest.mark.parametrize("case", [case for case in CASES if "same" in case], ids=lambda case: f"{case['same']}")
def test_two_names_of_a_publisher_have_one_iri(case: dict[str, str]) -> None:
    found = publisher_of(reference(0, publisher=case.get("publisher", ""), url=case.get("url", "")))
    other = publisher_of(reference(0, publisher=case["same"]))
    assert found is not None
    assert other is not None
    assert found.iri == other.iri


def test_no_name_and_no_domain_is_two_publishers() -> None:
    names = [name for row in ROWS for name in {spelling_key(name) for name in (row["name"], *row.get("names", ()))}]
    domains = [domain for row in ROWS for domain in row.get("domains", ())]
    assert [name for name in set(names) if names.count(name) > 1] == []
    assert [domain for domain in set(domains) if domains.count(domain) > 1] == []
    assert [domain for domain in domains if domain != domain.lower() or domain.startswith("www.")] == []


def test_the_table_is_sorted() -> None:
    assert [row["name"] for row in ROWS] == sorted((row["name"] for row in ROWS), key=str.casefold)
