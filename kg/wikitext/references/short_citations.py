"""Short citations: the templates that identify a source by authors and year, and the names of sources.

Wikipedia links them by the anchor of the full citation (Help:Citation Style 1, "Anchors"): "CITEREF", the last names of up to four
authors, and the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.wikitext.knowledge import table, template_name, template_use, words
from kg.wikitext.markup.inline import plain
from kg.wikitext.markup.nodes import Template, descend

_YEAR = re.compile(r"(?i)(?:c(?:irca)?\.? ?)?\d{3,4}(?: ?[–/-] ?\d{2,4})?[a-z]?|n\.? ?d\.?[a-z]?|undated|forthcoming|in press")
_YEARS_IN_DATE = re.compile(r"\b\d{4}(?:[–/-]\d{2,4})?[a-z]?\b|\bn\. ?d\.(?:[a-z]\b)?")
_SIGNS = re.compile(r"[\W_]+")
_PART = re.compile(r"(\d+)(a\d*|y|p|pp|loc|ps)")
_MOST_AUTHORS = 4
_MOST_PARTS = 30


class ShortCitation(NamedTuple):
    """A short citation: the last names of the authors, the year, and the page, as written."""

    authors: tuple[str, ...]
    year: str
    page: str

    @property
    def anchor(self) -> str:
        """The anchor to which it points."""
        return anchor(self.authors, self.year)

    @property
    def text(self) -> str:
        """The citation as a reader sees it."""
        label = f"{' and '.join(self.authors)} {self.year}".strip()
        if not self.page:
            return label
        mark = "" if not self.page[0].isdigit() else "pp. " if re.search(r"[–,&-]", self.page) else "p. "
        return f"{label}, {mark}{self.page}"


def anchor(names: Sequence[str], year: str) -> str:
    """Normalize an anchor: fold case, and remove spaces and punctuation."""
    return folded("".join(names[:_MOST_AUTHORS]) + year)


def folded(name: str) -> str:
    """Normalize a name: no case, spaces and punctuation."""
    return name.casefold() if name.isalnum() else _SIGNS.sub("", name.casefold())


def short_citations(template: Template) -> list[ShortCitation]:
    """Return the sources named by a short citation template; empty for other templates."""
    name = template_name(template.name)
    if template_use(name)[0] not in ("short_citation", "harvard_text"):
        return []
    given = {p.name.casefold(): plain(p.value) for p in template.parameters}
    if any(_PART.fullmatch(key) for key in given):
        return list(_several(given))
    numbered = [given[str(i)] for i in range(1, len(given) + 1) if given.get(str(i))]
    if name == "harvs":
        numbered = [argument for argument in numbered if argument not in words("citations", "flags")]
    named = [given[key] for key in ("last", "last1", "last2", "last3", "last4") if given.get(key)]
    return _split_years([*named, *numbered], given.get("year", ""), _page(given))


def _split_years(arguments: list[str], year: str, page: str) -> list[ShortCitation]:
    """Return the sources in numbered arguments: each year ends one, since ``{{harvs}}`` and others may name several."""
    found: list[ShortCitation] = []
    authors: list[str] = []
    for argument in arguments:
        if authors and _YEAR.fullmatch(argument):
            found.append(ShortCitation(tuple(authors), argument, page))
            authors = []
        else:
            authors.append(argument)
    if authors or not found:
        found.append(ShortCitation(tuple(authors), year, page))
    return found


def _several(given: dict[str, str]) -> Iterator[ShortCitation]:
    """Return the sources of ``{{sfnm|1a1=Bell|1y=1999|1p=4|2a1=…}}``, or of ``{{sfnm|Bell|1999|1p=4|Hope|…}}``."""
    unnamed = [given[str(i)] for i in range(1, len(given) + 1) if given.get(str(i))]
    if unnamed and not any(re.fullmatch(r"\d+(?:a\d*|y)", key) for key in given):
        for number, citation in enumerate(_split_years(unnamed, "", ""), 1):
            yield citation._replace(page=_page({key.removeprefix(str(number)): value for key, value in given.items()}))
        return
    for number in range(1, _MOST_PARTS):
        part = {key.removeprefix(str(number)): value for key, value in given.items() if re.fullmatch(rf"{number}[a-z].*", key)}
        if not part:
            break
        authors = tuple(part[key] for key in ("a", "a1", "a2", "a3", "a4") if part.get(key))
        yield ShortCitation(authors, part.get("y", ""), _page(part))


def _page(given: dict[str, str]) -> str:
    return next((given[key] for key in table("citations")["fields"]["page"] if given.get(key)), "")


def harvid_anchor(template: Template) -> str:
    """Return the anchor made by ``{{harvid|UN|2004}}``; empty for other templates."""
    if template_name(template.name) not in table("citations")["anchor_templates"]:
        return ""
    return anchor([plain(p.value) for p in template.parameters if p.name.isdigit()][: _MOST_AUTHORS + 1], "")


def anchors(template: Template, last_names: Sequence[str], issued: Sequence[str]) -> Iterator[str]:
    """Return the anchors of a full citation: the one in its ``ref``, else those made of its authors and year."""
    reference = next((p for p in template.parameters if p.name.casefold() == "ref"), None)
    if reference is not None:
        named = [harvid_anchor(n) for n in descend(reference.value) if isinstance(n, Template)]
        yield from (a for a in named if a)
        written = plain(reference.value)
        if written.startswith("CITEREF"):
            yield folded(written.removeprefix("CITEREF"))
    if last_names:
        yield from (anchor(last_names, year) for year in years(issued))


def years(issued: Sequence[str]) -> list[str]:
    """Return the years by which a source may be cited, from its date and year as written: a range, its first year, "n.d.", or none."""
    return list(dict.fromkeys(year for date in issued for year in _years(date))) or [""]


@lru_cache(maxsize=4096)
def _years(date: str) -> tuple[str, ...]:
    found: list[str] = []
    for match in _YEARS_IN_DATE.finditer(date):
        year = match.group()
        found += [year, year[:4]] if year[0].isdigit() else [year]
        if year[:4].isdigit() and year[-1].isalpha():
            found.append(year.rstrip("abcdefghijklmnopqrstuvwxyz"))
    return tuple(found)
