"""Prepare lists of events, agreements, offices, sentences and references for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from server.execution.engine import Row
from server.pages.addresses import page_address, web_address
from server.pages.term_display import between_in_words, in_words, local, quad, unique


@dataclass(frozen=True, slots=True)
class EventItem:
    """One event in a list. ``parts`` are the roles of the page's subject in it; ``inferred``: its date is not stated, only bounded."""

    href: str | None
    label: str
    date: str
    iso: str
    year: str
    modality: str
    code: str
    category: str
    quad: str
    quote: str
    parts: tuple[str, ...]
    inferred: bool = False


def _text(row: Row, name: str) -> str:
    return str(row.get(name, ""))


def events(rows: Iterable[Row], parts: Mapping[str, Sequence[str]] | None = None) -> list[EventItem]:
    """Return the events of rows with one row per event and category, without duplicates, in order.

    ``parts`` are the roles of the page's subject in each event, by the event's IRI.
    """
    by_event: dict[str, list[Row]] = {}
    for row in rows:
        by_event.setdefault(str(row["event"]), []).append(row)
    return [_event(iri, group, (parts or {}).get(iri, ())) for iri, group in by_event.items()]


def _event(iri: str, rows: Sequence[Row], parts: Sequence[str]) -> EventItem:
    row = rows[0]
    inferred = local(row.get("basis")) == "inferred"
    iso = _text(row, "date") or _text(row, "earliest")
    said = between_in_words(iso, _text(row, "latest")) if inferred else in_words(iso)
    return EventItem(
        href=page_address(iri),
        label=_text(row, "label").removesuffix(f" ({said})"),
        date=said,
        iso=iso,
        year=_text(row, "earliest")[:4],
        modality=local(row.get("modality")),
        code=_text(row, "code"),
        category=" · ".join(unique(_text(r, "categoryLabel") for r in rows)),
        quad=quad(row),
        quote=_text(row, "quote"),
        parts=tuple(parts),
        inferred=inferred,
    )


def by_year(items: Iterable[EventItem]) -> list[tuple[str, list[EventItem]]]:
    """Group events by year; those without a date come last, under an empty name."""
    return [(year, list(group)) for year, group in groupby(items, key=lambda item: item.year)]


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A name with a link, and a note beside it."""

    label: str
    href: str | None
    note: str = ""


def link(row: Row, name: str, label: str | None = None, note: str = "") -> ListedLink:
    """Return the link for a row's IRI; ``label`` is the variable of its name."""
    text = _text(row, label or name + "Label") or local(row.get(name))
    return ListedLink(text, page_address(_text(row, name)), note)


@dataclass(frozen=True, slots=True)
class AgreementItem:
    """One agreement in a list; ``notes`` are the roles of the page's subject in it, or its mediators."""

    href: str | None
    label: str
    date: str
    iso: str
    parts: tuple[str, ...]
    mediators: tuple[ListedLink, ...]


def agreements(rows: Iterable[Row], parts: Mapping[str, Sequence[str]] | None = None) -> list[AgreementItem]:
    """Return the agreements of rows without duplicates, in order; ``parts`` as in ``events``."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["agreement"]), []).append(row)
    return [
        AgreementItem(
            page_address(iri),
            _text(group[0], "label"),
            in_words(group[0].get("date")),
            _text(group[0], "date"),
            tuple((parts or {}).get(iri, ())),
            tuple(dict.fromkeys(link(row, "mediator") for row in group if "mediator" in row)),
        )
        for iri, group in found.items()
    ]


@dataclass(frozen=True, slots=True)
class TenureItem:
    """One holder's time in one office."""

    href: str | None
    holder: ListedLink
    office: ListedLink
    body: ListedLink | None
    time: str
    note: str


def tenures(rows: Iterable[Row]) -> list[TenureItem]:
    """Return the tenures of rows without duplicates, with the days on which the text attests them."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["tenure"]), []).append(row)
    return [_tenure(iri, group) for iri, group in found.items()]


def _tenure(iri: str, rows: Sequence[Row]) -> TenureItem:
    row = rows[0]
    notes = [name for name in ("former", "acting") if _text(row, name) in ("true", "1")]
    return TenureItem(
        page_address(iri),
        link(row, "holder"),
        link(row, "office"),
        link(row, "body") if "body" in row else None,
        _time_in_office(rows),
        ", ".join(notes),
    )


def _time_in_office(rows: Sequence[Row]) -> str:
    """Return ``2008–2012`` if the ends are given, else the days on which it was attested, the first and the last of many."""
    start, end = _text(rows[0], "from"), _text(rows[0], "to")
    if start or end:
        return f"{in_words(start) or '…'} – {in_words(end) or '…'}"
    days = sorted({_text(row, "attested") for row in rows if "attested" in row})
    if not days:
        return ""
    shown = unique([in_words(days[0]), in_words(days[-1])])
    return "in office " + " and ".join(shown) if len(days) < 3 else f"in office between {shown[0]} and {shown[-1]}"


@dataclass(frozen=True, slots=True)
class ListedReference:
    """One reference of an article; ``url`` and ``archived`` only if safe to follow, else ``address`` as text."""

    page: str | None
    title: str
    publisher: str
    authors: tuple[str, ...]
    issued: str
    accessed: str
    url: str | None
    address: str
    archived: str | None
    dead: bool


def references(rows: Iterable[Row]) -> list[ListedReference]:
    """Return the references of rows without duplicates, in order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["citation"]), []).append(row)
    return [_reference(iri, group) for iri, group in found.items()]


def _reference(iri: str, rows: Sequence[Row]) -> ListedReference:
    row = rows[0]
    url = web_address(_text(row, "url"))
    return ListedReference(
        page=page_address(iri),
        title=_text(row, "title"),
        publisher=_text(row, "publisher"),
        authors=tuple(unique(_text(r, "creator") for r in rows if "creator" in r)),
        issued=in_words(row.get("issued")),
        accessed=in_words(row.get("accessed")),
        url=url,
        address="" if url else _text(row, "url"),
        archived=web_address(_text(row, "archived")),
        dead=_text(row, "dead") in ("true", "1"),
    )
