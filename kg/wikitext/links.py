"""Titles and links as MediaWiki reads them."""

from __future__ import annotations

import html
import re
from typing import NamedTuple
from urllib.parse import unquote

from kg.wikitext.knowledge import table

_SPACES = re.compile(r"[\s_\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_UNSEEN = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# https://www.mediawiki.org/wiki/Help:Redirects
REDIRECT = re.compile(r"\s*#REDIRECT\s*:?\s*\[\[([^\[\]|]+)", re.IGNORECASE)
TRAIL = re.compile(r"[a-z]+")


class Target(NamedTuple):
    """A link's target: the ``title`` as MediaWiki normalises it, its ``fragment``, and what sort of page it is.

    ``sort`` is ``page``, ``file``, ``category``, ``section`` (of the same page), ``other`` (another namespace or wiki).
    ``inline`` is true where a leading colon makes a plain link of a file or category.
    """

    title: str
    fragment: str | None
    sort: str
    inline: bool = False


def normalise_title(title: str) -> str:
    """A page's title with spaces for underscores, trimmed, its first letter upper-case."""
    clean = _SPACES.sub(" ", _UNSEEN.sub("", html.unescape(title))).strip()
    if re.search(r"%[0-9A-Fa-f]{2}", clean):
        clean = unquote(clean)
    return clean[:1].upper() + clean[1:] if clean[:1].upper() != clean[:1] and len(clean[:1].upper()) == 1 else clean


def read_target(raw: str) -> Target:
    """What ``[[raw|…]]`` links to."""
    text = raw.strip()
    inline = text.startswith(":")
    title, hash_, fragment = text.lstrip(": ").partition("#")
    name = normalise_title(title)
    anchor = _SPACES.sub(" ", html.unescape(fragment)).strip() if hash_ else None
    if not name:
        return Target("", anchor, "section")
    prefix, colon, rest = name.partition(":")
    sort = table("namespaces")["prefixes"].get(prefix.strip().lower(), "") if colon else ""
    if not sort and colon and prefix.strip().lower() in table("namespaces")["wikis"]:
        sort = "other"
    if sort in ("file", "category"):
        name = normalise_title(rest)
    return Target(name, anchor or None, sort or "page", inline)
