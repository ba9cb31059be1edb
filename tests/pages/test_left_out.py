"""A part that takes more time or memory than a page may is omitted, with a note and a link to the query; the page itself is served."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from server.execution.engine import Rows
from server.pages.base import NEEDED, QUERIES, page_query
from server.protocol.problems import Problem
from tests.pages.reading import BROWSER, Page

KINDS = (
    "/",
    "/page/Kosovo",
    "/page/Ivica_Da%C4%8Di%C4%87",
    "/page/Brussels_Agreement_(2013)",
    "/page/article/Kosovo%E2%80%93Serbia_relations",
    "/dyad?one=Kosovo&other=Serbia",
    "/categories",
    "/category/CONSULT",
    "/articles",
    "/corrections",
)
SLOW = Problem(504, "The query ran longer than 10 s and was stopped.")
Answer = Callable[[str], None]


def heading(name: str) -> str:
    """Return the comment at the beginning of a page's query, which is kept when values are inlined."""
    return page_query(name).partition("\n")[0]


@pytest.fixture
def answering(gold_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], None]:
    """Call a function for each query of a page, for example to raise an error, before it is answered."""
    engine = gold_app.extensions["entente.engine"]
    select = engine.select

    def begin(answer: Answer) -> None:
        def watched(query: str, seconds: float | None = None) -> Rows:
            answer(query)
            found: Rows = select(query, seconds)
            return found

        monkeypatch.setattr(engine, "select", watched)

    return begin


def parts(gold_app: Flask, answering: Callable[[Answer], None], path: str) -> list[str]:
    """Return the names of the queries that a page runs each time; those run once per build have been run before."""
    gold_app.test_client().get(path, headers=BROWSER)
    return parts_asked(gold_app, answering, path)


def parts_asked(gold_app: Flask, answering: Callable[[Answer], None], path: str) -> list[str]:
    """Return the names of the queries that a page runs now."""
    asked: list[str] = []
    answering(asked.append)
    assert gold_app.test_client().get(path, headers=BROWSER).status_code == 200
    every = sorted(file.stem for file in QUERIES.glob("*.rq"))
    return [name for name in every if any(query.startswith(heading(name)) for query in asked)]


@pytest.mark.parametrize("path", KINDS)
def test_a_slow_part_is_left_out(gold_app: Flask, answering: Callable[[Answer], None], path: str) -> None:
    names = parts(gold_app, answering, path)
    optional = [name for name in names if name not in NEEDED]
    assert optional
    for name in optional:

        def refuse(query: str, name: str = name) -> None:
            if query.startswith(heading(name)):
                raise SLOW

        answering(refuse)
        response = gold_app.test_client().get(path, headers=BROWSER)
        assert response.status_code == 200, name
        assert response.headers.get("Cache-Control") == "no-store", name
        assert "is omitted" in Page(response.text).text
        links = [urlsplit(found["href"]) for tag, found in Page(response.text).tags if tag == "a" and "href" in found]
        queries = [parse_qs(link.query)["query"][0] for link in links if link.path == "/sparql" and link.query]
        assert any(query.startswith(heading(name)) for query in queries), name


def test_a_page_with_all_its_parts_says_nothing_of_that(gold_app: Flask) -> None:
    assert "is omitted" not in gold_app.test_client().get("/page/Kosovo", headers=BROWSER).text


def test_without_what_a_page_is_about_there_is_none(gold_app: Flask, answering: Callable[[Answer], None]) -> None:
    def refuse(query: str) -> None:
        if query.startswith(heading("about")):
            raise SLOW

    answering(refuse)
    assert gold_app.test_client().get("/page/Kosovo", headers=BROWSER).status_code == 504


def test_a_busy_server_is_no_slow_query(gold_app: Flask, answering: Callable[[Answer], None]) -> None:
    def refuse(query: str) -> None:
        if query.startswith(heading("belongs-to")):
            raise Problem(503, "The server is busy with other queries.", headers={"Retry-After": "5"})

    answering(refuse)
    assert gold_app.test_client().get("/page/Kosovo", headers=BROWSER).status_code == 503


def test_names_that_took_too_long_are_asked_for_again(gold_app: Flask, answering: Callable[[Answer], None]) -> None:
    gold_app.extensions.pop("entente.category_names", None)

    def refuse(query: str) -> None:
        if query.startswith(heading("categories-listed")):
            raise SLOW

    answering(refuse)
    client = gold_app.test_client()
    assert "is omitted" in Page(client.get("/page/Kosovo", headers=BROWSER).text).text
    assert "categories-listed" in parts_asked(gold_app, answering, "/page/Kosovo")
