"""Files, folders, exports and dumps."""

from __future__ import annotations

import bz2
import gc
import gzip
import lzma
import os
import subprocess
import sys
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


NAME = "x-multistream"


@pytest.mark.parametrize("index", [
    b"9" * 5000 + b":1:Pristina",
    b"1:2:" + b"x" * 200_000,
    bz2.compress(bytes(1 << 26)),
    bz2.compress(b"1:2:Pristina")[:-9],
    b"0:1:\xff",
    b"no index",
])  # fmt: skip
def test_an_index_that_is_none(tmp_path: Path, index: bytes) -> None:
    ending = ".bz2" if index.startswith(b"BZh") else ""
    (tmp_path / f"{NAME}-index.txt{ending}").write_bytes(index)
    (tmp_path / f"{NAME}.xml.bz2").write_bytes(bz2.compress(EXPORT.encode()))
    tracemalloc.start()
    with pytest.raises(SourceError, match="index"):
        list(read_sources([tmp_path / f"{NAME}.xml.bz2"], Selection(titles=frozenset({"Pristina"}))))
    assert tracemalloc.get_traced_memory()[1] < 1 << 24
    tracemalloc.stop()


def test_a_stream_of_a_dump_unpacks_in_pieces(tmp_path: Path) -> None:
    """A few bytes that decompress to 300 million, in the stream that an index names."""
    first = bz2.compress((HEAD + pages()[0]).encode())
    bomb = bz2.compress(b"<page><title>Pristina</title><revision><text>" + bytes(260 << 20).replace(b"\0", b" "))
    (tmp_path / f"{NAME}-index.txt").write_text(f"{len(first)}:1:Pristina\n")
    (tmp_path / f"{NAME}.xml.bz2").write_bytes(first + bomb)
    tracemalloc.start()
    with pytest.raises(SourceError, match="over 256 MB"):
        list(read_sources([tmp_path / f"{NAME}.xml.bz2"], Selection(titles=frozenset({"Pristina"}))))
    assert tracemalloc.get_traced_memory()[1] < 1 << 25
    tracemalloc.stop()


@pytest.mark.parametrize("padding", [b"", b"\0" * 8])
def test_xz_files_of_several_streams(tmp_path: Path, padding: bytes) -> None:
    half = len(EXPORT) // 2
    (tmp_path / "a.xml.xz").write_bytes(padding.join(lzma.compress(part.encode()) for part in (EXPORT[:half], EXPORT[half:])))
    assert titles(list(read_sources([tmp_path]))) == list(PAGES)


