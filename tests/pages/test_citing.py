"""*Cite this* on every page, and the files that crawlers and browsers request on their own."""

from __future__ import annotations

import re
import struct
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from server.pages.citing import Citation
from tests.pages.reading import get, page

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.mark.parametrize(
    "path", ["/", "/queries/people", "/page/Ruritania", "/page/event/e1", "/dyad?one=Ruritania&other=Borduria", "/about"]
)
def test_every_page_says_how_to_cite_it(made_up: FlaskClient, path: str) -> None:
    found = page(made_up, path)
    build = made_up.get("/queries/people.csv").headers["X-Build"]
    assert "Cite this" in found.text
    assert [link["href"] for tag, link in found.tags if tag == "link" and link.get("rel") == "canonical"] == [f"http://localhost{path}"]
    bibtex = found.text[found.text.index("@misc") :]
    assert f"entente-{build}" in bibtex
    assert re.search(r"date = \{\d{4}-\d\d-\d\d\}", bibtex)
    assert f"url = {{http://localhost{path}}}" in bibtex
    ris = found.text[found.text.index("TY  - ELEC") :]
    assert [line[:6] for line in ris.splitlines()[:8]] == ["TY  - ", "TI  - ", "AU  - ", "PY  - ", "DA  - ", "N1  - ", "UR  - ", "ER  - "]


def test_a_statement_is_cited_with_its_article_and_revision(made_up: FlaskClient) -> None:
    assert "read from “Klopstokia”" in Citation("", "", "b", "", (("Klopstokia", ""), ("", ""))).note
    for path in ("/page/event/e1", "/page/article/Ruritania–Borduria_relations"):
        assert "read from “Ruritania–Borduria relations”, revision 123456" in page(made_up, path).text


def test_a_title_cannot_break_out_of_a_record(made_up: FlaskClient) -> None:
    response = get(made_up, "/page/event/e3?x=%0ATY%20%20-%20BOOK")
    assert "<script>alert(2)" not in response.text
    assert "\nTY  - BOOK" not in page(made_up, "/page/event/e3?x=%0ATY%20%20-%20BOOK").text


def test_the_map_of_the_site_comes_in_parts_and_each_leads_somewhere(made_up: FlaskClient) -> None:
    index = ElementTree.fromstring(made_up.get("/sitemap.xml").data)
    parts = [str(each.text) for each in index.iter(f"{SITEMAP}loc")]
    assert len(parts) == 2
    addresses = [str(loc.text) for part in parts for loc in ElementTree.fromstring(made_up.get(part).data).iter(f"{SITEMAP}loc")]
    assert {"http://localhost/", "http://localhost/queries/people", "http://localhost/page/Ruritania"} <= set(addresses)
    assert len(addresses) == len(set(addresses))
    assert all(made_up.get(address, headers={"Accept": "text/html"}).status_code == 200 for address in addresses[::7])
    assert made_up.get("/sitemap-2.xml").status_code == 404


def test_the_icon_is_one(made_up: FlaskClient) -> None:
    with made_up.get("/favicon.ico") as response:
        reserved, kind, images = struct.unpack("<HHH", response.data[:6])
        assert (response.status_code, reserved, kind, images) == (200, 0, 1, 3)
