"""What a query would make the server do besides answering, found in its tokens.

The rules lean to refusing: Oxigraph's grammar lets keywords run into their neighbours (``trueSERVICE<…>``, ``SERVICEx:y``), so a
bare word that contains SERVICE counts, wherever a keyword could end or begin. Strings, comments, IRIs and variables do not.
The second line of defence is the worker's sandbox, which cannot open a connection at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kg.errors import EntenteError

# SPARQL 1.1 Query, 19.8: terminals. Names end at a dot here, so that a keyword after one is seen; quantifiers are possessive,
# so that no text takes more than linear time.
TOKEN = re.compile(
    r"""(?P<space>[\x20\t\r\n]++|\#[^\r\n]*+)
    |(?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
    |(?P<string>'''(?:[^'\\]|\\.|'(?!''))*+'''|\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\"
        |'(?:[^'\\\r\n]|\\.)*+'|"(?:[^"\\\r\n]|\\.)*+")
    |(?P<variable>[?$]\w++)
    |(?P<language>@[A-Za-z][A-Za-z0-9\-]*+)
    |(?P<word>[^\W\d][\w\-]*+(?P<local>:(?:[\w%:\-]|\\.)*+)?)
    |(?P<other>:(?:[\w%:\-]|\\.)*+|.)""",
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
SHORT = 4096  # characters of a query whose scan is worth its memory
SUSPECT = re.compile(r"service|from|\\u", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scan:
    """``services``: the endpoints that SERVICE names, None for one that is no full IRI; ``dataset``: whether FROM stands in it."""

    services: tuple[str | None, ...] = ()
    dataset: bool = False


def scan(query: str) -> Scan:
    """What the query's tokens say, as it stands and with its ``\\u`` escapes resolved."""
    if not SUSPECT.search(query):
        return Scan()
    return _remembered(query) if len(query) <= SHORT else _scan_all(query)


@lru_cache(maxsize=512)
def _remembered(query: str) -> Scan:
    return _scan_all(query)


def _scan_all(query: str) -> Scan:
    texts = {query, ESCAPE.sub(_character, query)}
    found = [_scan(text) for text in sorted(texts)]
    return Scan(tuple(service for each in found for service in each.services), any(each.dataset for each in found))


class ServiceRefused(EntenteError):  # noqa: N818
    """A query that calls an endpoint which this server does not call."""


def check_services(query: str, allowed: frozenset[str]) -> None:
    """Raise ServiceRefused where the query calls an endpoint that is not among ``allowed``."""
    for service in scan(query).services:
        if service is None or service not in allowed:
            raise ServiceRefused(_refusal(service, allowed))


def _refusal(service: str | None, allowed: frozenset[str]) -> str:
    if not allowed:
        return "SERVICE is not available: this server opens no connections."
    named = f"SERVICE <{service}>" if service else "SERVICE with anything but a full IRI"
    return f"{named} is not available: this server calls only {', '.join(f'<{each}>' for each in sorted(allowed))}."


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 else escape[0]


class _Token(NamedTuple):
    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The token in capitals, where it is a bare word that could be a keyword."""
        return self.text.upper() if self.kind == "word" else ""


def _scan(text: str) -> Scan:
    found = (match for match in TOKEN.finditer(text) if match["space"] is None)
    tokens = [_Token(_kind(match), match[0], match.start()) for match in found]
    return Scan(tuple(_services(tokens)), any("FROM" in token.word for token in tokens))


def _kind(match: re.Match[str]) -> str:
    return "name" if match["local"] is not None else match.lastgroup or ""


def _services(tokens: list[_Token]) -> Iterator[str | None]:
    for at, token in enumerate(tokens):
        if "SERVICE" in token.word:
            yield _endpoint(tokens, at)
        elif token.kind == "name" and "SERVICE" in token.text.upper() and _opens_group(tokens, at):
            yield None


def _opens_group(tokens: list[_Token], at: int) -> bool:
    """Whether a brace follows what begins here and has no space in it, which only an endpoint or a graph's name has."""
    before = tokens[at - 1].word if at else ""
    while at + 1 < len(tokens) and tokens[at + 1].start == tokens[at].start + len(tokens[at].text) and tokens[at + 1].text != "{":
        at += 1
    return at + 1 < len(tokens) and tokens[at + 1].text == "{" and not before.endswith("GRAPH")


def _endpoint(tokens: list[_Token], at: int) -> str | None:
    following = at + 1
    if tokens[at].word == "SERVICE" and following < len(tokens) and tokens[following].word == "SILENT":
        following += 1
    if tokens[following - 1].word not in ("SERVICE", "SILENT", "SERVICESILENT") or following >= len(tokens):
        return None
    token = tokens[following]
    return ESCAPE.sub(_character, token.text[1:-1]) if token.kind == "iri" else None
