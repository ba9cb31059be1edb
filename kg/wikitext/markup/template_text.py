"""The text of templates that compute it from their arguments."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import NamedTuple

from kg.wikitext.knowledge import table


class Arguments(NamedTuple):
    """A template's arguments as plain text: its own name, the numbered ones up to the first gap, and all by name."""

    template: str
    numbered: list[str]
    given: dict[str, str]


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
    grouped = values if arguments.given.get("comma") == "off" else [_grouped(v) for v in values]
    number = re.sub(r" ([–×±]) ", r"\1", " ".join(grouped))
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


def as_of(arguments: Arguments) -> str:
    """``{{As of|2020|March}}``: "As of March 2020"."""
    _, numbered, given = arguments
    if given.get("alt"):
        return given["alt"] + given.get("post", "")
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
    """``{{start date|2008|2|18}}``, ``{{dts|2008-02-18}}``: "18 February 2008"; a date in words as it is."""
    numbered = arguments.numbered
    if not numbered:
        return ""
    if iso := _ISO_DATE.fullmatch(numbered[0]):
        year, month, day = iso.groups()
    elif re.fullmatch(r"\d{1,4}", numbered[0]):
        year, month, day = (*numbered, "", "")[:3]
    else:
        return numbered[0]
    if month and not month.isdigit() and month.casefold() not in table("dates")["months"]:
        return month  # what is shown in place of a date that is there for sorting
    return " ".join(x for x in ((day or "").lstrip("0"), _month_name(month or ""), year) if x)


_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")


def second_date(arguments: Arguments) -> str:
    """A date behind another argument."""
    return date(arguments._replace(numbered=arguments.numbered[1:]))


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


def number(arguments: Arguments) -> str:
    """``{{formatnum:14443}}``, ``{{nts|14443}}``: "14,443"."""
    return _grouped("".join(arguments.numbered[:1]))


def _grouped(shown: str) -> str:
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


def ordinal_or_year(arguments: Arguments) -> str:
    """``{{birth year and age|1950|5}}``: "May 1950"."""
    year, month = (*arguments.numbered, "", "")[:2]
    return " ".join(x for x in (_month_name(month), year) if x) if len(arguments.numbered) < 3 or not month.isdigit() else year


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


def death_year(arguments: Arguments) -> str:
    """``{{death year and age|1999|1920|5}}``: "May 1999"."""
    year, _, month = (*arguments.numbered, "", "", "")[:3]
    return " ".join(x for x in (_month_name(month), year) if x)


def years_between(arguments: Arguments) -> str:
    """``{{age|1950|5|3|2000|5|2}}``: "49"; nothing where the second date is missing, which is then the day that it is read."""
    dates = _two_dates(arguments)
    return str(_years(*dates)) if dates else ""


def years_and_days(arguments: Arguments) -> str:
    """``{{age in years and days|2000|1|1|2001|1|3}}``: "1 year, 2 days"; nothing where the second date is missing."""
    dates = _two_dates(arguments)
    if not dates:
        return ""
    begin, end = dates
    years = _years(begin, end)
    last = begin.replace(year=begin.year + years, day=28 if (begin.month, begin.day) == (2, 29) else begin.day)
    days = (end - last).days - (begin.day - last.day)
    shown = ((years, "year"), (days, "day"))
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in shown if count or word == "day")


def _two_dates(arguments: Arguments) -> tuple[datetime.date, datetime.date] | None:
    """The dates in the first and the last three arguments, if the second is not before the first."""
    numbers = [int(n) for n in arguments.numbered[:6] if n.isascii() and n.isdigit() and len(n) < 5]
    if len(numbers) < 6:
        return None
    try:
        begin, end = datetime.date(*numbers[:3]), datetime.date(*numbers[3:])
    except ValueError:
        return None
    return (begin, end) if begin <= end else None


def _years(begin: datetime.date, end: datetime.date) -> int:
    return end.year - begin.year - ((end.month, end.day) < (begin.month, begin.day))


def verse(arguments: Arguments) -> str:
    """``{{bibleverse|1|Kings|3:16}}``: "1 Kings 3:16"; ``{{bibleverse|John|3:16|NIV}}``: "John 3:16"."""
    first, book, place = (arguments.given.get(key, "") for key in ("1", "2", "3"))
    parts = (first, book, place) if not first or first.isdecimal() else (first, book)
    return " ".join(x for x in parts if x)


