"""Character references as in MediaWiki: only those that end in a semicolon, and no characters that pages must not contain."""

from __future__ import annotations

import re
from functools import lru_cache
from html.entities import html5

_REFERENCE = re.compile(r"&(?:#0*+(\d{1,7})|#[xX]0*+([0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{1,30}|רלמ|رلم));")
_MARK = "\u200f"
# HTML's `&apos;` and the others; MediaWiki's Sanitizer adds two right-to-left marks in Hebrew and Arabic.
_OWN = {"רלמ": _MARK, "رلم": _MARK}


def decode(text: str) -> str:
    """Replace the character references in a text; invalid ones stay."""
    return _REFERENCE.sub(lambda m: character(m.group()), text) if "&" in text else text


@lru_cache(maxsize=4096)
def character(written: str) -> str:
    """Return the character of ``&…;``, or the text itself if it is invalid."""
    match = _REFERENCE.fullmatch(written)
    if not match:
        return written
    decimal, hexadecimal, name = match.groups()
    if name:
        return _OWN.get(name) or html5.get(f"{name};", written)
    point = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(point) if _is_valid(point) else written


def _is_valid(point: int) -> bool:
    """Whether XML allows a code point, as required by MediaWiki's ``Sanitizer::validateCodepoint``."""
    return (
        point in (0x09, 0x0A)
        or 0x20 <= point <= 0x7E
        or 0xA0 <= point <= 0xD7FF
        or 0xE000 <= point <= 0xFFFD
        or 0x10000 <= point <= 0x10FFFF
    )
