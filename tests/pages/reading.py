"""Read pages as a browser does: with an HTML parser, not with regular expressions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "cite"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Page(HTMLParser):
    """A page's elements, addresses, text and ids."""

    html: str = ""
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    ids: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed, f"</{tag}> closes nothing"
        assert self.unclosed[-1] == tag, f"</{tag}> closes <{self.unclosed[-1]}>"
        self.unclosed.pop()

    def handle_data(self, data: str) -> None:
        self.text += data

    def addresses(self) -> Iterator[tuple[str, str, str]]:
        """Yield every address: element, attribute, value."""
        for tag, attributes in self.tags:
            for name, value in attributes.items():
                if name in ADDRESSES:
                    yield tag, name, value


def get(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """Request a page as a browser does; redirects are followed."""
    return client.get(path, headers={**BROWSER, **headers}, follow_redirects=True)


def page(client: FlaskClient, path: str) -> Page:
    """Request a page that must exist."""
    response = get(client, path)
    assert response.status_code == 200, f"{path}: {response.status_code} {response.text[:300]}"
    return Page(response.text)


def links(found: Page, base: str) -> set[str]:
    """Return the addresses on this server that a page links to, without fragments."""
    there = set()
    for tag, name, value in found.addresses():
        if not value.startswith(("#", "data:")) and (tag, name) in (("form", "action"), ("link", "href"), ("a", "href"), ("script", "src")):
            target = urlsplit(urldefrag(urljoin(base, value)).url)
            if target.netloc in ("", "localhost"):
                there.add(target.path + (f"?{target.query}" if target.query else ""))
    return there


def crawl(client: FlaskClient, start: str, most: int, **headers: str) -> dict[str, Page | None]:
    """Return pages by address, breadth first; None for what is not HTML. Any status but 200 fails.

    Files are left out, and with them the ontology's documentation, which another program writes.
    """
    waiting, seen = deque([start]), {start}
    found: dict[str, Page | None] = {}
    while waiting and len(found) < most:
        path = waiting.popleft()
        response = get(client, path, **headers)
        came_from = path
        assert response.status_code == 200, f"{came_from}: {response.status_code} {response.text[:200]}"
        if response.mimetype != "text/html":
            found[path] = None
            continue
        found[path] = Page(response.text)
        for target in sorted(links(found[path], path) - seen):
            if not target.startswith(("/dumps/", "/static/", "/ontology")):
                seen.add(target)
                waiting.append(target)
    return found
