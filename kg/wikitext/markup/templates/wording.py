"""Words that templates and parser functions make of their arguments."""

from __future__ import annotations

from kg.wikitext.markup.templates.parameters import Arguments

_CHINESE = (("c", "Chinese: "), ("s", "simplified Chinese: "), ("t", "traditional Chinese: "), ("p", "pinyin: "), ("w", "Wade–Giles: "))
_PAGE_MARKS = (("p", "p. "), ("page", "p. "), ("pp", "pp. "), ("pages", "pp. "), ("loc", ""))


def first(arguments: Arguments) -> str:
    """Templates that show their first argument as it is."""
    return "".join(arguments.numbered[:1])


def verse(arguments: Arguments) -> str:
    """``{{bibleverse|1|Kings|3:16}}``: "1 Kings 3:16"; ``{{bibleverse|John|3:16|NIV}}``: "John 3:16"."""
    first, book, place = (arguments.given.get(key, "") for key in ("1", "2", "3"))
    parts = (first, book, place) if not first or first.isdecimal() else (first, book)
    return " ".join(x for x in parts if x)


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


def author_and_year(arguments: Arguments) -> str:
    """``{{harvtxt|Bell|Hope|2010|p=5}}``: "Bell & Hope (2010, p. 5)".

    ``{{harvp|Bell|2010|p=5}}``: "Bell (2010), p. 5"; ``{{harvnb|Bell|2010}}``: "Bell 2010".
    """
    _, numbered, given = arguments
    names = [given[key] for key in ("last", "last1", "last2", "last3", "last4") if given.get(key)] or numbered[:-1]
    year = given.get("year") or (numbered[-1] if numbered else "")
    joined = names[0] + " et al." if len(names) > 3 else " & ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    place = next((mark + given[key] for key, mark in _PAGE_MARKS if given.get(key)), "")
    if place and arguments.template.lower().strip() in ("harvp", "harvcolp"):
        return f"{joined} ({year}), {place}"
    rest = ", ".join(x for x in (year, place) if x)
    in_brackets = "nb" not in arguments.template.lower() and "no brackets" not in arguments.template.lower()
    return f"{joined} ({rest})" if in_brackets and rest else f"{joined} {rest}".strip()


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


def nothing(arguments: Arguments) -> str:  # noqa: ARG001
    """Templates whose text depends on the day it is read."""
    return ""
