"""Tokenize SPARQL, in linear time for any text, valid or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_CODEPOINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
# SPARQL 1.1 Query, 19.8: terminals. Names end at a dot here, so that a keyword after one is recognized. Quantifiers are possessive,
# and an unclosed string is one token up to where it must have ended, so that no text is scanned twice.
_TOKEN = re.compile(
    rf"""(?P<space>[\x20\t\r\n]++|\#[^\r\n]*+)
    |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_CODEPOINT})*+>)
    |(?P<string>'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?|\"\"\"(?:[^"\\]|\\.|"(?!""))*+(?:\"\"\")?
        |'(?:[^'\\\r\n]|\\.)*+'?|"(?:[^"\\\r\n]|\\.)*+"?)
    |(?P<variable>[?$]\w++)
    |(?P<language>@[A-Za-z][A-Za-z0-9\-]*+)
    |(?P<word>(?i:GROUP|ORDER)[\x20\t\r\n]++(?i:BY)(?![\w:\-]))
    |(?P<name>(?:(?:[^\W\d]|{_CODEPOINT})(?:[\w\-]|{_CODEPOINT})*+)?:(?:[\w%:\-]|\\.)*+)
    |(?P<bare>(?:[^\W\d]|{_CODEPOINT})(?:[\w\-]|{_CODEPOINT})*+)
    |(?P<number>\d++)
    |(?P<punctuation>[{{}}()\[\];,.])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
BOOLEANS = frozenset({"TRUE", "FALSE"})
LITERAL = frozenset({"space", "iri", "string"})


class Token(NamedTuple):
    """One token of a query and its position.

    ``kind`` is ``word`` (a keyword or function; GROUP BY and ORDER BY are one), ``name`` (prefixed), ``variable``, ``iri``,
    ``string``, ``language``, ``number``, ``punctuation``, ``space`` (comments too) or ``other``.
    """

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The token in upper case if it could be a keyword, else empty."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str) -> Iterator[Token]:
    """Return the tokens of a text; concatenated, they are the text again."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        yield Token("word" if kind == "bare" else kind, match[0], match.start())


def token_at(text: str, start: int) -> str:
    """Return the token at a position; empty at the end of the text."""
    match = _TOKEN.match(text, start)
    return match[0] if match else ""


def resolve_escapes(text: str) -> str:
    r"""Resolve the codepoint escapes (``\u00E7``) of a text."""
    return ESCAPE.sub(_character, text)


def respelled(text: str) -> str:
    r"""Respell a query for Oxigraph: no ``\u`` outside strings and IRIs (SPARQL 1.1, 19.2), ``true`` and ``false`` in lower case."""
    found: list[str] = []
    before = ""
    for token in tokens(text):
        piece = token.text if token.kind in LITERAL else resolve_escapes(token.text)
        if token.word in BOOLEANS and before[-1:] not in (".", ":", "\\"):
            piece = piece.lower()
        found.append(piece)
        before = token.text
    return "".join(found)


def names_dataset(text: str) -> bool:
    """Whether a query contains FROM, and so names its dataset itself."""
    return "from" in text.casefold() and any("FROM" in token.word for token in tokens(text))


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else escape[0]
