"""Templates that compute the target and the text of a link from their arguments."""

from __future__ import annotations

from kg.wikitext.knowledge import table
from kg.wikitext.markup.templates.parameters import Arguments
from kg.wikitext.markup.templates.quantities import ordinal

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
