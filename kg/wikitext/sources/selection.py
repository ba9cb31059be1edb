"""Select the pages of a dump."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property

from kg.wikitext.knowledge import template_name
from kg.wikitext.markup.links import normalise_title

_CATEGORY = re.compile(r"\[\[\s*[Cc]ategory\s*:\s*([^\[\]|\n]+)")
_TEMPLATE = re.compile(r"\{\{\s*([^{}|\n<]+)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


@dataclass(frozen=True)
class Selection:
    """Criteria of which a page must meet one: exact ``titles``, or shell patterns for titles, ``categories``, or infoboxes.

    In patterns, ``*`` matches any text and ``?`` one character; case and kinds of dash are ignored, so that ``"*-* relations"``
    matches "Chad–Libya relations". Without criteria, every article is selected.
    """

    titles: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    infoboxes: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether there are no criteria, so that all pages are selected."""
        return not (self.titles or self.patterns or self.categories or self.infoboxes)

    @property
    def by_title(self) -> bool:
        """Whether titles alone decide, so that an index suffices."""
        return not self.everything and not (self.categories or self.infoboxes)

    def wants_title(self, title: str) -> bool:
        """Whether a title is selected."""
        return title in self._titles or self._matches("patterns", title)

    def wants(self, title: str, wikitext: str) -> bool:
        """Whether a page is selected, by its title, categories or infoboxes."""
        if self.everything or self.wants_title(title):
            return True
        if self.categories and any(self._matches("categories", normalise_title(c)) for c in _CATEGORY.findall(wikitext)):
            return True
        return bool(self.infoboxes) and any(
            self._matches("infoboxes", name) or self._matches("infoboxes", name.removeprefix("infobox "))
            for name in (template_name(t) for t in _TEMPLATE.findall(wikitext))
            if name.startswith("infobox")
        )

    def _matches(self, kind: str, text: str) -> bool:
        return self._regexes[kind] is not None and self._regexes[kind].match(_fold(text)) is not None

    @cached_property
    def _titles(self) -> frozenset[str]:
        return frozenset(normalise_title(t) for t in self.titles)

    @cached_property
    def _regexes(self) -> dict[str, re.Pattern[str]]:
        named = {"patterns": self.patterns, "categories": self.categories, "infoboxes": self.infoboxes}
        return {kind: re.compile("|".join(translate(_fold(p)) for p in patterns) or r"(?!)") for kind, patterns in named.items()}


def _fold(text: str) -> str:
    return " ".join(text.translate(_DASHES).replace("_", " ").split()).casefold()