def currency(arguments: Arguments) -> str:
    """``{{currency|5|EUR}}``: "€5"."""
    amount, code = (*arguments.numbered, "", "")[:2]
    return f"{table('units')['currencies'].get((code or 'usd').lower(), code + ' ' if code else '')}{amount}"


_CHINESE = (("c", "Chinese: "), ("s", "simplified Chinese: "), ("t", "traditional Chinese: "), ("p", "pinyin: "), ("w", "Wade–Giles: "))


def chinese(arguments: Arguments) -> str:
    """``{{zh|t=臺灣|p=Táiwān}}``: "traditional Chinese: 臺灣; pinyin: Táiwān"."""
    given = {key: value for key, value in arguments.given.items() if value}
    if given.get("s") and given.get("s") == given.get("t"):
        given["c"] = given.pop("s")
        del given["t"]
    labels = given.get("labels") not in ("no", "n")
    shown = [f"{label if labels else ''}{given[key]}" for key, label in _CHINESE if key in given]
    if given.get("l"):
        shown.append(f"{'lit. ' if labels else ''}'{given['l']}'")
    return "; ".join(shown) or "".join(arguments.numbered[:1])


def lower(arguments: Arguments) -> str:
    """``{{lc:ABC}}``: "abc"."""
    return first(arguments).lower()


def upper(arguments: Arguments) -> str:
    """``{{uc:abc}}``: "ABC"."""
    return first(arguments).upper()


def first_upper(arguments: Arguments) -> str:
    """``{{ucfirst:abc}}``: "Abc"."""
    return first(arguments)[:1].upper() + first(arguments)[1:]


def plural(arguments: Arguments) -> str:
    """``{{plural:1|vote|votes}}``: "vote"."""
    number, one, many = (*arguments.numbered, "", "", "")[:3]
    return one if number == "1" or not many else many


def if_given(arguments: Arguments) -> str:
    """``{{#if:a|b|c}}``: "b"."""
    asked, yes, no = _colon_arguments(arguments, 3)
    return yes if asked else no


def if_equal(arguments: Arguments) -> str:
    """``{{#ifeq:a|b|c|d}}``: "d"."""
    one, other, yes, no = _colon_arguments(arguments, 4)
    return yes if one == other else no


def switch(arguments: Arguments) -> str:
    """``{{#switch:a|a=b|c}}``: "b"."""
    [asked] = _colon_arguments(arguments, 1)
    given = arguments.given
    default = next((given[key] for key in reversed(given) if key.isdecimal()), "") if given else ""
    return given.get(asked.casefold(), given.get("#default", default)) if not asked.isdecimal() else given.get("#default", default)


def _colon_arguments(arguments: Arguments, count: int) -> list[str]:
    """The arguments of a parser function, of which some may be missing: what stands behind the colon, and the numbered ones."""
    asked = arguments.numbered[0] if arguments.numbered else ""
    return [asked, *(arguments.given.get(str(number), "") for number in range(1, count))]


def gauge(arguments: Arguments) -> str:
    """``{{track gauge|1435mm}}``: "1,435 mm"."""
    written = table("units")["gauges"].get("".join(arguments.numbered[:1]).lower(), "".join(arguments.numbered[:1]))
    match = re.fullmatch(r"(\d+) ?(mm|m|ft|in)", written)
    return f"{_grouped(match[1])} {match[2]}" if match else written


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


Link = tuple[str, str]


def ship(arguments: Arguments) -> Link:
    """``{{USS|Enterprise|CV-6}}``: "USS Enterprise (CV-6)"; ``{{ship|Iranian frigate|Sahand|72}}``: "Iranian frigate Sahand (72)".

    A number behind the hull says what is left out (Template:Ship/doc): 1 all but the hull, 2 the hull, 3 the prefix, 6 both.
    """
    if arguments.template.lower() == "ship":
        prefix, name, hull, form = (*arguments.numbered, "", "", "", "")[:4]
    else:
        prefix = table("units")["ships"].get(arguments.template.lower(), arguments.template.upper())
        name, hull, form = (*arguments.numbered, "", "", "")[:3]
    prefix, hull, form = arguments.given.get("p", prefix), hull.strip(), form or arguments.given.get("3", "")
    title = " ".join(x for x in (prefix, name) if x) + (f" ({hull})" if hull else "")
    shown = {
        "1": hull,
        "2": f"{prefix} {name}",
        "3": f"{name} ({hull})" if hull else name,
        "6": name,
    }.get(form, title)
    return title, shown.strip()


