"""Normalise names and sentences, so that spelling and typography do not count as differences."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

KEPT = 2**14
"""How many names and sentences are remembered: each of an article's facts is compared with all of its sentences."""
_LETTERS = str.maketrans({"đ": "d", "ı": "i", "ł": "l", "ø": "o", "’": "'"})
"""Letters that Unicode does not decompose into a base letter and a mark, and the typographic apostrophe."""


@lru_cache(maxsize=KEPT)
def folded(name: str) -> str:
    """A name without case, accents, kinds of dash, a leading article and stray punctuation."""
    text = unicodedata.normalize("NFKD", name.replace("_", " "))
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold().translate(_LETTERS)
    text = re.sub(r"^the ", "", re.sub(r"[‐‑‒–—−-]", "-", text).strip())
    return re.sub(r"\s+", " ", text).strip(" .,'\"")


@lru_cache(maxsize=KEPT)
def squeezed(text: str) -> str:
    """Letters and digits alone: an anchor is found in its sentence whatever the spacing and the quotation marks."""
    return re.sub(r"[^0-9a-z]+", "", folded(text))
