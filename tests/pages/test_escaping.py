"""Nothing that an article, a reference or a reader says becomes markup, a script, or an address that executes one."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.pages.reading import Page, get

SAFE = re.compile(r"(?:https?://|ftp://|/|#|\?|mailto:)")
EVIL = "\"><script>alert(9)</script><img src=x onerror=alert(9)>'"
HANDLERS = re.compile(r"on[a-z]+")


def check(path: str, found: Page) -> None:
    """Check that there are no inline scripts, styles or handlers, and only safe addresses."""
    for tag, attributes in found.tags:
        if tag == "script":
            assert "src" in attributes or attributes.get("type") == "application/ld+json", f"{path}: inline script"
        assert tag not in ("img", "b" if "no</b>" in found.html else "img", "iframe", "object", "style"), f"{path}: <{tag}> from somewhere"
        assert not [name for name in attributes if HANDLERS.fullmatch(name) or name == "style"], f"{path}: {tag} {attributes}"
    for tag, name, value in found.addresses():
        assert value == "" or SAFE.match(value), f"{path}: <{tag} {name}={value!r}>"


def test_texts_of_the_graph_stay_text(made_up_pages: dict[str, Page]) -> None:
    for path, found in made_up_pages.items():
        check(path, found)
    everything = "".join(page.text for page in made_up_pages.values())
    for text in ("<script>alert(1)</script>", "<script>alert(2)</script>", "<img src=x onerror=alert(3)>", "there will be <b>no</b> peace"):
        assert text in everything, f"{text} is shown nowhere, so this test shows nothing"
    assert "javascript:alert(5)" in everything


@pytest.mark.parametrize(
    "path",
    [
        "/search?q={}",
        "/dyad?one={}&other={}",
        "/dyad?one=Ruritania&other=Borduria&category={}",
        "/queries?tag={}",
        "/queries/dyad-timeline?one={}&other=Borduria",
        "/queries/dyad-timeline?one=Ruritania&other=Borduria&from={}",
        "/queries/quotations?word={}",
        "/queries/quotations?word={}&sort={}&order={}",
        "/queries/quotations/embed?word={}",
        "/sparql?query={}",
        "/page/{}",
        "/category/{}",
        "/queries/{}",
        "/page/Ruritania?from={}",
        "/page/Ruritania?page={}",
    ],
)
def test_texts_of_the_reader_stay_text(made_up: FlaskClient, path: str) -> None:
    from urllib.parse import quote

    response = get(made_up, path.replace("{}", quote(EVIL, safe="")))
    assert response.status_code in (200, 400, 404)
    check(path, Page(response.text))
    assert "<script>alert(9)" not in response.text


def test_policy_allows_nothing_inline_and_nothing_from_elsewhere(made_up: FlaskClient) -> None:
    for path in ("/", "/sparql", "/page/Ruritania", "/nowhere", "/queries/people"):
        policy = dict(part.strip().split(" ", 1) for part in get(made_up, path).headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["connect-src"] == "'self'"
        assert re.fullmatch(r"'self' 'nonce-[\w-]{20,}'" if path == "/sparql" else "'self'", policy["style-src"])
        assert policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert not [part for part in policy.values() if "unsafe" in part or "*" in part or "http" in part]


def test_only_the_embeddable_answer_may_be_framed(made_up: FlaskClient) -> None:
    assert "frame-ancestors *" in get(made_up, "/queries/people/embed").headers["Content-Security-Policy"]


def test_json_for_search_engines_cannot_end_its_element(made_up: FlaskClient) -> None:
    response = get(made_up, "/page/%253Cscript%253Ealert(1)%253C/script%253E")
    assert response.status_code == 200
    block = response.text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    import json

    assert json.loads(block)["name"] == "<script>alert(1)</script>"
