"""Map IRIs to page addresses of this server, and back.

An IRI's path is part of a page's address as it stands, a ``%`` in it encoded once more: ``resource/Who%3F`` has the page
``/page/Who%253F``. So the way back is plain, whatever a title holds.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import g, url_for

from kg.graph.namespaces import CATEGORY, RESOURCE

_PATH = "!$&'()*+,/:;=@"
_WEB = re.compile(r"(?:https?|ftp)://[^\s/]+", re.IGNORECASE)
_RESERVED = re.compile(r"[\x00-\x20\"<>?#\[\]\\^`{|}%\x7f]")


def page_address(iri: str) -> str | None:
    """The address of the page about an IRI, or None where this server has none; that of words in a passage is the passage's."""
    iri, _, _ = iri.partition("#char=")
    if iri.startswith(RESOURCE) and len(iri) > len(RESOURCE):
        return _bases()[0] + quote(iri.removeprefix(RESOURCE), safe=_PATH)
    if iri.startswith(CATEGORY) and len(iri) > len(CATEGORY):
        return _bases()[1] + quote(iri.removeprefix(CATEGORY), safe=_PATH)
    return None


def _bases() -> tuple[str, str]:
    """Where the addresses of pages begin, asked of Flask once for each request: a page has hundreds of links."""
    if "entente_bases" not in g:
        g.entente_bases = (url_for("pages.page", key="K")[:-1], url_for("pages.category", code="K")[:-1])
    found: tuple[str, str] = g.entente_bases
    return found


def web_address(url: str) -> str | None:
    """``url`` if it may be followed (http, https, ftp), else None: ``javascript:`` and its like are shown as text only."""
    return url if _WEB.match(url) else None


def resource(key: str) -> str:
    """The IRI whose path after ``resource/`` is ``key``."""
    return RESOURCE + key


def spelt(key: str) -> str:
    """The same key with everything percent-encoded that an IRI's path may not hold: what a decoded address once was."""
    return _RESERVED.sub(lambda m: f"%{ord(m[0]):02X}", key.replace(" ", "_"))
