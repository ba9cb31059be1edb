"""Places in lists that no page links to: forged ones are refused, old ones lead to another place, none is an error of the server."""

from __future__ import annotations

from random import Random
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.pages.reading import get

BY_ROW = {
    "/page/Kosovo": ("", "agreements-", "sentences-"),
    "/page/Pristina": ("", "sentences-"),
    "/page/Brussels_Agreement_(2013)": ("",),
    "/dyad?one=Kosovo&other=Serbia": ("", "agreements-"),
    "/category/CONSULT": ("",),
    "/events": ("",),
    "/things?class=Person": ("",),
    "/articles": ("",),
}
"""Pages whose lists are turned by row numbers, and what the lists' parameters begin with."""
BY_PAGE = ("/queries/people", "/queries/meetings", "/queries/single-source?sort=title", "/page/article/Kosovo%E2%80%93Serbia_relations")
REFUSED = (
    *("x", "-1", "1\0", "9" * 14, "9" * 5000, "", "\U0001f600", "1e3", "0x10", "\u0663", " 1", "1;2"),
    *("1' OR 1=1 --", "../1", "NaN", "1.5"),
)
OLD = ("999999999999", "0", "1", "7")


def _with(address: str, parameter: str, value: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{parameter}={quote(value, safe='')}"


@pytest.mark.parametrize("address", BY_ROW)
def test_a_forged_place_is_refused(gold: FlaskClient, address: str) -> None:
    for part in BY_ROW[address]:
        for side in ("after", "before"):
            for token in REFUSED:
                assert get(gold, _with(address, part + side, token)).status_code == 400, (part, side, token)


@pytest.mark.parametrize("address", BY_ROW)
def test_an_old_place_leads_to_another_place(gold: FlaskClient, address: str) -> None:
    assert get(gold, address).status_code == 200
    for part in BY_ROW[address]:
        for token in OLD:
            after = _with(address, f"{part}after", token)
            assert get(gold, after).status_code == 200, (part, token)
            assert get(gold, _with(address, f"{part}before", token)).status_code == 200, (part, token)
            assert get(gold, _with(after, f"{part}before", "3")).status_code == 200, (part, token)


@pytest.mark.parametrize("address", BY_PAGE)
def test_a_forged_number_of_a_page_is_refused(gold: FlaskClient, address: str) -> None:
    for token in ("0", "9999999", *REFUSED):
        assert get(gold, _with(address, "page", token)).status_code == 400, token
    for token in ("1", "999999"):
        assert get(gold, _with(address, "page", token)).status_code == 200, token


@pytest.mark.parametrize("address", [*BY_ROW, *BY_PAGE])
def test_no_garbage_is_an_error_of_the_server(gold: FlaskClient, address: str) -> None:
    random = Random(address)
    for _ in range(30):
        parameter = random.choice(("after", "before", "sentences-after", "agreements-before", "page", "sort", "order", "limit"))
        token = "".join(_letter(random) for _ in range(random.randrange(1, 20)))
        assert get(gold, _with(address, parameter, token)).status_code in (200, 400), (parameter, token)


def _letter(random: Random) -> str:
    return chr(random.choice((random.randrange(32, 127), random.randrange(1, 0xD800))))
