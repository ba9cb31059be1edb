"""A register of Wikidata items by page, kept on disk during a build; it links entities to their items by ``owl:sameAs``."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

from kg.graph import ntriples
from kg.graph.iris import WIKIPEDIA, normal_title
from kg.graph.namespaces import OWL, SCHEMA
from kg.graph.terms import Quad, iri
from kg.wikidata.item_files import NumberedItem, NumberedTitle, TitledItem, WikidataError, item_rows

ITEMS = "http://www.wikidata.org/entity/Q"
_MANY = 50_000
_REMEMBERED = 100_000
_PAGE = f" {iri(SCHEMA.sameAs)} <{WIKIPEDIA}".encode()
_TABLES = """
    CREATE TABLE titled (title TEXT, item INT);
    CREATE TABLE numbered (page INT, item INT);
    CREATE TABLE page (page INT, title TEXT);
    CREATE TABLE passed (page INT, title TEXT);
    CREATE TABLE linked (item INTEGER PRIMARY KEY);
"""
_INDEXES = """
    CREATE INDEX titled_title ON titled (title, item);
    CREATE INDEX numbered_page ON numbered (page, item);
    CREATE INDEX page_title ON page (title, page);
    CREATE INDEX passed_title ON passed (title, page);
"""  # created at the end: sorting the rows once takes a fraction of the time of inserting them in any order
_FIND = """
    SELECT min(item) FROM (
        SELECT item FROM titled WHERE title = :title
        UNION ALL SELECT item FROM page JOIN numbered USING (page) WHERE title = :title
        UNION ALL SELECT item FROM passed JOIN numbered USING (page) WHERE title = :title
    )
"""
_ANY_NUMBERED = "SELECT 1 FROM numbered LIMIT 1"
_ANY_PAGE = "SELECT 1 FROM (SELECT page FROM page UNION ALL SELECT page FROM passed) LIMIT 1"
_INSERT = {
    TitledItem: "INSERT INTO titled VALUES (?, ?)",
    NumberedItem: "INSERT INTO numbered VALUES (?, ?)",
    NumberedTitle: "INSERT INTO page VALUES (?, ?)",
}


class ItemRegister:
    """Items by title, and by page number with the titles of the numbers. Add rows first, then call ``settle``, then query.

    If several items are given for one page, the lowest number wins, whatever the order of the files.
    """

    def __init__(self, database: sqlite3.Connection, files: Sequence[Path]) -> None:
        self._database, self._files = database, files
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")
        self._find = lru_cache(_REMEMBERED)(self._look_up)
        self.digest = _digest_of(files)
        """Identifies the files by content and, after ``settle``, the pages whose numbers were given."""
        for path in files:
            self._read(path)
        self._by_number = self._finds(_ANY_NUMBERED)

    def _read(self, path: Path) -> None:
        rows = item_rows(path)
        read = 0
        while some := list(islice(rows, _MANY)):
            read += len(some)
            self._database.executemany(_INSERT[type(some[0])], some)  # a file has rows of one kind
        if not read:
            raise WikidataError(f"{path}: no page of the English Wikipedia with an item in it.")

    def add_page(self, number: int, title: str) -> None:
        """Add the number of a page of the build."""
        if self._by_number:
            self._database.execute("INSERT INTO passed VALUES (?, ?)", (number, normal_title(title)))

    def settle(self) -> None:
        """Complete the register. WikidataError if items are known by page number only, and no page's number is."""
        if self._by_number and not self._finds(_ANY_PAGE):
            raise WikidataError(
                f"{', '.join(map(str, self._files))}: the items are given by page number, but the sources lack page numbers; "
                "give Wikipedia's table 'page' too: --wikidata enwiki-latest-page.sql.gz."
            )
        self._database.executescript(_INDEXES)  # which ends the transaction
        self._database.execute("BEGIN")
        pages = hashlib.sha256()
        for row in self._database.execute("SELECT DISTINCT title, page FROM passed ORDER BY title, page"):
            pages.update(f"{row}\n".encode("utf-8", "replace"))
        self.digest = f"{self.digest}-{pages.hexdigest()[:16]}"

    def _finds(self, query: str) -> bool:
        return self._database.execute(query).fetchone() is not None

    def _look_up(self, page: str) -> str:
        """Return the IRI of a page's item, for the page's name as in its address; "" if there is none."""
        title = normal_title(unquote(page))
        item = self._database.execute(_FIND, {"title": title}).fetchone()[0]
        if item is None:
            return ""
        self._database.execute("INSERT OR IGNORE INTO linked VALUES (?)", (item,))
        return f"{ITEMS}{item}"

    def linked(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Pass on the lines of a graph (N-Quads), adding ``owl:sameAs`` to the item of each entity whose page has one."""
        for line in lines:
            yield line
            if _PAGE in line:
                said = ntriples.quad(line)
                page = said.object.removeprefix(f"<{WIKIPEDIA}")[:-1]
                item = self._find(page) if said.predicate == iri(SCHEMA.sameAs) else ""
                if item:
                    yield Quad(said.subject, iri(OWL.sameAs), iri(item), said.graph).line().encode("utf-8")

    @property
    def count(self) -> int:
        """Return the number of items to which entities were linked."""
        return int(self._database.execute("SELECT count(*) FROM linked").fetchone()[0])


def _digest_of(files: Iterable[Path]) -> str:
    """Return 16 hexadecimal digits that identify files by content, in any order."""
    digests = []
    for path in files:
        if not path.is_file():
            raise WikidataError(f"{path}: {'not a file' if path.exists() else 'there is no such file'}.")
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return hashlib.sha256(" ".join(sorted(set(digests))).encode()).hexdigest()[:16]


@contextmanager
def item_register(files: Sequence[Path], folder: Path) -> Iterator[ItemRegister | None]:
    """Yield a register of the files' content in an anonymous temporary file in ``folder``; None without files."""
    if not files:
        yield None
        return
    with TemporaryDirectory(dir=folder, prefix=".items-") as place:
        database = sqlite3.connect(Path(place) / "items.sqlite", isolation_level=None)
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;")
    with closing(database):
        yield ItemRegister(database, files)
