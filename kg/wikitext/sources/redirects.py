"""Redirects of dumps, and the pages selected from them, kept on disk while dumps are read.

The redirects are known only when all dumps have been read completely; so they are stored in a file, the selected pages wait beside
them, and the links of each page are resolved when it is passed on.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kg.wikitext.markup.links import read_target
from kg.wikitext.sources.exports import Page

_LINK = re.compile(r"\[\[([^\[\]|{}\n]{1,255})")
_HOPS = 3
_TABLES = """
    CREATE TABLE redirect (title TEXT PRIMARY KEY, target TEXT) WITHOUT ROWID;
    CREATE TABLE page (dump TEXT, title TEXT, wikitext BLOB, namespace INT, page_id INT, revision INT, timestamp TEXT, problem TEXT);
"""


class Waiting:
    """Redirects and waiting pages in a temporary database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")  # one transaction for all: executescript ends an open one

    def add_redirect(self, title: str, target: str) -> None:
        """Add a redirect from ``title`` to ``target``."""
        self._database.execute("INSERT OR REPLACE INTO redirect VALUES (?, ?)", (title, read_target(target).title))

    def add_page(self, dump: Path, page: Page) -> None:
        """Store a page until all redirects are known."""
        text = zlib.compress(page.wikitext.encode("utf-8", "surrogatepass"), 1)
        row = (str(dump), page.title, text, page.namespace, page.page_id, page.revision, page.timestamp, page.problem)
        self._database.execute("INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def pages(self, dump: Path) -> Iterator[Page]:
        """Yield the stored pages of a dump, in order."""
        query = "SELECT title, wikitext, namespace, page_id, revision, timestamp, problem FROM page WHERE dump = ? ORDER BY rowid"
        with closing(self._database.execute(query, (str(dump),))) as rows:
            for title, wikitext, namespace, page_id, revision, timestamp, problem in rows:
                text = zlib.decompress(wikitext).decode("utf-8", "surrogatepass")
                yield Page(title, text, namespace, page_id, revision, timestamp, None, problem)

    def of_links(self, wikitext: str) -> tuple[tuple[str, str], ...]:
        """Return the redirects among the links in a text, each with its final target, sorted."""
        titles = sorted({read_target(raw).title for raw in _LINK.findall(wikitext)})
        found = ((title, self._end(title)) for title in titles if title)
        return tuple((title, end) for title, end in found if end != title)

    def _end(self, title: str) -> str:
        """Return the final target of a title; the title itself if its redirects are circular."""
        passed = [title]
        for _ in range(_HOPS):
            row = self._database.execute("SELECT target FROM redirect WHERE title = ?", (passed[-1],)).fetchone()
            if not row:
                break
            if row[0] in passed:
                return title
            passed.append(row[0])
        return passed[-1]


@contextmanager
def waiting_room() -> Iterator[Waiting]:
    """Yield storage for redirects and pages: a file that is unlinked at once, so that nothing remains of it however the process ends."""
    with tempfile.TemporaryDirectory(prefix="entente-") as folder:
        database = sqlite3.connect(Path(folder) / "dump.sqlite", isolation_level=None)
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000;")
    with closing(database):
        yield Waiting(database)
