"""Quantities, numbers and money as templates show them."""

from __future__ import annotations

import re

from kg.wikitext.knowledge import table
from kg.wikitext.markup.templates.parameters import Arguments

_POWER = re.compile(r"e(\d{1,2})(?=\D)")


def convert(arguments: Arguments) -> str:
    """``{{convert|311|km|mi}}``: the quantity as the editor gave it, with its unit ("311 kilometres", "5 to 7 km", "5 feet 8 inches")."""
    units = table("units")
    values, rest = arguments.numbered[:1], arguments.numbered[1:]
    if not values:
        return ""
    while len(rest) > 1 and rest[0] in units["between"]:
        values += [units["between"][rest[0]], rest[1]]
        rest = rest[2:]
    compound = len(rest) > 2 and len(values) == 1 and rest[1].replace(".", "").isdigit() and rest[2] in units["compound"].get(rest[0], ())
    if compound:
        first, second = (_quantity(v, u, arguments) for v, u in ((values, rest[0]), ([rest[1]], rest[2])))
        return f"{first} {second}"
    return _quantity(values, rest[0] if rest else "", arguments)


def _quantity(values: list[str], unit: str, arguments: Arguments) -> str:
    power = _POWER.match(unit)
    scale = table("units")["powers"].get(power[1], "") if power else ""
    shown = _unit(unit[power.end() :] if power and scale else unit, values if not scale else [*values, scale], arguments)
    numbers = values if arguments.given.get("comma") == "off" else [grouped(v) for v in values]
    number = re.sub(r" ([–×±]) ", r"\1", " ".join(numbers))
    adjective = arguments.given.get("adj") in ("on", "mid") and " " not in shown
    return f"{number}{f' {scale}' if scale else ''}{'-' if adjective else ' '}{shown}".strip()


def _unit(unit: str, values: list[str], arguments: Arguments) -> str:
    names = table("units")["names"].get(unit)
    if not names:
        return unit
    default = "on" if arguments.template.lower() == "cvt" else "off"
    if names.get("always") or arguments.given.get("abbr", default) in ("on", "in", "values", "comma"):
        return str(names["symbol"])
    one = values == ["1"] or arguments.given.get("adj") in ("on", "mid")
    return str(names["one" if one else "many"])


def money(arguments: Arguments) -> str:
    """``{{US$|5 million}}``: "US$5 million"; ``{{USD|5}}`` the same."""
    sign: str = table("units")["currencies"].get(arguments.template.lower(), arguments.template)
    return sign + "".join(arguments.numbered[:1])


def fraction(arguments: Arguments) -> str:
    """``{{frac|1|2}}``: "1/2"; ``{{frac|1|1|2}}``: "1 1/2"."""
    numbered = arguments.numbered
    if len(numbered) == 3:
        return f"{numbered[0]} {numbered[1]}/{numbered[2]}"
    return "/".join(numbered) if len(numbered) == 2 else "1/" + "".join(numbered)


def value(arguments: Arguments) -> str:
    """``{{val|5|u=km}}``: "5 km"; ``{{val|1.5|e=6}}``: "1.5×10^6"."""
    _, numbered, given = arguments
    power = f"×10^{given['e']}" if given.get("e") else ""
    return " ".join(x for x in ((numbered[0] if numbered else "") + power, given.get("u") or given.get("ul", "")) if x)


def rupees(arguments: Arguments) -> str:
    """``{{INRConvert|5|c}}``: "₹5 crore"."""
    number, scale = (*arguments.numbered, "", "")[:2]
    return " ".join(x for x in (f"₹{number}", table("units")["scales"].get(scale, "")) if x)


def ordinal(arguments: Arguments) -> str:
    """``{{ordinal|2}}``: "2nd"."""
    number = "".join(arguments.numbered[:1])
    if not number.isdecimal():
        return number
    teen = number[-2:-1] == "1"
    return number + ("th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th"))


def number(arguments: Arguments) -> str:
    """``{{formatnum:14443}}``, ``{{nts|14443}}``: "14,443"."""
    return grouped("".join(arguments.numbered[:1]))


def grouped(shown: str) -> str:
    """A number with commas between thousands."""
    match = re.fullmatch(r"(\D{0,3})(\d{4,15})(\.\d+)?", shown)
    return f"{match[1]}{int(match[2]):,}{match[3] or ''}" if match and match[2][0] != "0" else shown


def price(arguments: Arguments) -> str:
    """``{{format price|1500000}}``: "1.5 million"."""
    written = "".join(arguments.numbered[:1])
    digits = written.replace(",", "")
    if not re.fullmatch(r"\d{1,15}(\.\d+)?", digits):
        return written
    value = float(digits)
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"{value / size:.3g} {name}"
    return f"{value:,.10g}"


def gaps(arguments: Arguments) -> str:
    """``{{gaps|12|345}}``: "12345"; ``{{chem|H|2|O}}``: "H2O"."""
    return "".join(arguments.numbered) + "".join(f" {arguments.given[key]}" for key in ("u",) if arguments.given.get(key))


def percentage(arguments: Arguments) -> str:
    """``{{percentage|1|4}}``: "25%"."""
    part, whole, places = (*arguments.numbered, "", "", "")[:3]
    try:
        return f"{100 * float(part.replace(',', '')) / float(whole.replace(',', '')):.{int(places or 0)}f}%"
    except (ValueError, ZeroDivisionError):
        return f"{part}%" if part and not whole else ""


def height(arguments: Arguments) -> str:
    """``{{height|ft=5|in=8}}``: "5 ft 8 in"."""
    names = (("m", "m"), ("meter", "m"), ("metre", "m"), ("cm", "cm"), ("ft", "ft"), ("in", "in"))
    return " ".join(f"{arguments.given[name]} {unit}" for name, unit in names if arguments.given.get(name))


def currency(arguments: Arguments) -> str:
    """``{{currency|5|EUR}}``: "€5"."""
    amount, code = (*arguments.numbered, "", "")[:2]
    return f"{table('units')['currencies'].get((code or 'usd').lower(), code + ' ' if code else '')}{amount}"


def gauge(arguments: Arguments) -> str:
    """``{{track gauge|1435mm}}``: "1,435 mm"."""
    written = table("units")["gauges"].get("".join(arguments.numbered[:1]).lower(), "".join(arguments.numbered[:1]))
    match = re.fullmatch(r"(\d+) ?(mm|m|ft|in)", written)
    return f"{grouped(match[1])} {match[2]}" if match else written
