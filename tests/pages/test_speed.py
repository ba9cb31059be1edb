"""The work of pages on the graph of two articles, with their queries cached; the summary of the run lists the times.

The limit is on calls of functions, which are the same however busy the machine is.
"""

from __future__ import annotations

from cProfile import Profile
from statistics import median
from time import perf_counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

from server.pages import template_context
from tests.pages.conftest import TIMES
from tests.pages.reading import BROWSER

MOST_CALLS = 100_000
"""A call takes about half a microsecond: fifty milliseconds."""
PAGES = (
    "/",
    "/queries",
    "/queries/people",
    "/queries/agreements-between",
    "/queries/dyad-timeline",
    "/search?q=kosovo",
    "/page/Kosovo",
    "/page/Brussels_Agreement_(2013)",
    "/dyad?one=Kosovo&other=Serbia",
    "/categories",
    "/category/CONSULT",
    "/articles",
    "/about",
    "/sparql",
    "/page/article/Kosovo%E2%80%93Serbia_relations",
    "/queries/co-participation",
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_answer_at_once(gold: FlaskClient, path: str) -> None:
    gold.get(path, headers=BROWSER)
    times = []
    for _ in range(5):
        begun = perf_counter()
        assert gold.get(path, headers=BROWSER).status_code == 200
        times.append((perf_counter() - begun) * 1000)
    TIMES[path] = median(times)
    with Profile() as profile:
        gold.get(path, headers=BROWSER)
    calls = sum(entry.callcount for entry in profile.getstats())
    assert calls < MOST_CALLS


def test_the_first_visitor_waits_for_no_template_and_no_highlighter(gold_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    gold_app.extensions["entente.prepare"]()
    monkeypatch.setattr(gold_app.jinja_env, "compile", lambda *_args: pytest.fail("a template is compiled"))
    monkeypatch.setattr(template_context, "get_lexer_by_name", _loaded)
    client = gold_app.test_client()
    for path in PAGES:
        assert client.get(path, headers=BROWSER).status_code == 200


def _loaded(name: str) -> Lexer:
    assert name in template_context.LANGUAGES
    return get_lexer_by_name(name)
