"""Files, folders, exports and dumps."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tracemalloc
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest

from kg.wikitext import read_article
from kg.wikitext.sources import Selection, Source, SourceError, read_sources

HEAD = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="en">\n<siteinfo><sitename>W</sitename></siteinfo>\n'
PAGES = {
    "Kosovo–Serbia relations": "The [[KiM]] dispute. {{Infobox bilateral relations}} [[Category:Bilateral relations of Kosovo|Serbia]]",
    "Armenia–Turkey relations": "Text & <ref>R</ref> [[RoK]] and [[Serbia]]. [[Category:Bilateral relations of Turkey]]",
    "Pristina": "A city in [[RoK]]. [[Category:Cities]]",
}
REDIRECTS = {"RoK": "Kosovo", "KiM": "RoK"}


def page(number: int, title: str, text: str, redirect: str = "", namespace: int = 0, model: str = "wikitext") -> str:
    leads = f"<redirect title={quoteattr(redirect)} />" if redirect else ""
    return f"""<page><title>{escape(title)}</title><ns>{namespace}</ns><id>{number}</id>{leads}
<revision><id>{number}00</id><timestamp>2024-01-0{number % 9 + 1}T00:00:00Z</timestamp>
<contributor><username>N</username><id>7</id></contributor>
<model>{model}</model><format>text/x-wiki</format><text xml:space="preserve">{escape(text)}</text></revision></page>
"""


def pages() -> list[str]:
    found = [page(i, title, text) for i, (title, text) in enumerate(PAGES.items(), 1)]
    found += [page(i, title, f"#REDIRECT [[{to}]]", to) for i, (title, to) in enumerate(REDIRECTS.items(), 11)]
    found.append(page(21, "Talk:Kosovo", "Talk about [[Kosovo]].", namespace=1))
    return [*found, page(22, "Module", "return {}", model="Scribunto")]


EXPORT = HEAD + "".join(pages()) + "</mediawiki>\n"


def titles(sources: list[Source]) -> list[str]:
    return [s.title for s in sources]


def test_a_file_and_its_sidecar(tmp_path: Path) -> None:
    (tmp_path / "a.wiki").write_text("\ufeff'''A''' is it.\r\nSo.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Text.", encoding="utf-8")
    (tmp_path / "b.meta").write_text("title: B (state)\nrevision: 12\npage_id: 3\ntimestamp: 2024-01-01T00:00:00Z\n", encoding="utf-8")
    a, b = read_sources([tmp_path / "a.wiki", tmp_path / "b.txt"])
    assert (a.title, a.wikitext, a.revision) == ("A", "'''A''' is it.\nSo.", None)
    assert (b.title, b.page_id, b.revision, b.timestamp) == ("B (state)", 3, 12, "2024-01-01T00:00:00Z")


def test_a_folder_is_read_in_order_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "z").mkdir()
    for name in ("b.wiki", "a.txt", "z/c.wiki", "README.md", "x-multistream-index.txt"):
        (tmp_path / name).write_text("Text.", encoding="utf-8")
    (tmp_path / "d.xml").write_text(EXPORT, encoding="utf-8")
    assert titles(list(read_sources([tmp_path]))) == ["A", "B", *PAGES, "C"]


@pytest.mark.parametrize("suffix", [".xml", ".xml.bz2", ".xml.gz", ".xml.xz"])
def test_an_export(tmp_path: Path, suffix: str) -> None:
    pack = {".xml": bytes, ".xml.bz2": bz2.compress, ".xml.gz": gzip.compress, ".xml.xz": lzma.compress}[suffix]
    path = tmp_path / f"export{suffix}"
    path.write_bytes(pack(EXPORT.encode()))
    sources = list(read_sources([path]))
    assert {s.title: s.wikitext for s in sources} == PAGES
    assert {s.path for s in sources} == {path}
    assert [(s.page_id, s.revision, s.timestamp[:10]) for s in sources] == [(i, i * 100, f"2024-01-0{i + 1}") for i in (1, 2, 3)]


def test_redirects_resolve_links(tmp_path: Path) -> None:
    (tmp_path / "e.xml").write_text(EXPORT, encoding="utf-8")
    first, second, third = read_sources([tmp_path])
    assert first.redirects == (("KiM", "Kosovo"),)
    assert second.redirects == third.redirects == (("RoK", "Kosovo"),)
    article = read_article(second.wikitext, second.title, second.redirects)
    assert [k.target for p in article.passages for k in p.links] == ["Kosovo", "Serbia"]
    assert article.redirects == second.redirects


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        (Selection(titles=frozenset({"pristina", "Nowhere"})), ["Pristina"]),
        (Selection(patterns=("*-* relations",)), ["Kosovo–Serbia relations", "Armenia–Turkey relations"]),
        (Selection(categories=("bilateral relations of T*",)), ["Armenia–Turkey relations"]),
        (Selection(infoboxes=("bilateral relations",)), ["Kosovo–Serbia relations"]),
        (Selection(infoboxes=("Infobox bilateral*",), titles=frozenset({"Pristina"})), ["Kosovo–Serbia relations", "Pristina"]),
        (Selection(patterns=("*nowhere*",)), []),
    ],
)
def test_selection(tmp_path: Path, selection: Selection, wanted: list[str]) -> None:
    (tmp_path / "e.xml").write_text(EXPORT, encoding="utf-8")
    sources = list(read_sources([tmp_path], selection))
    assert titles(sources) == wanted
    assert all(s.redirects for s in sources)


def test_a_multistream_dump_is_read_by_its_index(tmp_path: Path) -> None:
    streams = [HEAD.encode(), *("".join(pages()[i : i + 2]).encode() for i in range(0, 8, 2)), b"</mediawiki>"]
    packed = [bz2.compress(s) for s in streams]
    offsets = [sum(map(len, packed[:i])) for i in range(len(packed))]
    names = [*PAGES, *REDIRECTS, "Talk:Kosovo", "Module"]
    index = "".join(f"{offsets[1 + i // 2]}:{i}:{escape(name)}\n" for i, name in enumerate(names))
    dump = tmp_path / "enwiki-20240101-pages-articles-multistream.xml.bz2"
    (tmp_path / "enwiki-20240101-pages-articles-multistream-index.txt.bz2").write_bytes(bz2.compress(index.encode()))
    dump.write_bytes(b"".join(packed))
    assert titles(list(read_sources([tmp_path]))) == list(PAGES)
    broken = bytearray(dump.read_bytes())
    broken[offsets[1] : offsets[2]] = b"x" * (offsets[2] - offsets[1])
    dump.write_bytes(broken)
    assert titles(list(read_sources([dump], Selection(titles=frozenset({"Pristina"}))))) == ["Pristina"]
    with pytest.raises(SourceError, match="index of another dump"):
        list(read_sources([dump], Selection(patterns=("Kosovo*",))))


def test_parts_of_a_dump_share_their_redirects(tmp_path: Path) -> None:
    for part, some in enumerate((pages()[:3], pages()[3:]), 1):
        text = HEAD + "".join(some) + "</mediawiki>"
        (tmp_path / f"enwiki-pages-articles{part}.xml-p{part}p{part}9.bz2").write_bytes(bz2.compress(text.encode()))
    for selection in (None, Selection(patterns=("*",))):
        sources = list(read_sources([tmp_path], selection))
        assert titles(sources) == list(PAGES)
        assert all(s.redirects for s in sources)


def test_the_newest_of_several_revisions_counts(tmp_path: Path) -> None:
    revision = "<revision><id>{0}</id><timestamp>2024-01-0{0}T00:00:00Z</timestamp><text>Text {0}.</text></revision>"
    history = "".join(revision.format(i) for i in (2, 3, 1))
    (tmp_path / "h.xml").write_text(f"{HEAD}<page><title>H</title><ns>0</ns><id>1</id>{history}</page></mediawiki>", encoding="utf-8")
    [source] = read_sources([tmp_path])
    assert (source.wikitext, source.revision) == ("Text 3.", 3)


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + EXPORT.replace("A city", "&b;")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.wiki", b"caf\xe9", r"a\.wiki: not UTF-8 at byte 3"),
        ("a.xml", b"<html><page/></html>", "not a MediaWiki export"),
        ("a.xml", EXPORT[:900].encode(), "not well-formed XML"),
        ("a.xml", BOMB.encode(), "document type declaration"),
        ("a.xml", BOMB.encode("utf-16"), "not a MediaWiki export"),
        ("a.xml", b"", "not a MediaWiki export"),
        ("a.xml.bz2", bz2.compress(EXPORT.encode())[:-20], "ends too early or is damaged"),
        ("a.xml.gz", gzip.compress(EXPORT.encode())[:-20], "ends too early or is damaged"),
        ("a.xml.gz", b"no gzip", "cannot be read"),
        ("a.xml.bz2", b"no bzip2 here", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        list(read_sources([tmp_path]))
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(("line", "message"), [("colour: red", "line 1: expected one of title"), ("revision: new", "revision is 'new'")])
def test_a_sidecar_that_makes_no_sense(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "a.wiki").write_text("Text.", encoding="utf-8")
    (tmp_path / "a.meta").write_text(line, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        list(read_sources([tmp_path]))


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file or folder"):
        list(read_sources([tmp_path / "nowhere"]))


def test_memory_stays_flat(tmp_path: Path) -> None:
    """Ten times as many pages need no more memory."""
    peaks = []
    for count in (20, 200):
        path = tmp_path / f"{count}.xml"
        path.write_text(HEAD + "".join(page(i, f"P{i}", "Some [[text]]. " * 1500) for i in range(count)) + "</mediawiki>", encoding="utf-8")
        tracemalloc.start()
        assert sum(1 for _ in read_sources([path])) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
