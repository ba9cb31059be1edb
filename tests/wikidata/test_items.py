"""Wikidata items from the files that Wikimedia publishes, and from tables; the entities of a build linked to them."""

from __future__ import annotations

import bz2
import gzip
import shutil
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from kg.graph import ntriples
from kg.wikidata import WikidataError, item_register
from kg.wikidata.item_files import NumberedItem, NumberedTitle, TitledItem, item_rows

SQL_HEAD = """-- MySQL dump 10.19  Distrib 10.3.38-MariaDB
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `{table}`;
CREATE TABLE `{table}` (
  `a` int(10) unsigned NOT NULL
) ENGINE=InnoDB;
INSERT INTO `{table}` VALUES {rows};
"""
PROPS = r"(7,'defaultsort','a, (8,\'wikibase_item\',\'Q5\',NULL)',NULL),(29265,'wikibase_item','Q403',NULL),(12,'wikibase_item','Q36',NULL)"
PAGES = (
    r"(29265,0,'Serbia',0,0,0.1,'20260101'),(12,0,'O\'Neill_(x)',0,0,0.2,'2026'),(13,1,'Serbia',0,0,0.3,'2026'),(14,0,'A\\B',1,0,0.4,'')"
)
SITES = r"(1,403,'dewiki','Serbien'),(2,403,'enwiki','Serbia'),(3,36,'enwiki','O\'Neill (x)'),(4,9,'enwikiquote','Serbia')"
TABLE = "page\titem\nSerbia\tQ403\n\nhttps://en.wikipedia.org/wiki/C%C3%B4te_d%27Ivoire\thttps://www.wikidata.org/wiki/Q1008\r\nQ7\tQ1000\n"
ASKED = "?item\t?article\n<http://www.wikidata.org/entity/Q403>\t<https://en.wikipedia.org/wiki/Serbia>\n" + '"Albania"@en\tQ222\n'


def sql(table: str, rows: str) -> bytes:
    return SQL_HEAD.format(table=table, rows=rows).encode()