def ship_class(arguments: Arguments) -> Link:
    """``{{sclass|Nimitz|aircraft carrier}}``: "Nimitz-class aircraft carrier"; with 4 behind that "Nimitz class", with 5 "Nimitz-class"."""
    name, kind, form = (*arguments.numbered, "", "", "")[:3]
    title = f"{name}-class {kind}".strip()
    return title, {"4": f"{name} class", "5": f"{name}-class"}.get(form, title) if name else ""


def force(arguments: Arguments) -> Link:
    """``{{army|United Kingdom}}``: "British Army"; ``{{navy|FRA}}``: "French Navy"."""
    place = "".join(arguments.numbered[:1])
    state = str(table("countries").get(place.upper(), place))
    kind = arguments.template.lower()
    named = table("forces")["names"].get(state, {}).get(kind)
    general = {"marines": "Marine Corps"}.get(kind, kind.title())
    title = named or f"{table('forces')['adjectives'].get(state, state)} {general}"
    return (title, arguments.given.get("name") or title) if state else ("", "")


def station(arguments: Arguments) -> Link:
    """``{{stn|Niš}}``: "Niš", a link to "Niš railway station"."""
    name, suffix = (*arguments.numbered, "", "")[:2]
    kind = {"metrostn": "metro station", "sta": "station"}.get(arguments.template.lower(), "railway station")
    return (f"{name} {kind}{f' ({suffix})' if suffix else ''}", name) if name else ("", "")


def district(arguments: Arguments) -> Link:
    """``{{ushr|California|51}}``: "California's 51st congressional district"."""
    state, place, form = (*arguments.numbered, "", "", "")[:3]
    state = str(table("units")["us_states"].get(state, state))
    if not state:
        return "", ""
    named = "at-large" if place.upper() in ("AL", "AT-LARGE", "0") else ordinal(arguments._replace(numbered=[place]))
    title = f"{state}{chr(39) if state.endswith('s') and state != 'Massachusetts' else chr(39) + 's'} {named} congressional district"
    return title, named if form.upper() == "X" else title


def section_link(arguments: Arguments) -> Link:
    """``{{section link|Serbia|History}}``: "Serbia § History"."""
    page, *sections = [arguments.given.get(key, "") for key in ("1", "2", "3")]
    if "#" in page:
        page, _, section = page.partition("#")
        sections = [section]
    shown = [x for x in sections if x]
    return page, " ".join(x for x in (page, "§ " + ", ".join(shown) if shown else "") if x)


def team(arguments: Arguments) -> Link:
    """``{{flagIOC|FRA|2000 Summer}}``: "France"."""
    code = "".join(arguments.numbered[:1])
    state = str(table("countries").get(code.upper(), code))
    return state, state.partition(" (")[0]


def competitor(arguments: Arguments) -> Link:
    """``{{flagathlete|Ann Bell|FRA}}``: "Ann Bell (FRA)"."""
    name, code = (*arguments.numbered, "", "")[:2]
    return "", f"{name} ({code})" if code else name


LINK_FUNCTIONS: dict[str, Callable[[Arguments], Link]] = {
    f.__name__: f for f in (ship, ship_class, force, station, district, section_link, team, competitor)
}
FUNCTIONS: dict[str, Callable[[Arguments], str]] = {
    f.__name__: f
    for f in (
        convert,
        as_of,
        circa,
        date,
        second_date,
        money,
        fraction,
        value,
        rupees,
        reign,
        floruit,
        ordinal,
        number,
        price,
        gaps,
        ordinal_or_year,
        percentage,
        height,
        first,
        author_and_year,
        death_year,
        verse,
        years_between,
        years_and_days,
        currency,
        chinese,
        lower,
        upper,
        first_upper,
        plural,
        if_given,
        if_equal,
        switch,
        gauge,
        nothing,
    )
}