def test_xz_files_do_not_say_how_much_memory_they_take(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    (tmp_path / "a.xml.xz").write_bytes(lzma.compress(EXPORT.encode(), filters=filters))
    with pytest.raises(SourceError, match="Memory usage limit"):
        list(read_sources([tmp_path / "a.xml.xz"]))


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
        assert sum(1 for _ in read_sources([path])) == count  # data read once and kept, such as tables, is no growth
        gc.collect()
        tracemalloc.start()
        assert sum(1 for _ in read_sources([path])) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


GERMAN = (
    '<mediawiki xml:lang="de"><siteinfo><namespaces><namespace key="0" /><namespace key="6">Datei</namespace>'
    '<namespace key="14">Kategorie</namespace></namespaces></siteinfo>'
    + page(1, "Serbien", "[[Datei:A.jpg|mini|Die Brücke]]\nSerbien zog ab.\n[[Kategorie:Serbien]] [[Bild:B.jpg]]")
    + "</mediawiki>"
)


def told(paths: list[Path]) -> tuple[list[Source], list[tuple[str, str]]]:
    """Return the articles read from the paths, and the titles and reasons of those that were not."""
    failures: list[tuple[str, str]] = []
    sources = list(read_sources(paths, unreadable=lambda path, error: failures.append((error.title or path.name, str(error)))))
    return sources, failures


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


@pytest.mark.parametrize("name", ["export", "dump.bz2", "pages.txt", "utf-16"])
def test_an_export_is_known_by_what_it_holds(tmp_path: Path, name: str) -> None:
    content = EXPORT.encode("utf-16") if name == "utf-16" else EXPORT.encode()
    (tmp_path / name).write_bytes(bz2.compress(content) if name.endswith("bz2") else content)
    assert titles(list(read_sources([tmp_path / name]))) == list(PAGES)


@pytest.mark.parametrize(
    ("magic", "form"), [(b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"PK\x03\x04", "zip")], ids=["7z", "zst", "zip"]
)
def test_archives_that_are_not_read_are_named(tmp_path: Path, magic: bytes, form: str) -> None:
    (tmp_path / f"pages.xml.{form}").write_bytes(magic + b"text")
    with pytest.raises(SourceError, match=f"in {form} format"):
        list(read_sources([tmp_path / f"pages.xml.{form}"]))


@pytest.mark.parametrize(
    ("revision", "reason"),
    [
        ('<text bytes="345" deleted="deleted"/>', "its text was deleted"),
        ('<text bytes="345" location="tt:1" id="1"/>', "a stub"),
        ('<text bytes="0" />', "it has no text"),
        (f"<id>{'9' * 5000}</id><text>Text.</text>", "revision is no number"),
    ],
)
def test_pages_that_cannot_be_read_are_told(tmp_path: Path, revision: str, reason: str) -> None:
    one = f"<page><title>One</title><ns>0</ns><id>1</id><revision>{revision}</revision></page>"
    (tmp_path / "s.xml").write_text(f"{HEAD}{one}{page(2, 'Two', 'Text.')}</mediawiki>", encoding="utf-8")
    sources, failures = told([tmp_path])
    assert titles(sources) == ["Two"]
    assert [(name, reason in why) for name, why in failures] == [("One", True)]


def test_a_page_longer_than_any_wiki_saves_is_told_and_not_kept(tmp_path: Path) -> None:
    long = page(1, "Long", "word " * (2 << 20))
    (tmp_path / "l.xml.bz2").write_bytes(bz2.compress(f"{HEAD}{long}{page(2, 'Two', 'Text.')}</mediawiki>".encode()))
    sources, failures = told([tmp_path])
    assert titles(sources) == ["Two"]
    assert [(name, "million characters" in why) for name, why in failures] == [("Long", True)]


def test_a_dump_without_namespace_numbers(tmp_path: Path) -> None:
    names = ("One", "Talk:One", "File:A.jpg", "Mission: B")
    pages = "".join(page(i, title, "Text.").replace("<ns>0</ns>", "") for i, title in enumerate(names))
    (tmp_path / "o.xml").write_text(f"{HEAD}{pages}</mediawiki>", encoding="utf-8")
    assert titles(list(read_sources([tmp_path]))) == ["One", "Mission: B"]


def test_redirects_in_a_circle_leave_a_link_as_it_is(tmp_path: Path) -> None:
    pages = page(1, "P", "A [[A]].") + page(2, "A", "#REDIRECT [[B]]", "B") + page(3, "B", "#REDIRECT [[A]]", "A")
    (tmp_path / "c.xml").write_text(f"{HEAD}{pages}</mediawiki>", encoding="utf-8")
    [source] = read_sources([tmp_path])
    assert source.redirects == ()


@pytest.mark.parametrize("word", ["REDIRECT", "redirect", "WEITERLEITUNG", "REDIRECTION", "Перенаправление"])
def test_a_redirect_without_its_element(tmp_path: Path, word: str) -> None:
    pages = page(1, "P", "A [[A]].") + page(2, "A", f"#{word} [[Frankreich]]")
    (tmp_path / "r.xml").write_text(f"{HEAD}{pages}</mediawiki>", encoding="utf-8")
    [source] = read_sources([tmp_path])
    assert source.redirects == (("A", "Frankreich"),)


def test_a_pipe_is_no_source(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.wiki")
    with pytest.raises(SourceError, match="neither a file nor a folder"):
        list(read_sources([tmp_path / "p.wiki"]))
    assert list(read_sources([tmp_path])) == []


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("Text.", encoding="utf-8")
    (tmp_path / "in" / "a.wiki").write_text("Text.", encoding="utf-8")
    (tmp_path / "in" / "b.wiki").symlink_to(tmp_path / "in" / "a.wiki")
    (tmp_path / "in" / "c.wiki").symlink_to(tmp_path / "secret.txt")
    sources, failures = told([tmp_path / "in"])
    assert titles(sources) == ["A", "B"]
    assert [name for name, _ in failures] == ["c.wiki"]


def test_sidecars_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.meta").write_text("title: Secret", encoding="utf-8")
    (tmp_path / "in" / "a.wiki").write_text("Text.", encoding="utf-8")
    (tmp_path / "in" / "a.meta").symlink_to(tmp_path / "secret.meta")
    sources, failures = told([tmp_path / "in"])
    assert (sources, [name for name, _ in failures]) == ([], ["a.wiki"])
    assert titles(list(read_sources([tmp_path / "in" / "a.wiki"]))) == ["Secret"], "what is given itself may be put together by links"


@pytest.mark.parametrize(
    "line",
    [
        "revision: " + "9" * 5000,
        "timestamp: yesterday",
        "timestamp: 2024-02-30T00:00:00Z",
        "timestamp: 2024-01-01T00:00:00+14:30",
        "title: \x1b\x07",
    ],
)
def test_a_sidecar_with_values_out_of_bounds(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.wiki").write_text("Text.", encoding="utf-8")
    (tmp_path / "a.meta").write_text(line, encoding="utf-8")
    sources, failures = told([tmp_path])
    assert (sources, [name for name, _ in failures]) == ([], ["a.wiki"])


def test_titles_hold_no_control_characters(tmp_path: Path) -> None:
    (tmp_path / "a%1b%5b31mb.wiki").write_text("Text.", encoding="utf-8")
    (tmp_path / "%0a.wiki").write_text("Text.", encoding="utf-8")
    sources, failures = told([tmp_path])
    assert titles(sources) == ["A [31mb"]
    assert [name for name, _ in failures] == ["%0a.wiki"]


def test_a_timestamp_of_a_dump_is_one_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(f"{HEAD}{page(1, 'A', 'Text.')}</mediawiki>".replace("2024-01-02T", "2024-13-02T"), encoding="utf-8")
    [source] = read_sources([tmp_path])
    assert source.timestamp == ""
