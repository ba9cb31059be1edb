"""The text of templates that compute it from their arguments."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from kg.wikitext.knowledge import table


class Arguments(NamedTuple):
    """A template's arguments as plain text: its own name, the numbered ones up to the first gap, and all by name."""

    template: str
    numbered: list[str]
    given: dict[str, str]


def convert(arguments: Arguments) -> str:
    """``{{convert|311|km|mi}}``: the quantity as the editor gave it, with its unit ("311 kilometres", "5 to 7 km")."""
    units = table("units")
    values, rest = arguments.numbered[:1], arguments.numbered[1:]
    if not values:
        return ""
    while len(rest) > 1 and rest[0] in units["between"]:
        values += [units["between"][rest[0]], rest[1]]
        rest = rest[2:]
    shown = _unit(rest[0] if rest else "", values, arguments)
    number = re.sub(r" ([–×±]) ", r"\1", " ".join(values))
    adjective = arguments.given.get("adj") in ("on", "mid") and " " not in shown
    return f"{number}{'-' if adjective else ' '}{shown}".strip()


def _unit(unit: str, values: list[str], arguments: Arguments) -> str:
    names = table("units")["names"].get(unit)
    if not names:
        return unit
    default = "on" if arguments.template.lower() == "cvt" else "off"
    if arguments.given.get("abbr", default) in ("on", "in", "values", "comma"):
        return str(names["symbol"])
    one = values == ["1"] or arguments.given.get("adj") in ("on", "mid")
    return str(names["one" if one else "many"])


def as_of(arguments: Arguments) -> str:
    """``{{As of|2020|March}}``: "As of March 2020"."""
    _, numbered, given = arguments
    if given.get("alt"):
        return given["alt"]
    year, month, day = (*numbered, "", "", "")[:3]
    when = " ".join(x for x in (day, _month_name(month), year) if x)
    word = "since" if given.get("since") else "as of"
    word = "" if given.get("bare") else word if given.get("lc") else word.capitalize()
    return " ".join(x for x in (given.get("pre", ""), word, when) if x) + given.get("post", "")


def circa(arguments: Arguments) -> str:
    """``{{circa|1900}}``: "c. 1900"."""
    numbered = arguments.numbered
    return "c. " + "–".join(numbered[:2]) if numbered else "c."


def date(arguments: Arguments) -> str:
    """``{{start date|2008|2|18}}``: "18 February 2008"."""
    numbered = arguments.numbered
    if not numbered or not re.fullmatch(r"\d{1,4}", numbered[0]):
        return numbered[0] if numbered else ""
    year, month, day = (*numbered, "", "")[:3]
    return " ".join(x for x in (day.lstrip("0"), _month_name(month), year) if x)


def money(arguments: Arguments) -> str:
    """``{{US$|5 million}}``: "US$5 million"; ``{{USD|5}}`` the same."""
    sign = table("units")["currencies"].get(arguments.template.lower(), arguments.template)
    return sign + "".join(arguments.numbered[:1])


def fraction(arguments: Arguments) -> str:
    """``{{frac|1|2}}``: "1/2"; ``{{frac|1|1|2}}``: "1 1/2"."""
    numbered = arguments.numbered
    if len(numbered) == 3:
        return f"{numbered[0]} {numbered[1]}/{numbered[2]}"
    return "/".join(numbered) if len(numbered) == 2 else "1/" + "".join(numbered)


def value(arguments: Arguments) -> str:
    """``{{val|5|u=km}}``: "5 km"."""
    _, numbered, given = arguments
    return " ".join(x for x in (numbered[0] if numbered else "", given.get("u", "")) if x)


def rupees(arguments: Arguments) -> str:
    """``{{INRConvert|5|c}}``: "₹5 crore"."""
    number, scale = (*arguments.numbered, "", "")[:2]
    return " ".join(x for x in (f"₹{number}", table("units")["scales"].get(scale, "")) if x)


def reign(arguments: Arguments) -> str:
    """``{{reign|1299|1326}}``: "r. 1299–1326"."""
    return "r. " + "–".join(arguments.numbered[:2])


def floruit(arguments: Arguments) -> str:
    """``{{fl.|1200}}``: "fl. 1200"."""
    return "fl. " + "–".join(arguments.numbered[:2])


def ordinal(arguments: Arguments) -> str:
    """``{{ordinal|2}}``: "2nd"."""
    number = "".join(arguments.numbered[:1])
    if not number.isdecimal():
        return number
    teen = number[-2:-1] == "1"
    return number + ("th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th"))


def ship(arguments: Arguments) -> str:
    """``{{HMS|Ark Royal|91}}``: "HMS Ark Royal"; ``{{ship|Iranian frigate|Sahand}}``: "Iranian frigate Sahand"."""
    if arguments.template.lower() == "ship":
        return " ".join(arguments.numbered[:2])
    return " ".join([arguments.template.upper(), *arguments.numbered[:1]])


def first(arguments: Arguments) -> str:
    """Templates that show their first argument as it is."""
    return "".join(arguments.numbered[:1])


def author_and_year(arguments: Arguments) -> str:
    """``{{harvtxt|Bell|Hope|2010|p=5}}``: "Bell & Hope (2010, p. 5)"; ``{{harvnb|Bell|2010}}``: "Bell 2010"."""
    _, numbered, given = arguments
    names = [given[key] for key in ("last", "last1", "last2", "last3", "last4") if given.get(key)] or numbered[:-1]
    year = given.get("year") or (numbered[-1] if numbered else "")
    joined = names[0] + " et al." if len(names) > 3 else " & ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    place = next((mark + given[key] for key, mark in _PAGE_MARKS if given.get(key)), "")
    rest = ", ".join(x for x in (year, place) if x)
    in_brackets = "nb" not in arguments.template.lower() and "no brackets" not in arguments.template.lower()
    return f"{joined} ({rest})" if in_brackets and rest else f"{joined} {rest}".strip()


_PAGE_MARKS = (("p", "p. "), ("page", "p. "), ("pp", "pp. "), ("pages", "pp. "), ("loc", ""))


def nothing(arguments: Arguments) -> str:  # noqa: ARG001
    """Templates whose text depends on the day it is read."""
    return ""


def _month_name(month: str) -> str:
    names = table("units")["months"]
    return names[int(month) - 1] if month.isdigit() and 1 <= int(month) <= 12 else month


FUNCTIONS: dict[str, Callable[[Arguments], str]] = {
    f.__name__: f
    for f in (convert, as_of, circa, date, money, fraction, value, rupees, reign, floruit, ordinal, ship, first, author_and_year, nothing)
}
