"""Output filters: correct what Oxigraph's serialisers write as it streams by, or stop if a format cannot represent the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

# XML 1.0, 2.2: characters that no document may contain; and an element without a local name, which Oxigraph writes for a predicate
# that is no QName.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|<oxprefix:[\s/>]")
_OVERLAP = 16  # bytes of the previous block in which a match of _NOT_XML may begin
_QUOTED = re.compile('[",\r\n]')


class AnswerSink(Protocol):
    """The destination of an answer."""

    def write(self, data: bytes, /) -> int:
        """Write bytes of the answer."""


class FormatError(Exception):
    """An answer that the requested format cannot represent."""


class XmlFilter:
    """Pass XML on, with carriage returns as character references; FormatError if it is not well-formed."""

    def __init__(self, output: AnswerSink) -> None:
        self._output = output
        self._before = b""

    def write(self, data: bytes) -> int:
        """Check and pass on a block."""
        found = _NOT_XML.search(self._before + data)
        if found:
            named = found[0].startswith(b"<")
            what = "a predicate that is no XML name" if named else "a character that XML does not allow"
            raise FormatError(f"it holds {what}")
        self._before = data[-_OVERLAP:]
        self._output.write(data.replace(b"\r", b"&#xD;"))
        return len(data)

    def flush(self) -> None:
        """Do nothing: all data has been passed on."""


class PrefixFilter:
    """Pass Turtle or TriG on with its prefixes sorted: Oxigraph writes them in an order that changes from run to run."""

    def __init__(self, output: AnswerSink) -> None:
        self._output = output
        self._head: bytes | None = b""

    def write(self, data: bytes) -> int:
        """Hold the prefixes back until all have come, then pass everything on."""
        if self._head is None:
            self._output.write(data)
            return len(data)
        self._head += data
        *lines, rest = self._head.splitlines(keepends=True) or [b""]
        if not rest.startswith(b"@prefix"[: len(rest)]) or any(not line.startswith(b"@prefix") for line in lines):
            self.finish()
        return len(data)

    def flush(self) -> None:
        """Do nothing: ``finish`` passes on the rest."""

    def finish(self) -> None:
        """Pass on what was held back."""
        if self._head:
            lines = self._head.splitlines(keepends=True)
            count = next((at for at, line in enumerate(lines) if not line.startswith(b"@prefix")), len(lines))
            self._output.write(b"".join([*sorted(lines[:count]), *lines[count:]]))
        self._head = None


def write_csv(variables: Sequence[str], rows: Iterable[Sequence[Any]], output: AnswerSink) -> None:
    """Write solutions as CSV (SPARQL 1.1 CSV, 3; RFC 4180, 2), quoting every field with a comma, a quote or a line break, IRIs
    included.

    Oxigraph does not quote IRIs. ``rows`` contain pyoxigraph's terms, None where unbound. Formulas (``=1+1``) are not escaped.
    """
    output.write((",".join(variables) + "\r\n").encode())
    for row in rows:
        output.write((",".join([_field(term) for term in row]) + "\r\n").encode())


def _field(term: Any) -> str:
    if term is None:
        return ""
    text = str(term)
    value = text if text.startswith(("_", "<<")) else term.value  # blank nodes and triples have no ``value``
    return f'"{value.replace(chr(34), chr(34) * 2)}"' if _QUOTED.search(value) else value
