"""Every link of the site works, on every page reachable from the home page."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.pages.reading import Page, crawl, get, links

MOST = 150


def test_every_link_of_the_made_up_graph_resolves(made_up_pages: dict[str, Page]) -> None:
    assert len(made_up_pages) > 150
    for path, page in made_up_pages.items():
        assert len(page.ids) == len(set(page.ids)), f"{path} has an id twice: {[i for i in page.ids if page.ids.count(i) > 1][:3]}"
        assert not page.unclosed, f"{path} leaves open: {page.unclosed}"
        titles = [tag for tag, _ in page.tags if tag == "h1"]
        assert len(titles) == 1, f"{path} has {len(titles)} first headings"


def test_links_of_the_gold_graph_resolve(gold: FlaskClient) -> None:
    assert len(crawl(gold, "/", MOST)) == MOST


def test_links_hold_behind_a_proxy_at_a_sub_path(made_up_app) -> None:
    client = made_up_app.test_client()
    for path in ("/", "/page/Ruritania", "/queries/people", "/dyad?one=Ruritania&other=Borduria", "/sparql", "/page/event/e1"):
        response = client.get(path, headers={"Accept": "text/html", "X-Forwarded-Prefix": "/entente"})
        found = links(Page(response.text), path)
        assert len(found) > 10
        assert not [there for there in found if not there.startswith("/entente/")], path


def test_static_files_of_pages_are_there(made_up: FlaskClient) -> None:
    found = links(Page(get(made_up, "/").text), "/") | links(Page(get(made_up, "/sparql").text), "/")
    static = [path for path in found if path.startswith("/static/")]
    assert static
    for path in static:
        with made_up.get(path) as response:
            assert response.status_code == 200, path
            assert "immutable" in response.headers["Cache-Control"]
