"""What readers who find an error are offered, and how pages show corrections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from kg.corrections import read_corrections
from tests.pages.conftest import application
from tests.pages.reading import get, page

SUBJECTS = {
    "event/e2": ("event", "Borduria expelled", {"actor": ["Borduria"], "recipient": ["Ruritania"], "category": "SANCTION-expel"}),
    "Treaty_of_Strelsau": ("agreement", "On 3 May 1996", {"name": ["Treaty of Strelsau"], "party": ["Borduria", "Ruritania"]}),
    "tenure/t1": ("tenure", "On 3 May 1996", {"holder": ["Rudolf Đurić"], "office": ["President of Ruritania"]}),
    "Strelsau": ("entity", "Bordurian troops", {"name": ["Strelsau"]}),
}


def offered(client: FlaskClient, key: str) -> str:
    match = re.search(r'aria-label="The correction as TOML"><code>(.*?)</code>', get(client, f"/page/{key}").text, re.DOTALL)
    assert match, key
    return unescape(match[1])


@pytest.mark.parametrize("key", SUBJECTS)
def test_what_is_offered_is_a_correction(made_up: FlaskClient, key: str, tmp_path: Path) -> None:
    toml = offered(made_up, key).replace('author = ""', 'author = "me"').replace('reason = ""', 'reason = "because"')
    path = tmp_path / "one.toml"
    path.write_text(toml.replace("with = { }", 'with = { label = "L" }'), encoding="utf-8")
    (correction,) = read_corrections([path])
    target, quote, subject = SUBJECTS[key]
    assert correction.target == target
    assert correction.article == "Ruritania–Borduria relations"
    assert correction.quote.startswith(quote)
    for name, expected in subject.items():
        if isinstance(expected, str):
            assert correction.text(name) == expected
        else:
            assert sorted(each.text for each in correction.names(name)) == expected


@pytest.fixture(
    scope="module", params=["mailto:desk@example.org", "https://tracker.example/new?labels=data", "https://x.example/?t={title}&b={body}"]
)
def reporting(request: pytest.FixtureRequest, made_up_data: Path) -> Iterator[tuple[str, FlaskClient]]:
    for app in application(made_up_data, report_to=request.param):
        yield request.param, app.test_client()


def test_a_report_is_filled_in(reporting: tuple[str, FlaskClient]) -> None:
    address, client = reporting
    (link,) = [a["href"] for tag, a in page(client, "/page/event/e2").tags if tag == "a" and a["href"].startswith(address.split("?")[0])]
    fields = parse_qs(urlsplit(link).query)
    title, body = ("subject", "body") if address.startswith("mailto:") else ("t", "b") if "{" in address else ("title", "body")
    assert fields[title] == ["Correction: Borduria expels the ambassador of Ruritania (1998)"]
    assert 'category = "SANCTION-expel"' in fields[body][0]
    assert "/page/event/e2" in fields[body][0]
    assert fields.get("labels", []) == (["data"] if "labels" in address else [])


def test_without_an_address_there_is_no_link_to_report(made_up: FlaskClient) -> None:
    assert "Report it with" not in page(made_up, "/page/event/e2").text


def test_an_address_that_a_page_may_not_link_to_is_refused(made_up_data: Path) -> None:
    from server.settings import SettingsError

    with pytest.raises(SettingsError, match="mailto:, http: or https: address"):
        next(iter(application(made_up_data, report_to="javascript:alert(1)")))


@pytest.mark.parametrize(("path", "said"), [
    ("/page/event/e3", ["corrected", "B. Reader", "5 March 2026", "It was one side."]),
    ("/page/event/e11", ["Retracted statement", "does not hold", "A. Reader", "No ban is reported", "actor Borduria"]),
    ("/page/correction/k1", ["No ban is reported", "A. Reader", "4 March 2026"]),
    ("/page/statement/s1", ["Borduria bans Ruritania", "actor", "A. Reader"]),
    ("/corrections", ["Borduria bans Ruritania", "retracted", "A. Reader", "B. Reader"]),
])  # fmt: skip
def test_corrections_are_told(made_up: FlaskClient, path: str, said: list[str]) -> None:
    text = page(made_up, path).text
    for part in said:
        assert part in text, part


def test_what_was_retracted_is_in_no_list(made_up: FlaskClient) -> None:
    for path in ("/page/Borduria", "/page/passage/p2", "/dyad?one=Ruritania&other=Borduria", "/queries/sanctions", "/category/SANCTION"):
        assert "bans Ruritania" not in page(made_up, path).text, path
