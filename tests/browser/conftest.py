"""A real browser with real servers of the gold graph and the hostile one. Run by ``make browser-test``; skipped otherwise."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import make_server

from server import create_app
from tests.pages.conftest import GRAPH, build

CHROMIUM = "/usr/bin/chromium"
AXE = os.environ.get("ENTENTE_AXE", "")
ARTEFACTS = Path(os.environ.get("ENTENTE_ARTEFACTS", "artifacts/screenshots"))
FOUND: list[tuple[str, int, int]] = []
"""For the summary of the run: page, axe rules passed, axe violations."""


@pytest.fixture(scope="session", autouse=True)
def wanted() -> None:
    """Skip unless the browser tests were requested."""
    if not AXE:
        pytest.skip("browser tests are run by 'make browser-test'")


def serve(data: Path) -> Iterator[str]:
    """Yield the address of a server of a data folder."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_app(data, workers=2, access_log=False, waiting_time=30)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    app.extensions["entente.engine"].close()


@pytest.fixture(scope="session")
def site(wanted: None, gold_data: Path) -> Iterator[str]:
    """A server of the gold graph."""
    yield from serve(gold_data)


@pytest.fixture(scope="session")
def seed_site(wanted: None, seed_data: Path) -> Iterator[str]:
    """A server of the seed's graph, which has places with coordinates in several years."""
    yield from serve(seed_data)


@pytest.fixture(scope="session")
def hostile_site(wanted: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the graph whose texts attempt injections."""
    folder = tmp_path_factory.mktemp("made-up")
    yield from serve(build(folder / "data", GRAPH, folder))


@pytest.fixture(scope="session")
def browser(wanted: None) -> Iterator[object]:
    """Debian's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@dataclass
class Watch:
    """What went wrong on a page: console errors, failed requests, requests to other hosts, dialogs."""

    wrong: list[str] = field(default_factory=list)

    def over(self, page, host: str) -> None:
        page.on("console", lambda message: self.wrong.append(f"console: {message.text}") if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("request", lambda request: self._asked(request.url, host))
        page.on("response", lambda response: self.wrong.append(f"{response.status}: {response.url}") if response.status >= 400 else None)
        page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _asked(self, url: str, host: str) -> None:
        if not url.startswith(("data:", "blob:")) and urlsplit(url).netloc != urlsplit(host).netloc:
            self.wrong.append(f"request to {url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fail a test if anything went wrong on its pages."""
    watch = Watch()
    yield watch
    assert not watch.wrong, watch.wrong


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures of axe-core."""
    if FOUND:
        terminalreporter.section("axe-core")
        for page, passed, violations in FOUND:
            terminalreporter.write_line(f"{violations} violations, {passed} rules passed  {page}")
