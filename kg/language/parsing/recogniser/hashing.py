"""The hash of a string, the same on every machine."""

from __future__ import annotations

from spacy import strings


def hash_of(text: str) -> int:
    """The 64-bit hash by which spaCy's string store knows a text, without storing it."""
    found: int = strings.hash_string(text)  # type: ignore[attr-defined]  # spaCy's stubs leave it out
    return found
