"""MediaWiki exports made up for the tests."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from kg.wikitext.sources import Source, read_sources

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


def told(paths: list[Path]) -> tuple[list[Source], list[tuple[str, str]]]:
    """Return the articles read from the paths, and the titles and reasons of those that were not."""
    failures: list[tuple[str, str]] = []
    sources = list(read_sources(paths, unreadable=lambda path, error: failures.append((error.title or path.name, str(error)))))
    return sources, failures
