"""Mint the IRIs of the graph; no other module does.

The IRI of an entity is the title of its page as DBpedia writes it: ``_`` for spaces, the first letter in upper case, and
percent-encoding for what RFC 3987 does not allow in a path. All other resources are in folders with names in lower case
(``event/``, ``article/``, …), so that no title can collide with them: Finland is ``resource/Finland``, and the article about it
``resource/article/Finland``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from kg.graph.namespaces import RESOURCE

WIKIPEDIA = "https://en.wikipedia.org/wiki/"
DBPEDIA = "http://dbpedia.org/resource/"

# RFC 3987: ipchar without pct-encoded, and "/" to part segments; ucschar leaves out private use, noncharacters and C1 controls.
_NOT_IN_PATH = re.compile(
    "[^A-Za-z0-9._~!$&'()*+,;=:@/\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd"
    "\U00030000-\U0003fffd\U00040000-\U0004fffd\U00050000-\U0005fffd\U00060000-\U0006fffd\U00070000-\U0007fffd"
    "\U00080000-\U0008fffd\U00090000-\U0009fffd\U000a0000-\U000afffd\U000b0000-\U000bfffd\U000c0000-\U000cfffd"
    "\U000d0000-\U000dfffd\U000e1000-\U000efffd-]"
)
# The same for a whole address: also "?", "#", "[", "]" and percent-encoding, which keep their meaning there.
_NOT_IN_ADDRESS = re.compile(_NOT_IN_PATH.pattern[:-1] + "?#%]")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e]")  # RFC 3987, section 4.1: not in an IRI
_WEB = re.compile(r"(?:https?|ftp)://(?:[^/?#\s\[\]@]*@)?[^/?#\s\[\]@:]+(?::\d*)?(?=[/?#]|$)", re.IGNORECASE)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "replace"))


def normal_title(name: str) -> str:
    """Normalize a page title or entity name as MediaWiki does: NFC, single spaces, first letter in upper case."""
    title = " ".join(unicodedata.normalize("NFC", _BIDI.sub("", name)).replace("_", " ").split())
    return title[:1].upper() + title[1:] if len(title[:1].upper()) == 1 else title


def encode(title: str) -> str:
    """Encode a title, or a path that a web server has decoded, as the last segment of a resource's IRI."""
    return _NOT_IN_PATH.sub(_percent, title.replace(" ", "_"))


def entity(title: str) -> str:
    """Return the IRI of the entity with this page title, or, without a page, this name."""
    return RESOURCE + encode(normal_title(title))


def scoped(title: str, article: str, folder: str = "") -> str:
    """Return the IRI of an entity without a page, whose name identifies it within one article only."""
    return f"{RESOURCE}{folder}{encode(normal_title(title))}_({encode(normal_title(article))})"


def article(title: str) -> str:
    """Return the IRI of a source article, which also names its graph."""
    return f"{RESOURCE}article/{encode(normal_title(title))}"


def hashed(folder: str, *parts: str) -> str:
    """Return an IRI in ``folder``, named by 16 hexadecimal digits of the SHA-256 of its parts."""
    key = "\x1f".join(parts).encode("utf-8", "replace")
    return f"{RESOURCE}{folder}/{hashlib.sha256(key).hexdigest()[:16]}"


def characters(passage: str, start: int, end: int) -> str:
    """Return the IRI of a span of a passage's text, with the fragment of RFC 5147."""
    return f"{passage}#char={start},{end}"


def wikipedia(title: str) -> str:
    """Return the URL of a page in the English Wikipedia."""
    return WIKIPEDIA + encode(normal_title(title))


def dbpedia(title: str) -> str:
    """Return DBpedia's IRI for a page of the English Wikipedia."""
    return DBPEDIA + encode(normal_title(title))


def address(url: str) -> str | None:
    """Return a URL as a valid IRI, with forbidden characters percent-encoded; None for schemes other than http, https and ftp."""
    url = url.strip()
    url = "https:" + url if url.startswith("//") else url
    if not _WEB.match(url):
        return None
    head, hash_sign, fragment = url.partition("#")
    url = head + hash_sign + fragment.replace("#", "%23")
    return _NOT_IN_ADDRESS.sub(_percent, _BARE_PERCENT.sub("%25", _BIDI.sub(_percent, url)))
