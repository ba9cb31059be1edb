from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import iris
from kg.graph.namespaces import RESOURCE

CASES = tomllib.loads(Path(__file__).with_name("iris.toml").read_text(encoding="utf-8"))


def is_iri(text: str) -> bool:
    """Whether oxiri, which implements RFC 3987 strictly, accepts an IRI."""
    try:
        list(pyoxigraph.parse(f"<{text}> <x:p> <x:o> .", format=pyoxigraph.RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError):
        return False
    return True


@pytest.mark.parametrize(("title", "name"), CASES["entities"].items())
def test_titles(title: str, name: str) -> None:
    assert iris.entity(title) == RESOURCE + name


@pytest.mark.parametrize(("url", "address"), CASES["addresses"].items())
def test_addresses(url: str, address: str) -> None:
    assert iris.address(url) == (address or None)


@given(st.text())
def test_any_title_gives_valid_iris(title: str) -> None:
    made = (iris.entity, iris.article, iris.wikipedia, iris.dbpedia)
    for address in (*(make(title) for make in made), iris.scoped(title, title, "event/")):
        assert is_iri(address), address


@given(st.text())
def test_any_address_is_valid_or_none(path: str) -> None:
    address = iris.address("https://news.example/" + path)
    assert address is not None
    assert is_iri(address), address


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_decoded_path_leads_back_to_the_iri(title: str) -> None:
    name = iris.entity(title).removeprefix(RESOURCE)
    assert iris.encode(unquote(name)) == name


@given(st.text())
def test_titles_never_reach_the_folders_of_other_things(title: str) -> None:
    name = iris.entity(title).removeprefix(RESOURCE)
    assert not name.startswith(("article/", "event/", "agreement/", "passage/", "citation/", "tenure/"))


def test_parts_of_a_hash_are_kept_apart() -> None:
    assert iris.hashed("event", "ab", "c") != iris.hashed("event", "a", "bc")
