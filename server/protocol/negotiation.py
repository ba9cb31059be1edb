"""Choose a response's format by ``Accept`` and ``?format=`` (RFC 9110, 12)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from kg.errors import EntenteError
from kg.formats import GRAPHS, SOLUTIONS, Format, named

LONGEST_HEADER = 2000  # characters of a header, or of a list of names, that are read: the event loop reads them
MOST_ACCEPTED = 60  # media ranges, or names, of it that are read
# Quantifiers are possessive: what begins with "q" after any space is the weight, and any header takes linear time.
PARAMETER = re.compile(r""";\s*+(?!q\s*=)[^;,="]++=(?:"(?:[^"\\]|\\.)*+"|[^;,"]*+)""", re.IGNORECASE)
WEIGHT = re.compile(r";\s*+q\s*+=\s*+(\d*+)\.(\d*+)", re.IGNORECASE)
ANYTHING = re.compile(r"(?<![^\s,])\*(?=\s*+(?:[;,]|$))")


class NotAcceptableError(EntenteError):
    """The client accepts none of the available formats; the message lists them."""


class FormatUnknownError(NotAcceptableError):
    """``?format=`` names none of the available formats."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The formats that a client accepts for solutions (SELECT, ASK) and for graphs; None where it accepts none."""

    solutions: Format | None
    graph: Format | None


def accept_of(header: str) -> MIMEAccept:
    """Parse an ``Accept`` header. Parameters such as ``charset`` are ignored; ``*`` and ``q=.2`` are read as Java's client means them."""
    return _accept_of(header[:LONGEST_HEADER])


@lru_cache(maxsize=256)
def _accept_of(header: str) -> MIMEAccept:
    plain = ANYTHING.sub("*/*", WEIGHT.sub(_weight, PARAMETER.sub("", header)))
    return parse_accept_header(",".join(plain.split(",", MOST_ACCEPTED)[:MOST_ACCEPTED]), MIMEAccept)


def _weight(found: re.Match[str]) -> str:
    return f";q={found[1] or 0}.{found[2] or 0}"


def wants_gzip(header: str) -> bool:
    """Whether an ``Accept-Encoding`` header accepts gzip."""
    return _wants_gzip(header[:LONGEST_HEADER])


@lru_cache(maxsize=64)
def _wants_gzip(header: str) -> bool:
    return parse_accept_header(WEIGHT.sub(_weight, header)).quality("gzip") > 0 if header else False


def accepted(accept: MIMEAccept, formats: tuple[Format, ...]) -> Format | None:
    """Return the best of ``formats`` for an ``Accept`` header; the first one without a header."""
    if not accept:
        return formats[0]
    by_type = {kind: form for form in formats for kind in (form.media_type, *form.aliases)}
    order = [form.media_type for form in formats] + [kind for form in formats for kind in form.aliases]
    best = accept.best_match(order)
    return by_type[best] if best else None


def names(values: Iterable[str]) -> list[str]:
    """Return the names in ``?format=``, best first.

    SPARQLWrapper repeats it, leaves it empty, or puts several names into one; Virtuoso's clients send ``auto`` for no preference.
    """
    named_ones = (name for value in values for name in value[:LONGEST_HEADER].split(",") if name.strip().lower() not in ("", "auto"))
    return list(islice(named_ones, MOST_ACCEPTED))


def first(wanted: Iterable[str], formats: tuple[Format, ...]) -> Format | None:
    """Return the first of the formats with one of these names."""
    return next((form for name in wanted if (form := named(name, formats))), None)


def wanted_format(format_names: Iterable[str], accept: str, formats: tuple[Format, ...]) -> Format:
    """Return the one of ``formats`` that ``?format=`` names, else that ``Accept`` prefers.

    FormatUnknownError if the name is unknown, NotAcceptableError if the header accepts none of them.
    """
    wanted = names(format_names)
    form = first(wanted, formats) if wanted else accepted(accept_of(accept), formats)
    if form is None:
        raise (FormatUnknownError if wanted else NotAcceptableError)(", ".join(each.media_type for each in formats))
    return form


def choose(accept: MIMEAccept, format_names: list[str]) -> Wanted:
    """Return the formats that a query's answer may have: by ``?format=`` if given, else by ``Accept``."""
    if format_names:
        return Wanted(first(format_names, SOLUTIONS), first(format_names, GRAPHS))
    return Wanted(accepted(accept, SOLUTIONS), accepted(accept, GRAPHS))
