"""The address of a page, in every form that a browser shows, identifies the resource that it is about."""

from __future__ import annotations

import pytest

from kg.sparql.query_parameters import iri_of_address

RESOURCE = "https://w3id.org/entente/resource/"


@pytest.mark.parametrize(("address", "iri"), [
    ("http://127.0.0.1:8080/page/Kosovo", RESOURCE + "Kosovo"),
    ("https://graph.example/kg/page/Hashim_Tha%C3%A7i", RESOURCE + "Hashim_Thaçi"),
    ("http://localhost/page/Who%253F#y2008", RESOURCE + "Who%3F"),
    ("http://localhost/page/event/0a1b?after=3", RESOURCE + "event/0a1b"),
    ("http://localhost/resource/Kosovo", RESOURCE + "Kosovo"),
    ("http://localhost/data/Kosovo.ttl", RESOURCE + "Kosovo"),
    ("http://localhost/category/COERCE-arrest", "https://w3id.org/entente/category/COERCE-arrest"),
    (RESOURCE + "Caf%C3%A9/page/x", RESOURCE + "Caf%C3%A9/page/x"),
    ("https://en.wikipedia.org/wiki/Kosovo", "https://en.wikipedia.org/wiki/Kosovo"),
    ("http://dbpedia.org/resource/Kosovo", "http://dbpedia.org/resource/Kosovo"),
])  # fmt: skip
def test_addresses(address: str, iri: str) -> None:
    assert iri_of_address(address) == iri
