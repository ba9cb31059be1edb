"""Normalise names and sentences, so that spelling and typography do not count as differences."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

KEPT = 2**14
"""Size of the cache of names and sentences: each fact of an article is compared with all its sentences."""
_LETTERS = str.maketrans({"đ": "d", "ı": "i", "ł": "l", "ø": "o", "’": "'"})
"""Letters that Unicode does not decompose into a base letter and a mark, and the typographic apostrophe."""


@lru_cache(maxsize=KEPT)
def folded(name: str) -> str:
    """Fold a name: no case, accents, kinds of dash, leading article or stray punctuation."""
    text = unicodedata.normalize("NFKD", name.replace("_", " "))
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold().translate(_LETTERS)
    text = re.sub(r"^the ", "", re.sub(r"[‐‑‒–—−-]", "-", text).strip())
    return re.sub(r"\s+", " ", text).strip(" .,'\"")


@lru_cache(maxsize=KEPT)
def squeezed(text: str) -> str:
    """Keep letters and digits only, so that an anchor is found in its sentence whatever the spacing and quotation marks."""
    return re.sub(r"[^0-9a-z]+", "", folded(text))
