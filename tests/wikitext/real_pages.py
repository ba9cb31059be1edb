"""Read real pages, and tell what no passage may hold and how many short citations are tied to a source.

`python -m tests.wikitext.real_pages PAGES…` reads the articles in files, folders, exports and dumps (none is kept here; those that were
tried are in `test_real_pages.py`) and prints, for each of PAGES: pages, failures (an error of the reader, or an article that breaks what
``test_properties.check`` holds of all), passages that hold markup, short citations and the share of them that is tied, seconds for each
MB. `--show` prints each passage with markup and each short citation without a source.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.wikitext import Article, read_article
from kg.wikitext.article_reader import SIGN
from kg.wikitext.knowledge import known_tags, template_name, template_use
from kg.wikitext.markup.nodes import Template, descend
from kg.wikitext.markup.parser import parse
from kg.wikitext.markup.repair import repair
from kg.wikitext.references.short_citations import short_citations
from kg.wikitext.sources import Source, read_sources
from kg.wikitext.sources.exports import read_dump
from kg.wikitext.sources.files import is_dump
from tests.wikitext.test_properties import check

_TAGS = "|".join(sorted(known_tags()))
MARKUP = re.compile(
    r"\{\{|\}\}|\[\[|\]\]|\{\||^\||\|\}|<!--|-->|'''"
    rf"|</?(?:{_TAGS})(?=[\s/>])[^<>]*>"
    r"|\|\s*(?:thumb|left|right|upright|\d+px)\b|\b(?:colspan|rowspan|bgcolor|valign|cellpadding|scope)\s*=\s*[\"'\d]|\bstyle\s*=\s*[\"']"
    r"|\bclass\s*=\s*[\"'](?:wiki|sort|nowrap|unsort)|__[A-Z]{3,}__|<ref\b|&(?:nbsp|[nm]dash|amp|lt|gt|quot|#\d+);",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"<(nowiki|pre|code|syntaxhighlight|source|tt)\b", re.IGNORECASE)


@dataclass
class PageTally:
    """What was seen of some pages."""

    pages: int = 0
    characters: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    signs: int = 0
    short: int = 0
    untied: list[str] = field(default_factory=list)

    def add(self, source: Source) -> None:
        """Read one page."""
        began = time.process_time()
        article = read_article(source.wikitext, source.title, source.redirects)
        self.seconds += time.process_time() - began
        self.pages += 1
        self.characters += len(source.wikitext)
        self.signs = max(self.signs, signs(source.wikitext))
        self.failures += (f"{source.title}: {problem}" for problem in failures(article))
        self.markup += (f"{source.title}: {text}" for text in with_markup(article))
        notes = dict(article.notes)
        untied = notes.get("short citation without a source", 0)
        self.short += len(short_texts(source.wikitext))
        self.untied += [source.title] * untied

    @property
    def row(self) -> str:
        """A row of the table that is printed."""
        tied = f"{100 * (1 - len(self.untied) / self.short):.1f} %" if self.short else "–"
        mb = self.characters / 1e6
        counts = f"{self.pages} | {mb:.2f} | {len(self.failures)} | {len(self.markup)} | {self.short}"
        return f"| {counts} | {tied} | {self.seconds / max(mb, 1e-9):.2f} |"


def signs(wikitext: str) -> int:
    """The number of signs of markup in a text, as the reader counts them for its limit."""
    return sum(1 for _ in SIGN.finditer(wikitext))


def short_texts(wikitext: str) -> set[str]:
    """The different short citations in a text, as they are shown."""
    mended = repair(wikitext)
    nodes = descend(parse(mended.text, 0, mended.masked, mended.cuts))
    templates = (
        n for n in nodes if isinstance(n, Template) and template_use(template_name(n.name))[0] in ("short_citation", "harvard_text")
    )
    return {citation.text for template in templates for citation in short_citations(template)}


def failures(article: Article) -> Iterator[str]:
    """What is wrong with an article as read."""
    yield from (note for note, _ in article.notes if note.startswith("not read"))
    try:
        check(article)
    except AssertionError as error:
        yield f"does not hold: {error}"


def with_markup(article: Article) -> Iterator[str]:
    """The passages that hold what no reader should see, those aside whose source has it between tags that show it literally."""
    for passage in article.passages:
        found = MARKUP.search(passage.text)
        if found and not _LITERAL.search(article.wikitext, max(0, passage.start - 200), passage.end):
            yield f"{found.group()!r} in {passage.text[max(0, found.start() - 60) : found.end() + 60]!r}"


def articles(path: Path) -> Iterator[Source]:
    """The articles in a file, folder, export or dump, in whatever language, without those that only lead to others."""
    if path.is_file() and is_dump(path):
        pages = (p for p in read_dump(path) if p.namespace == 0 and not p.redirect and not p.problem)
        yield from (Source(p.title, p.wikitext, path) for p in pages)
    else:
        yield from read_sources([path], unreadable=lambda *_: None, any_language=True)


def main() -> int:
    """Read what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    print("| pages of | pages | MB | failures | with markup | short citations | tied | s/MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    bad = 0
    for path in options.pages:
        tally = PageTally()
        for source in articles(path):
            tally.add(source)
        print(f"| {path.name} {tally.row}", flush=True)
        bad += len(tally.failures) + len(tally.markup)
        for line in [*tally.failures, *(tally.markup + tally.untied if options.show else [])]:
            print(f"    {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
