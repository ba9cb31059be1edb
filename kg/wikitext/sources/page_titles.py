"""Find the title of an article that is given as a file.

A file's name is seldom the title ("chad-libya.wiki"): it lacks dashes, capitals, accents, or is only a number. The
text itself gives the title in several places. They are examined in this order; the first that contains the words of the
file's name, in their order, is the title ("Chad–Libya relations"):

1. ``{{DISPLAYTITLE:…}}``, which MediaWiki accepts only if it is the title;
2. the category that the article sorts first in, under a blank key: ``[[Category:Chad–Libya relations| ]]`` is
   its eponymous category (Wikipedia:Categorization, "Eponymous categories");
3. the first words in bold at the beginning of the text (Wikipedia:Manual of Style/Lead section);
4. ``{{DEFAULTSORT:…}}``, which lacks accents and dashes, unless a comma shows that it is an inverted name;
5. the infobox's ``name`` or ``title``.

If none matches the file's name, the name is only a number or a label. The title is then the first of 1 and 3 that 2 or 4
confirms, else the file's name, with spaces for underscores. A ``title:`` line in a sidecar file takes precedence over all of
this (see ``sidecars``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kg.wikitext.markup.links import normalise_title

_DISPLAY = re.compile(r"\{\{\s*DISPLAYTITLE\s*:([^{}|]*)")
_EPONYMOUS = re.compile(r"\[\[\s*[Cc]ategory\s*:([^\[\]|]*)\|[ *]?\]\]")
_SORT = re.compile(r"\{\{\s*DEFAULTSORT\s*:([^{}|]*)")
_BOLD = re.compile(r"^[^\n{|=*#]{0,60}?'''(?!')(.{2,200}?)'''", re.MULTILINE)
_BOX = re.compile(r"\{\{\s*[Ii]nfobox\b[^{}]{0,2000}?\|\s*(?:name|title|conventional_long_name)\s*=\s*([^\n|{}]+)")
_MARKUP = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]|<[^>]*>|'{2,}")
_LEAD = 20_000


def article_title(wikitext: str, name: str) -> str:
    """Return the title of the article in a file called ``name`` (without extension)."""
    wanted = _words(name)
    for candidate in _candidates(wikitext):
        if wanted and _holds(_words(candidate), wanted):
            return normalise_title(candidate)
    return _agreed(wikitext) or normalise_title(name)


def _candidates(wikitext: str) -> Iterator[str]:
    lead = wikitext[:_LEAD]
    yield from (_plain(m.group(1)) for m in _DISPLAY.finditer(wikitext))
    yield from (_plain(m.group(1)) for m in _EPONYMOUS.finditer(wikitext))
    yield from (_plain(m.group(1)) for m in _BOLD.finditer(lead))
    yield from (s for s in (_plain(m.group(1)) for m in _SORT.finditer(wikitext)) if "," not in s)
    yield from (_plain(m.group(1)) for m in _BOX.finditer(lead))


def _agreed(wikitext: str) -> str:
    """Return the title on which two kinds of evidence agree, whatever the name of the file."""
    said = [_plain(m.group(1)) for p in (_DISPLAY, _BOLD) for m in list(p.finditer(wikitext))[:1]]
    sorted_as = [_plain(m.group(1)) for p in (_EPONYMOUS, _SORT) for m in p.finditer(wikitext)]
    if said and any(_words(said[0]) == _words(s) for s in sorted_as):
        return normalise_title(said[0])
    eponymous, sort = ([_plain(m.group(1)) for m in p.finditer(wikitext)] for p in (_EPONYMOUS, _SORT))
    return next((normalise_title(e) for e in eponymous if _words(e) in map(_words, sort)), "")


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(lambda m: m.group(1) or "", text).split())


def _words(text: str) -> list[str]:
    """Return the words of a name without case, accents and punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"\w+", bare.casefold().replace("_", " "))


def _holds(words: list[str], wanted: list[str]) -> bool:
    rest = iter(words)
    return all(word in rest for word in wanted)
