"""Compare what is read with what MediaWiki shows: the words and links of its own parser tests.

`python -m tests.wikitext.mediawiki FOLDER` reads the ``*arserTests.txt`` of FOLDER (``tests/parser`` of wikimedia/parsoid; no test of
theirs is kept here) and prints how many agree and those that differ, each with the reason that ``mediawiki.toml`` gives. A test counts
where its HTML is what a wiki page would show: it uses no template and nothing that only the tests' own wiki has (``skipped``).

The words are those of the passages against those of the page without its headings, marks and lists of references, table of contents and
edit links; cells of headers may be missing, since they are not passages of their own. The links are those to articles.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from kg.wikitext import read_article
from kg.wikitext.markup.links import read_target

HERE = Path(__file__).parent
_SECTION = re.compile(r"^!!\s*(\S+)[^\n]*\n", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")
_VOID = frozenset({"br", "hr", "img", "meta", "link", "wbr", "input", "col"})
_BLOCK = frozenset(
    {"p", "div", "br", "hr", "img", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "td", "th", "caption", "h1", "h2", "h3", "h4", "h5"}
    | {"h6", "blockquote", "center", "pre", "figure", "figcaption", "section"}
)
_HIDDEN_CLASSES = frozenset(
    {"mw-editsection", "reference", "references", "toc", "mw-references-wrap", "mw-ref", "mwe-math-element", "error", "mw-broken-media"}
    | {"galleryfilename", "autonumber"}
)
_PREFERRED = ("html/php", "html", "html/*", "html/php+tidy", "html+tidy", "html/parsoid", "html/parsoid+integrated")


class ParserTest(NamedTuple):
    """One parser test: its name, the wikitext, the HTML wanted and for which parser that is, and its options."""

    name: str
    wikitext: str
    html: str
    options: str
    section: str


def read_tests(path: Path) -> Iterator[ParserTest]:
    """The tests in a file that have wikitext and HTML."""
    text = path.read_text(encoding="utf-8")
    found: dict[str, str] = {}
    marks = list(_SECTION.finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        name = mark.group(1).lower()
        if name in ("test", "article"):
            found = {}
        elif name == "end" and "test" in found:
            section = next((key for key in _PREFERRED if key in found), "")
            wikitext = found.get("wikitext", found.get("input"))
            if section and wikitext is not None:
                options = f"{found.get('options', '')}\n{found.get('config', '')}\n[{section}]"
                yield ParserTest(found["test"].strip(), wikitext, found[section], options, section)
            found = {}
        found[name] = text[mark.end() : following.start() if following else len(text)].removesuffix("\n")


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads((HERE / "mediawiki.toml").read_text(encoding="utf-8"))


def skipped(test: ParserTest) -> str:
    """Why a test is not compared; empty where it is."""
    rows = _rules()["skipped"]
    return next((r["reason"] for r in rows if re.search(r["pattern"], getattr(test, r["in"]), re.IGNORECASE | re.DOTALL)), "")


@dataclass
class Shown:
    """What a page shows: its words, those that may be missing, and its links to articles as (text, title)."""

    words: Counter[str] = field(default_factory=Counter)
    optional: Counter[str] = field(default_factory=Counter)
    links: Counter[tuple[str, str]] = field(default_factory=Counter)


class _Page(HTMLParser):
    """Collects what the HTML of a page shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool, bool]] = []
        self.figure = ""
        self.repeats = 0
        self.text: list[str] = []
        self.optional: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.link: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCK:
            self._apart()
        if tag in _VOID:
            return
        given = {name: value or "" for name, value in attrs}
        hidden, header = (self.open[-1][1:]) if self.open else (False, False)
        if tag == "figure":
            self.figure = "framed" if re.search(r"/(Thumb|Frame)\b", given.get("typeof", "")) else "unframed"
        hidden = hidden or _is_hidden(tag, given, self.figure)
        if tag in ("th", "h1", "h2", "h3", "h4", "h5", "h6"):
            header = True
        rows = given.get("rowspan", "1")
        self.repeats = int(rows) - 1 if tag == "td" and rows.isdecimal() else self.repeats
        self.open.append((tag, hidden, header))
        if tag == "a" and not hidden:
            self.link = (_title(given), [])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _BLOCK:
            self._apart()

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link:
            title, parts = self.link
            text = " ".join("".join(parts).split())
            if title and text and not self.open[-1][2]:
                self.links.append((text, title))
            self.link = None
        if tag == "td":
            self.repeats = 0
        if any(tag == t for t, _, _ in self.open):
            while self.open.pop()[0] != tag:
                pass
        if tag in _BLOCK:
            self._apart()

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self._put(data)
            self.optional += [" ", data] * self.repeats

    def _apart(self) -> None:
        for text in (self.text, self.optional, self.link[1] if self.link else []):
            text.append(" ")

    def _put(self, text: str) -> None:
        (self.optional if self.open and self.open[-1][2] else self.text).append(text)
        if self.link:
            self.link[1].append(text)


