"""The parameters of a canned query: what a variable's name declares (as in BASIL and grlc), and reading the values that people type.

``?_name`` is a string, ``?_name_iri`` an IRI, ``?_name_date`` (any XSD type) a typed literal, ``?_name_en`` a string in a language,
``?__name`` optional.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import unquote

from kg.errors import EntenteError
from kg.graph.namespaces import PREFIXES, RESOURCE

XSD = "http://www.w3.org/2001/XMLSchema#"
LONGEST = 2000
VARIABLE = re.compile(r"(?P<marks>_{1,2})(?P<name>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*?)(?:_(?P<type>[A-Za-z]+))?")
# RFC 3987, ucschar: what no part of an IRI but its query contains are C1 controls, private use and noncharacters.
_NO_UCSCHAR = r"\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xF0000, 0x10000)
)
IRI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:(?:[^\s<>\"{{}}|\\^`\[\]%\x00-\x20{_NO_UCSCHAR}]|%[0-9A-Fa-f]{{2}})+")
NO_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")
"""The characters that no IRI contains; in SPARQL, most of them would end the term."""
LANGUAGE = re.compile(r"[a-z]{2}")
_MONTH = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")


_PAGE = re.compile(r"https?://[^/?#]+(?:/[^?#]*)?/(?:(?:page|resource|data)/([^?#]+)|category/([A-Z][A-Za-z-]*))(?:[?#].*)?")
_NAMESPACES = tuple(PREFIXES.values())
_ENDING = re.compile(r"\.(?:ttl|nt|jsonld|rdf)$")


def iri_of_address(text: str) -> str:
    """Return the IRI of the thing that a page's address is about, as copied from a browser; any other IRI unchanged."""
    found = None if text.startswith(_NAMESPACES) else _PAGE.fullmatch(text)
    if found is None:
        return text
    if found[2]:
        return PREFIXES["cat"] + found[2]
    key = unquote(found[1])
    return RESOURCE + (_ENDING.sub("", key) if "/data/" in text else key)


class ParameterError(EntenteError):
    """A value that a parameter cannot take. ``name`` is the parameter's."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True)
class Value:
    """One value: an IRI, or a literal with its datatype or language."""

    text: str
    kind: str = "literal"
    datatype: str = ""
    language: str = ""

    def sparql(self) -> str:
        """Return the term in SPARQL syntax; no character in it can end the term. ParameterError for an invalid IRI."""
        if self.kind == "iri":
            if NO_IRI.search(self.text):
                raise ParameterError("", f"<{self.text[:100]}> is not an IRI.")
            return f"<{self.text}>"
        quoted = '"' + "".join(_ESCAPES.get(c, c) for c in self.text) + '"'
        if self.language:
            return f"{quoted}@{self.language}"
        return f"{quoted}^^<{self.datatype}>" if self.datatype else quoted


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def _integer(text: str) -> str:
    if not re.fullmatch(r"[+-]?\d{1,18}", text):
        raise ValueError("a whole number, such as 10")
    return str(int(text))


def _decimal(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 50:
        raise ValueError("a number, such as 2.5")
    return format(number, "f")


def _day(text: str, *, last: bool = False) -> str:
    """Return the day that a text writes, or the first or last one of the year or month that it writes; ValueError otherwise."""
    try:
        if (part := _MONTH.fullmatch(text)) is None:
            return date.fromisoformat(text).isoformat()
        year, month = int(part[1]), int(part[2] or (12 if last else 1))
        return date(year, month, monthrange(year, month)[1] if last else 1).isoformat()
    except ValueError:
        raise ValueError("a day that exists, written as 2008-02-17, or a month or year") from None


def year(text: str) -> str:
    """Return the text if it is a year; ValueError otherwise."""
    if not re.fullmatch("[0-9]{4}", text):
        raise ValueError("a year of four digits, such as 2008")
    return text


def _boolean(text: str) -> str:
    if text not in ("true", "false"):
        raise ValueError("true or false")
    return text


END = "to"
"""The name of the parameter that ends an interval: a month or year given for it stands for its last day, for others for the first."""

READERS: dict[str, Callable[[str], str]] = {
    "integer": _integer,
    "int": _integer,
    "nonNegativeInteger": _integer,
    "decimal": _decimal,
    "double": _decimal,
    "float": _decimal,
    "date": _day,
    "gYear": year,
    "boolean": _boolean,
    "string": str,
    "anyURI": str,
    "dateTime": str,
    "gYearMonth": str,
}


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """One parameter: its variable (``_state_iri``), its name in URLs and forms (``state``), and its type.

    ``type`` is ``iri``, ``string``, the local name of an XSD type, or ``@xx``; ``entity`` is the local name of the class that an
    IRI should belong to.
    """

    variable: str
    name: str
    type: str
    required: bool
    label: str = ""
    help: str = ""
    entity: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()

    def read(self, text: str) -> Value:
        """Read a value from text; ParameterError, addressed to the person who typed it, if it is not valid."""
        if len(text) > LONGEST:
            raise ParameterError(self.name, f"{self.label} is longer than {LONGEST} characters.")
        if self.choices and text not in self.choices:
            raise ParameterError(self.name, f"{self.label} must be one of: {', '.join(self.choices)}.")
        if self.type == "iri":
            if not IRI.fullmatch(text):
                raise ParameterError(self.name, f"{self.label} must be a full IRI, or a name that the graph knows.")
            return Value(text, "iri")
        if self.type.startswith("@"):
            return Value(text, language=self.type[1:])
        if self.type == "string":
            return Value(text)
        try:
            read = _day(text, last=True) if self.type == "date" and self.name == END else READERS[self.type](text)
            return Value(read, datatype=XSD + self.type)
        except ValueError as error:
            raise ParameterError(self.name, f"{self.label} must be {error}.") from None


def parameter(variable: str) -> QueryParameter:
    """Return the parameter that a variable's name declares."""
    match = VARIABLE.fullmatch(variable)
    assert match is not None, variable
    name, suffix = match["name"], match["type"] or ""
    if suffix == "iri" or suffix in READERS:
        kind = suffix
    elif LANGUAGE.fullmatch(suffix):
        kind = "@" + suffix
    else:
        kind, name = "string", name + (f"_{suffix}" if suffix else "")
    return QueryParameter(variable, name, kind, len(match["marks"]) == 1, label=name.replace("_", " ").capitalize())
