"""Terms of an agreement stated outside events: in the infobox of a treaty, a table row, or next to the name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.fillers import Fillers
from kg.extraction.syntax.dependencies import OBLIQUES, children, preposition
from kg.extraction.syntax.logical_arguments import arguments
from kg.facts import Entity, Interval, Kind, Precision
from kg.language.dates import of_value
from kg.language.reading import Mention, PassageDoc, Reading
from kg.wikitext.article import PassageKind

_YEAR_BEFORE = re.compile(r"\b(1\d{3}|20\d\d) $")
_YEAR_WITHIN = re.compile(r"\b(1\d{3}|20\d\d)\b")
_YEAR_AFTER = re.compile(r"^ (?:of |\()(1\d{3}|20\d\d)\b(?! \w+ \d)")


@dataclass(frozen=True, slots=True)
class Stated:
    """Terms of one agreement, and the passages that state them."""

    parties: tuple[str, ...] = ()
    signatories: tuple[str, ...] = ()
    mediators: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    when: Interval | None = None
    passages: tuple[int, ...] = ()


def boxed_terms(reading: Reading, lexicon: Lexicon) -> dict[str, Stated]:
    """Return the terms in the infobox of an article on an agreement, by the key of its entity; empty for other articles."""
    box = reading.article.infobox
    title = reading.article.title
    own = next((e.key for e in reading.entities.values() if e.kind is Kind.AGREEMENT and title in (e.key, e.page)), None)
    if box is None or own is None or not lexicon.group("treaty", box.template.lower().removeprefix("infobox").strip(" _")):
        return {}
    fields: dict[str, list[PassageDoc]] = {}
    for passage in reading.passages:
        sort = lexicon.group("treaty_field", passage.passage.name.lower()) if passage.passage.kind is PassageKind.FIELD else None
        if sort is not None:
            fields.setdefault(sort, []).append(passage)
    return {own: _stated(fields, reading.entities)} if fields else {}


def _stated(fields: dict[str, list[PassageDoc]], entities: dict[str, Entity]) -> Stated:
    def named(sort: str, *kinds: Kind) -> tuple[str, ...]:
        keys = [k for p in fields.get(sort, []) for m in p.mentions for k in m.keys if entities[k].kind in kinds]
        return tuple(dict.fromkeys(keys))

    times = [t.when for p in fields.get("when", []) for t in p.times]
    return Stated(
        parties=named("party", Kind.STATE, Kind.INSTITUTION),
        signatories=named("party", Kind.PERSON),
        mediators=named("mediator", Kind.STATE, Kind.INSTITUTION, Kind.PERSON),
        places=named("place", Kind.PLACE)[:1] or named("place", Kind.STATE)[:1],
        when=times[0] if times else None,
        passages=tuple(p.passage.index for sort in sorted(fields) for p in fields[sort]),
    )


def times_beside(agreement: Entity, reading: Reading, last: int | None = None) -> list[Interval]:
    """Return the times next to an agreement's name: in brackets ("Treaty of X (4 May 1921)"), after "of" or "on", inside the name, or
    alone in another cell of its row; in passages up to number ``last``, if given."""
    found: list[Interval] = []
    for passage in reading.passages[: None if last is None else last + 1]:
        for mention in passage.mentions:
            if agreement.key in mention.keys and not mention.coreferent:
                found += _beside(mention, passage)
    return found


def parties_beside(agreement: Entity, reading: Reading, lexicon: Lexicon) -> list[str]:
    """Return the parties next to an agreement's name: "the Treaty of X between Y and Z"; "by the Act of X, Y and Z asked …"."""
    found: list[str] = []
    for passage in reading.passages:
        mine = [m for m in passage.mentions if agreement.key in m.keys]
        if not mine:
            continue
        fillers = Fillers(passage, reading.entities, lexicon)
        for mention in mine:
            name = passage.doc[mention.start : mention.end].root
            between = [k for c in children(name, "nmod", "acl") if preposition(c) == "between" for k in fillers.agents(c)]
            acting = [k for a in arguments(name.head) if a.position == "subj" for k in fillers.agents(a.token, acting=True)]
            opens = name.dep_ in OBLIQUES and preposition(name) == "by" and name.i < name.head.i and len(acting) > 1
            found += between or (acting if opens else [])
    return list(dict.fromkeys(found))


def _beside(mention: Mention, passage: PassageDoc) -> list[Interval]:
    text, start, last = passage.doc.text, passage.doc[mention.start].idx, passage.doc[mention.end - 1]
    end = last.idx + len(last)
    years = [*_YEAR_BEFORE.findall(text[:start]), *_YEAR_WITHIN.findall(text[start:end]), *_YEAR_AFTER.findall(text[end:])]
    found = [when for year in years if (when := of_value(year))]
    for time in passage.times:
        joint = passage.doc[mention.end].lower_ if mention.end < len(passage.doc) else ""
        inside = mention.start <= time.start < mention.end
        if inside or (time.start == mention.end + 1 and joint in ("(", "of") and time.when.precision is not Precision.INTERVAL):
            found.append(time.when)
    if passage.passage.cells and len(passage.times) == 1 and not found and _alone(mention, passage):
        found.append(passage.times[0].when)
    return found


def _alone(mention: Mention, passage: PassageDoc) -> bool:
    """Whether a mention fills a cell of its row."""
    start, last = passage.doc[mention.start].idx, passage.doc[mention.end - 1]
    text = passage.doc.text
    cell = next((c for c in passage.passage.cells if c.start <= start < c.end), None)
    return cell is not None and text[cell.start : cell.end].strip() == text[start : last.idx + len(last)].strip()


def row_places(agreement: Entity, reading: Reading) -> list[str]:
    """Return the place that fills another cell of a row of which the agreement fills one."""
    found: list[str] = []
    for passage in reading.passages:
        mine = [m for m in passage.mentions if agreement.key in m.keys and passage.passage.cells and _alone(m, passage)]
        if mine:
            alone = [m for m in passage.mentions if m not in mine and _alone(m, passage)]
            found += [k for m in alone for k in m.keys if reading.entities[k].kind is Kind.PLACE]
    return found[:1]


def best_time(times: Iterable[Interval]) -> Interval | None:
    """Return the most precise of several times, the earliest of equals."""
    order = {"day": 0, "month": 1, "year": 2, "interval": 3}
    return min(times, key=lambda t: (order[t.precision], t.earliest), default=None)