def _is_hidden(tag: str, given: dict[str, str], above: str) -> bool:
    """Whether an element is no part of the article's text: marks, tables of contents, messages of the wiki, files that are missing."""
    return (
        tag in ("style", "script", "s", "del", "strike", "math")
        or (tag not in ("tr", "td") and not _HIDDEN_CLASSES.isdisjoint(given.get("class", "").split()))
        or given.get("id") == "toc"
        or "mw:Extension/ref" in given.get("typeof", "")
        or (tag == "a" and "wpDestFile" in given.get("href", "") and given.get("title", "").startswith("File:"))
        or (tag == "div" and given.get("class") == "thumb" and "height" in given.get("style", ""))
        or (tag == "figcaption" and above == "unframed")
    )


def _title(given: dict[str, str]) -> str:
    """The article that a link leads to; empty where it leads elsewhere."""
    classes = set(given.get("class", "").split())
    if not classes.isdisjoint({"external", "extiw", "image", "internal", "mw-selflink", "selflink", "mw-file-description"}):
        return ""
    address = urlsplit(given.get("href", ""))
    if address.scheme or address.netloc:
        return ""
    if address.path.startswith(("/wiki/", "./")):
        raw = unquote(address.path.partition("/")[2].removeprefix("wiki/"))
    else:
        raw = "".join(parse_qs(address.query).get("title", []))
    target = read_target(raw)
    return target.title if target.sort == "page" else ""


def shown(html: str) -> Shown:
    """What the HTML of a page shows."""
    page = _Page()
    page.feed(html)
    page.close()
    return Shown(_words("".join(page.text)), _words("".join(page.optional)), Counter(page.links))


def read(wikitext: str) -> Shown:
    """What is read of a page."""
    passages = read_article(wikitext, "Parser test").passages
    links = ((p.text[k.start : k.end], k.target) for p in passages for k in p.links)
    return Shown(_words(" ".join(p.text for p in passages)), Counter(), Counter(links))


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


def _title_of(test: ParserTest) -> str:
    named = re.search(r"title=\[\[(.*?)\]\]", test.options)
    return read_target(named.group(1)).title if named else "Parser test"


def differs(test: ParserTest) -> str:
    """How what is read differs from what MediaWiki shows; empty where it does not."""
    wanted, got = shown(test.html), read(test.wikitext)
    lost = wanted.words - got.words
    more = got.words - wanted.words - wanted.optional
    links_lost, links_more = wanted.links - got.links, got.links - wanted.links
    links_more = Counter({link: n for link, n in links_more.items() if link[1] != _title_of(test)})
    parts = (("lost", lost), ("more", more), ("links lost", links_lost), ("links more", links_more))
    return "; ".join(f"{name} {sorted(what)}" for name, what in parts if what)


def compare(folder: Path) -> Iterator[tuple[ParserTest, str]]:
    """The tests in a folder that are compared, each with how it differs."""
    for path in sorted(folder.glob("*arserTests.txt")):
        for test in read_tests(path):
            if not skipped(test):
                yield test, differs(test)


def main(folder: Path) -> int:
    """Compare all tests in a folder; 1 where one differs without a reason."""
    reasons = {name: row["reason"] for row in _rules()["differs"] for name in row["tests"]}
    results = list(compare(folder))
    different = [(test, how) for test, how in results if how]
    for test, how in different:
        print(f"{test.name}\n    {how}\n    {reasons.get(test.name, 'NO REASON GIVEN')}")
    same = len(results) - len(different)
    print(f"{len(results)} compared, {same} agree ({100 * same / max(len(results), 1):.1f} %)")
    return int(any(test.name not in reasons for test, _ in different))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
