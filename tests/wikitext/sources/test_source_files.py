"""Files, folders, exports and dumps."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.wikitext import read_article
from kg.wikitext.sources import Selection, SourceError, read_sources
from tests.wikitext.sources.made_up_exports import EXPORT, HEAD, PAGES, page, pages, titles, told


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


def test_nothing_stays_of_a_process_that_is_killed(tmp_path: Path) -> None:
    """Temporary files of dumps being read have no name."""
    (tmp_path / "a.xml").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    program = "import os, sys; from pathlib import Path; from kg.wikitext.sources import read_sources; "
    program += "next(read_sources([Path(sys.argv[1])])); os.kill(os.getpid(), 9)"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "TMPDIR": str(tmp_path / "temporary")}
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "a.xml")], env=environment, check=False)
    assert done.returncode == -9
    assert list((tmp_path / "temporary").iterdir()) == []


def test_parts_of_a_dump_share_their_redirects(tmp_path: Path) -> None:
    for part, some in enumerate((pages()[:3], pages()[3:]), 1):
        text = HEAD + "".join(some) + "</mediawiki>"
        (tmp_path / f"enwiki-pages-articles{part}.xml-p{part}p{part}9.bz2").write_bytes(bz2.compress(text.encode()))
    for selection in (None, Selection(patterns=("*",))):
        sources = list(read_sources([tmp_path], selection))
        assert titles(sources) == list(PAGES)
        assert all(s.redirects for s in sources)


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + EXPORT.replace("A city", "&b;")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.wiki", b"caf\xe9", r"a\.wiki: not UTF-8 at byte 3"),
        ("a.xml", b"<html><page/></html>", "not a MediaWiki export"),
        ("a.xml", EXPORT[:900].encode(), "not well-formed XML"),
        ("a.xml", BOMB.encode(), "document type declaration"),
        ("a.xml", BOMB.encode("utf-16"), "document type declaration"),
        ("a.xml", b"<!-- <mediawiki --><!DOCTYPE mediawiki []>" + EXPORT.encode(), "document type declaration"),
        ("a.xml", b"<?xml version='1.0' encoding='utf-7'?>" + EXPORT.encode(), "encoding"),
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


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file or folder"):
        list(read_sources([tmp_path / "nowhere"]))


GERMAN = (
    '<mediawiki xml:lang="de"><siteinfo><namespaces><namespace key="0" /><namespace key="6">Datei</namespace>'
    '<namespace key="14">Kategorie</namespace></namespaces></siteinfo>'
    + page(1, "Serbien", "[[Datei:A.jpg|mini|Die Brücke]]\nSerbien zog ab.\n[[Kategorie:Serbien]] [[Bild:B.jpg]]")
    + "</mediawiki>"
)


def test_a_dump_in_another_language_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.xml").write_text(GERMAN, encoding="utf-8")
    with pytest.raises(SourceError, match=r"another language \(de\).*--language-unchecked"):
        list(read_sources([tmp_path]))


def test_a_dump_in_another_language_is_read_unchecked_with_its_own_namespaces(tmp_path: Path) -> None:
    (tmp_path / "d.xml").write_text(GERMAN, encoding="utf-8")
    [source] = read_sources([tmp_path], any_language=True)
    article = read_article(source.wikitext, source.title, source.redirects, source.site)
    assert [p.text for p in article.passages][:2] == ["Die Brücke", "Serbien zog ab."]
    assert article.categories == ("Serbien",)
    assert ("language unchecked: de", 1) in article.notes


PROSE = {
    "German": "Die Brücke wurde von der Stadt und dem Land mit Geld aus dem Bund gebaut, das nicht für eine Straße war. ",
    "French": "La ville est dans le nord du pays et les ponts qui sont sur la rivière ont été bâtis par une société pour le roi. ",
    "another script": "Мост был построен городом и страной на деньги союза, которые не были предназначены для дороги. ",
}


@pytest.mark.parametrize("language", PROSE)
def test_a_text_that_is_not_english_is_told(tmp_path: Path, language: str) -> None:
    (tmp_path / "a.wiki").write_text(PROSE[language] * 8, encoding="utf-8")
    (tmp_path / "b.wiki").write_text("The bridge was built by the city with money of the union. " * 8, encoding="utf-8")
    sources, failures = told([tmp_path])
    assert titles(sources) == ["B"]
    assert [(name, f"({language})" in reason) for name, reason in failures] == [("a.wiki", True)]
    assert len(list(read_sources([tmp_path], any_language=True))) == 2


def test_redirects_in_a_circle_leave_a_link_as_it_is(tmp_path: Path) -> None:
    pages = page(1, "P", "A [[A]].") + page(2, "A", "#REDIRECT [[B]]", "B") + page(3, "B", "#REDIRECT [[A]]", "A")
    (tmp_path / "c.xml").write_text(f"{HEAD}{pages}</mediawiki>", encoding="utf-8")
    [source] = read_sources([tmp_path])
    assert source.redirects == ()


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("Text.", encoding="utf-8")
    (tmp_path / "in" / "a.wiki").write_text("Text.", encoding="utf-8")
    (tmp_path / "in" / "b.wiki").symlink_to(tmp_path / "in" / "a.wiki")
    (tmp_path / "in" / "c.wiki").symlink_to(tmp_path / "secret.txt")
    sources, failures = told([tmp_path / "in"])
    assert titles(sources) == ["A", "B"]
    assert [name for name, _ in failures] == ["c.wiki"]
