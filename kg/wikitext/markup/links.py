"""Titles and links as in MediaWiki."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from kg.wikitext.knowledge import table, words
from kg.wikitext.markup.characters import decode

# https://www.mediawiki.org/wiki/Help:Redirects; for other languages: $magicWords["redirect"] in MediaWiki's languages/messages.
REDIRECT = re.compile(
    r"\s*+#(?:REDIRECT(?:ION)?|WEITERLEITUNG|REDIRECCIÓN|RINVIA|RIMANDO|REDIRECIONAMENTO|DOORVERWIJZING|OMDIRIGERING|OMDIRIGERA|OHJAUS"
    r"|UUDELLEENOHJAUS|PATRZ|PRZEKIERUJ|TAM|PŘESMĚRUJ|PRESMERUJ|ÁTIRÁNYÍTÁS|YÖNLENDİRME|YÖNLENDİR|ALIH|ĐỔI|REDIRECTEAZA|SUUNA|BIRZUZENDU"
    r"|OMDIRIGER|VIDARESEND|PREUSMJERI|PREUSMERI|PREUSMERITEV|ALIDIREKTU|PERADRESAVIMAS|ПЕРЕНАПРАВЛЕНИЕ|ПЕРЕНАПР|ПЕРЕНАПРАВЛЕННЯ"
    r"|ПРЕУСМЕРИ|ВИЖ|ПЕРАНАКІРАВАННЕ|ΑΝΑΚΑΤΕΥΘΥΝΣΗ|تحويل|تغییر_مسیر|הפניה|転送|リダイレクト|転送先|重定向|넘겨주기)"
    r"\s*+:?+\s*+\[\[([^\[\]|]++)",
    re.IGNORECASE,
)
# $linkTrail of English: https://www.mediawiki.org/wiki/Help:Links
TRAIL = re.compile(r"[a-z]+")
_PLAIN = re.compile(r"[A-Z0-9][^\s_:#&%<>\u200e\u200f]*(?: [^\s_:#&%<>\u200e\u200f]+)*")
_UNSEEN = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]|<!--.*?-->|</?nowiki */?>", re.DOTALL)
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
# Characters that no title contains (https://www.mediawiki.org/wiki/Manual:Page_title); such a link is text.
_INVALID = re.compile(
    r"[<>\[\]{}|\x00-\x1f\x7f]|^(?:https?|ftp|mailto|news|irc):|^//|%[0-9a-f]{2}|&[a-z0-9#]+;|~~~|(?:^|/)\.{1,2}(?:/|$)", re.IGNORECASE
)
# A picture, even with a prefix in another language ("Datei:", "Beeld:").
_PICTURE = re.compile(r"\.(?:svg|png|jpe?g|gif|tiff?|webp|ogg|ogv|oga|webm|mp3|wav|pdf|djvu)$", re.IGNORECASE)
_LONGEST_TITLE = 255


class Site(NamedTuple):
    """What a dump says about its wiki: its language, and the ``Target.sort`` of its namespaces' prefixes."""

    language: str = ""
    namespaces: tuple[tuple[str, str], ...] = ()


def namespace_sorts(names: dict[int, str]) -> tuple[tuple[str, str], ...]:
    """Return the prefixes of a wiki's namespaces, given by number (https://www.mediawiki.org/wiki/Manual:Namespace), each with its sort."""
    sorts = {6: "file", 14: "category"}
    return tuple((name.strip().lower().replace("_", " "), sorts.get(key, "other")) for key, name in sorted(names.items()) if name.strip())


def clean_title(title: str) -> str:
    """Remove control characters, which no title contains and which could manipulate a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in title).split())


class Target(NamedTuple):
    """A link's target: the ``title`` as normalized by MediaWiki, its ``fragment``, and the sort of page.

    ``sort`` is ``page``, ``file``, ``category``, ``section`` (of the same page), ``language`` (a page of another Wikipedia, shown
    beside the text) or ``other`` (another namespace or wiki); the title of a file or category is without its namespace. ``inline``
    is true if a leading colon makes a plain link.
    """

    title: str
    fragment: str | None
    sort: str
    inline: bool = False


def normalise_title(title: str) -> str:
    """Normalize a page title: single spaces for white space and underscores, trimmed, first letter in upper case."""
    return _normal(decode(title))


def _normal(title: str) -> str:
    clean = " ".join(_UNSEEN.sub("", title).replace("_", " ").split())
    if _ENCODED.search(clean):
        clean = clean_title(unquote(clean))
    clean = clean if clean.isascii() else unicodedata.normalize("NFC", clean)
    first = clean[:1].upper()
    return first + clean[1:] if len(first) == 1 else clean


@lru_cache(maxsize=4096)
def read_target(raw: str, namespaces: tuple[tuple[str, str], ...] = ()) -> Target:
    """Return the target of ``[[raw|…]]``; ``namespaces`` are those of the wiki besides the English ones."""
    if raw.isascii() and _PLAIN.fullmatch(raw):
        return Target(raw, None, "page")
    text = decode(raw).strip()
    title, hash_, fragment = text.lstrip(": ").partition("#")
    anchor = " ".join(decode(fragment).replace("_", " ").split()) if hash_ else ""
    name = _normal(title)
    sort = _sort(name, namespaces)
    if sort in ("file", "category"):
        name = _normal(name.partition(":")[2])
    return Target(name, anchor or None, sort, text.startswith(":"))


def _sort(name: str, namespaces: tuple[tuple[str, str], ...]) -> str:
    if not name:
        return "section"
    if _INVALID.search(name) or len(name.encode("utf-8", "surrogatepass")) > _LONGEST_TITLE:
        return "other"
    prefix, colon, _ = name.partition(":")
    key = prefix.strip().lower()
    if not colon:
        return "page"
    for prefix, sort in namespaces:
        if key == prefix:
            return sort
    if key in words("namespaces", "languages"):
        return "language"
    known = table("namespaces")["prefixes"].get(key) or ("other" if key in words("namespaces", "projects") else "")
    return str(known or ("file" if _PICTURE.search(name) else "page"))
