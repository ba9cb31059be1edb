"""Map IRIs to page addresses of this server, and back.

An IRI's path is part of a page's address, with each ``%`` encoded once more: ``resource/Who%3F`` has the page ``/page/Who%253F``.
So the mapping is reversible whatever a title contains.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from flask import g, url_for

from kg.formats import JSONLD, NTRIPLES, RDFXML, TURTLE
from kg.graph.namespaces import CATEGORY, RESOURCE

DATA = (TURTLE, NTRIPLES, RDFXML, JSONLD)
"""The formats under ``/data/``, by file extension."""
KNOWN_PLACES = 4096
_PATH = "!$&'()*+,/:;=@"
_WEB = re.compile(r"(?:https?|ftp)://[^\s/]+", re.IGNORECASE)
_RESERVED = re.compile(r"[\x00-\x20\"<>?#\[\]\\^`{|}%\x7f]")


def page_address(iri: str) -> str | None:
    """Return the address of the page about an IRI, or None if this server has none; for a span of a passage, the page of the passage."""
    place = _place(iri)
    return None if place is None else _bases()[place[0]] + place[1]


@lru_cache(maxsize=KNOWN_PLACES)
def _place(iri: str) -> tuple[int, str] | None:
    """Return the kind of page about an IRI (an index of ``_bases``) and what follows its prefix; None if there is no page."""
    iri, _, _ = iri.partition("#char=")
    for kind, namespace in enumerate((RESOURCE, CATEGORY)):
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return kind, quote(iri.removeprefix(namespace), safe=_PATH)
    return None


def _bases() -> tuple[str, str]:
    """Return the prefixes of page addresses, asked of Flask once per request: a page has hundreds of links."""
    if "entente_bases" not in g:
        g.entente_bases = (url_for("pages.page", key="K")[:-1], url_for("pages.category", code="K")[:-1])
    found: tuple[str, str] = g.entente_bases
    return found


def web_address(url: str) -> str | None:
    """Return ``url`` if it is safe to follow (http, https, ftp), else None: others, such as ``javascript:``, are shown as text only."""
    return url if _WEB.match(url) else None


def resource(key: str) -> str:
    """Return the IRI whose path after ``resource/`` is ``key``."""
    return RESOURCE + key


def spelt(key: str) -> str:
    """Percent-encode what an IRI's path must not contain, to undo a browser's decoding of the key."""
    return _RESERVED.sub(lambda m: f"%{ord(m[0]):02X}", key.replace(" ", "_"))