FILES: dict[str, tuple[bytes, list[tuple[object, ...]]]] = {
    "props.sql": (sql("page_props", PROPS), [NumberedItem(29265, 403), NumberedItem(12, 36)]),
    "props.sql.gz": (gzip.compress(sql("page_props", PROPS)), [NumberedItem(29265, 403), NumberedItem(12, 36)]),
    "page.sql": (
        sql("page", PAGES.replace("),(", "),\n(")),
        [NumberedTitle(29265, "Serbia"), NumberedTitle(12, "O'Neill (x)"), NumberedTitle(14, "A\\B")],
    ),
    "sites.sql": (sql("wb_items_per_site", SITES), [TitledItem("Serbia", 403), TitledItem("O'Neill (x)", 36)]),
    "x-multistream-index.txt.bz2": (bz2.compress(b"600:29265:Serbia\n600:12:O&#039;Neill (x)\n"), [(29265, "Serbia"), (12, "O'Neill (x)")]),
    "table.tsv": (TABLE.encode(), [("Serbia", 403), ("Côte d'Ivoire", 1008), ("Q7", 1000)]),
    "asked.tsv": (b"\xef\xbb\xbf" + ASKED.encode(), [("Serbia", 403), ("Albania", 222)]),
}


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file(tmp_path: Path, name: str) -> None:
    content, rows = FILES[name]
    assert list(item_rows(written(tmp_path, name, content))) == rows


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.sql", sql("categorylinks", "(1,'x')"), "a dump of the table 'categorylinks'; give that of one of page_props"),
        ("b.sql", b"-- MySQL dump\n", "an SQL dump without any table"),
        ("c.tsv", b"page\titem\nSerbia\tQ403\nFrance\t142\n", "line 3 is not a page's title or address, a tab, and an item"),
        ("d.tsv", b"Serbia Q403\n", "line 1 is not"),
        ("e.tsv", b"Serbia\tQ403\n\xff\tQ1\n", "line 2 is not UTF-8"),
        ("f.tsv", b"", "no page of the English Wikipedia with an item"),
        ("g.sql", sql("page_props", "(1,'defaultsort','x',NULL)"), "no page of the English Wikipedia with an item"),
        ("h.sql.gz", gzip.compress(sql("page_props", PROPS))[:-20], "ends too early or is damaged"),
        ("i.sql.gz", b"plain text", "not in the format that its name says"),
        ("j.sql", sql("page_props", PROPS), "the sources lack page numbers; give Wikipedia's table 'page' too"),
    ],
)
def test_errors_are_one_line_and_name_the_file(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = written(tmp_path, name, content)
    with pytest.raises(WikidataError, match=said) as caught:
        linked([path], tmp_path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.wikidata.item_files._LONGEST_LINE", 1 << 20)
    with pytest.raises(WikidataError, match="a line is over 1,048,576 bytes long"):
        list(item_rows(written(tmp_path, "a.gz", gzip.compress(b"x" * (4 << 20)))))


LINES = [
    b"<r/Serbia> <https://schema.org/sameAs> <https://en.wikipedia.org/wiki/Serbia> <g/1> .\n",
    b"<r/Serbia> <https://schema.org/sameAs> <https://en.wikipedia.org/wiki/Serbia> <g/2> .\n",
    b"<r/O> <https://schema.org/sameAs> <https://en.wikipedia.org/wiki/O'Neill_(x)> <g/1> .\n",
    b"<r/France> <https://schema.org/sameAs> <https://en.wikipedia.org/wiki/France> <g/1> .\n",
    b'<p/1> <t> "not <https://schema.org/sameAs> <https://en.wikipedia.org/wiki/Serbia> <g/1> at all" <g/1> .\n',
]


def linked(files: Sequence[Path], folder: Path, pages: Sequence[tuple[int, str]] = ()) -> tuple[list[tuple[str, str, str]], str, int]:
    """Return the links with their graphs, the digest, and the number of items."""
    with item_register(files, folder) as items:
        assert items
        for page in pages:
            items.add_page(*page)
        items.settle()
        lines = list(items.linked(LINES))
        assert [line for line in lines if line in LINES] == LINES
        said = [ntriples.quad(line) for line in lines if line not in LINES]
        assert {quad.predicate for quad in said} <= {"<http://www.w3.org/2002/07/owl#sameAs>"}
        return [(q.subject, q.object.rsplit("/", 1)[1][:-1], q.graph) for q in said], items.digest, items.count


BOTH = [("<r/Serbia>", "Q403", "<g/1>"), ("<r/Serbia>", "Q403", "<g/2>"), ("<r/O>", "Q36", "<g/1>")]


def test_items_by_number_with_the_titles_of_a_table_or_of_the_sources(tmp_path: Path) -> None:
    props, page = (written(tmp_path, name, FILES[name][0]) for name in ("props.sql.gz", "page.sql"))
    by_table = linked([props, page], tmp_path)
    assert by_table[0] == BOTH
    assert by_table[2] == 2
    by_sources = linked([props], tmp_path, [(12, "O'Neill_(x)"), (29265, "Serbia")])
    assert by_sources[0] == BOTH
    again = linked([props], tmp_path, [(29265, "Serbia"), (12, "O'Neill (x)"), (12, "O'Neill (x)")])
    assert again == by_sources
    assert linked([props], tmp_path, [(29265, "Serbia")])[1] != by_sources[1]
    assert not list(tmp_path.glob(".items-*"))


def test_the_lowest_item_counts_whatever_the_order_of_files(tmp_path: Path) -> None:
    contents = {"a.tsv": b"Serbia\tQ500\n", "b.tsv": b"Serbia\tQ403\n", "c.tsv": b"Serbia\tQ404\n"}
    files = [written(tmp_path, name, content) for name, content in contents.items()]
    found = {(str(rows), digest) for order in permutations(files) for rows, digest, _ in [linked(order, tmp_path)]}
    assert len(found) == 1
    assert "Q403" in found.pop()[0]


def test_a_build_links_its_entities_and_is_as_it_was_without(seed_data: Path, tmp_path: Path) -> None:
    from kg.pipeline import BuildOptions, build
    from kg.store import current_build
    from tests.conftest import ROOT

    data, before = tmp_path / "data", current_build(seed_data).id
    shutil.copytree(seed_data / "cache", data / "cache")
    table = written(tmp_path, "items.tsv", b"Serbia\tQ403\nKosovo\tQ1246\nNowhere\tQ9999\n")
    options = BuildOptions(jobs=1, wikidata=(table,))
    made = build([ROOT / "seeds"], data, options)
    assert made.items == 2
    dump = gzip.decompress((made.folder / "dumps" / "entente.nq.gz").read_bytes()).decode()
    said = "<https://w3id.org/entente/resource/Serbia> <http://www.w3.org/2002/07/owl#sameAs> <http://www.wikidata.org/entity/Q403> "
    assert said in dump
    assert build([ROOT / "seeds"], data, options).unchanged
    written(tmp_path, "items.tsv", b"Serbia\tQ403\n")
    assert build([ROOT / "seeds"], data, options).items == 1
    without = build([ROOT / "seeds"], data, BuildOptions(jobs=1))
    assert (without.build, without.items) == (before, None)
