"""The time of pages on the graph of two articles, with their queries cached; the summary of the run lists them.

The limit is on processor time, since the machine may be busy.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter, thread_time

import pytest
from flask.testing import FlaskClient

from tests.pages.conftest import TIMES
from tests.pages.reading import BROWSER

LIMIT = 50.0
HEAVY = ("/page/article/Kosovo%E2%80%93Serbia_relations", "/queries/co-participation")
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
    *HEAVY,
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_answer_at_once(gold: FlaskClient, path: str) -> None:
    gold.get(path, headers=BROWSER)
    times, work = [], []
    for _ in range(5):
        begun, worked = perf_counter(), thread_time()
        response = gold.get(path, headers=BROWSER)
        times.append((perf_counter() - begun) * 1000)
        work.append((thread_time() - worked) * 1000)
        assert response.status_code == 200
    TIMES[path] = median(times)
    assert min(work) < LIMIT * (4 if path in HEAVY else 1)
