"""Cut SPARQL text into tokens, in linear time for any text, also one that is no query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_CODEPOINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
# SPARQL 1.1 Query, 19.8: terminals. Names end at a dot here, so that a keyword after one is seen. Quantifiers are possessive, and a string
# that is not closed is one token up to where it must have ended, so that no text is looked at twice.
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
    """One piece of a query's text and where it starts.

    ``kind`` is ``word`` (a keyword or function; GROUP BY and ORDER BY are one), ``name`` (prefixed), ``variable``, ``iri``, ``string``,
    ``language``, ``number``, ``punctuation``, ``space`` (comments too) or ``other``.
    """

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The token in capitals where it could be a keyword, else nothing."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text; joined together they are the text again."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        yield Token("word" if kind == "bare" else kind, match[0], match.start())


def token_at(text: str, start: int) -> str:
    """The token that starts at a place in a text; empty at its end."""
    match = _TOKEN.match(text, start)
    return match[0] if match else ""


def resolve_escapes(text: str) -> str:
    r"""The text with its codepoint escapes (``\u00E7``) resolved."""
    return ESCAPE.sub(_character, text)


def respelled(text: str) -> str:
    r"""A query in Oxigraph's spelling: no ``\u`` outside strings and IRIs (SPARQL 1.1, 19.2), ``true`` and ``false`` in small letters."""
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
    """Whether FROM stands in a query, so that it says itself which graphs it sees."""
    return "from" in text.casefold() and any("FROM" in token.word for token in tokens(text))


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else escape[0]
