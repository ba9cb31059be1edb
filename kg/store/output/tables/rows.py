"""The rows of each table, with the columns of ``columns.toml`` and in a deterministic order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, groupby

from kg.graph.namespaces import DCTERMS, ENT, GEO, OA, OWL, PREFIXES, PROV, RDFS, SCHEMA, SKOS
from kg.store.output.tables.records import CONFIDENCE, DATE_BASIS, ENTITIES, POINTED, Records, Said, first
from kg.store.sorting import sorted_lines

Row = dict[str, str]

QUADS = {
    "verbalCooperation": "verbal_cooperation",
    "materialCooperation": "material_cooperation",
    "verbalConflict": "verbal_conflict",
    "materialConflict": "material_conflict",
    "": "neither",
}
_GAP = "\x1f"


def events(records: Records) -> Iterator[Row]:
    """Yield the reported events by time, undated ones last."""
    categories = Categories(records)
    return _by_time(records, (_event(records, categories, iri, said) for iri, said in records.of_kind("Event")))


def agreements(records: Records) -> Iterator[Row]:
    """Yield the agreements by time, undated ones last."""
    rows = (
        {
            "id": iri,
            "name": records.label(iri),
            **_time(said),
            **_named(records, said, ENT.party, "parties", "party_ids"),
            **_named(records, said, ENT.signatory, "signatories", "signatory_ids"),
            **_named(records, said, ENT.mediator, "mediators", "mediator_ids"),
            **_named(records, said, ENT.place, "places", "place_ids"),
            **_source(records, said),
        }
        for iri, said in records.of_kind("Agreement")
    )
    return _by_time(records, rows)


def tenures(records: Records) -> Iterator[Row]:
    """Yield the tenures by IRI."""
    for iri, said in records.of_kind("Tenure"):
        yield {
            "id": iri,
            **_named(records, said, ENT.holder, "holder", "holder_id"),
            **_named(records, said, ENT.office, "office", "office_id"),
            **_named(records, said, ENT.organization, "organization", "organization_id"),
            "earliest": first(said, ENT.earliest),
            "latest": first(said, ENT.latest),
            "attested": "; ".join(sorted(said.get(ENT.attested, ()))),
            "former": "true" if first(said, ENT.former) in ("true", "1") else "",
            **_source(records, said),
        }


def entities(records: Records) -> Iterator[Row]:
    """Yield the entities by class and IRI."""
    for kind in (*ENTITIES, "Named event"):
        for iri, said in records.of_kind(kind):
            yield {
                "id": iri,
                "name": records.label(iri),
                "class": "Event" if kind == "Named event" else kind,
                "other_names": "; ".join(said.get(SKOS.altLabel, ())),
                **_named(records, said, ENT.country, "country", "country_id"),
                "latitude": first(said, GEO.lat),
                "longitude": first(said, GEO.long),
                "wikipedia": first(said, SCHEMA.sameAs),
                "same_as": " ".join(said.get(OWL.sameAs, ())),
                "events": str(records.events[iri]),
                "sentences": str(records.mentions[iri]),
            }


def dyad_years(records: Records) -> Iterator[Row]:
    """Yield pairs of agents with their events of each year, by pair and year."""
    for (one, other, year), counts in pairs(records):
        if year:
            yield {
                "one": records.label(one),
                "one_id": one,
                "one_class": records.said(one)[0],
                "other": records.label(other),
                "other_id": other,
                "other_class": records.said(other)[0],
                "year": year,
                "events": str(counts.total()),
                **{column: str(counts[quad]) for quad, column in QUADS.items()},
            }


def pairs(records: Records) -> Iterator[tuple[tuple[str, str, str], Counter[str]]]:
    """Yield each two participants of events that happened, and a year (empty if unknown), with the number of events by quad class."""
    categories = Categories(records)

    def keys() -> Iterator[bytes]:
        for iri, said in records.of_kind("Event"):
            if first(said, ENT.modality) != ENT.asserted:
                continue
            first_day, last_day = first(said, ENT.earliest), first(said, ENT.latest)
            year = first_day[:4] if first_day[:4] == last_day[:4] else ""
            quad = categories.finest(said.get(ENT.category, ()))[2]
            for one, other in combinations(sorted(set(said.get(ENT.participant, ()))), 2):
                yield _GAP.join((one, other, year, quad, iri)).encode() + b"\n"

    split = (line.decode().rstrip("\n").split(_GAP) for line in sorted_lines(keys(), records.folder))
    for (one, other, year), group in groupby(split, key=lambda parts: tuple(parts[:3])):
        yield (one, other, year), Counter(parts[3] for parts in group)


class Categories:
    """The categories by IRI: code, broader ones, quad class."""

    def __init__(self, records: Records) -> None:
        self._said = dict(records.of_kind("Category"))
        local = PREFIXES["ent"]
        self._quads = {iri: first(said, ENT.quadClass).removeprefix(local) for iri, said in self._said.items()}

    def finest(self, iris: Iterable[str]) -> tuple[str, str, str]:
        """Return category, mode and quad class of an event in all these categories: those of the narrowest."""
        found = sorted(iris)
        broader = {up for iri in found for up in self._said.get(iri, {}).get(SKOS.broader, ())}
        narrowest = next((iri for iri in found if iri not in broader), "")
        code = first(self._said.get(narrowest, {}), SKOS.notation) or narrowest.rsplit("/", 1)[-1]
        category, _, mode = code.partition("-")
        return category, mode, next((self._quads[iri] for iri in found if self._quads.get(iri)), "")


def _event(records: Records, categories: Categories, iri: str, said: Said) -> Row:
    category, mode, quad = categories.finest(said.get(ENT.category, ()))
    places = [records.said(place)[1] for place in said.get(ENT.place, ())]
    point = next(((first(place, GEO.lat), first(place, GEO.long)) for place in places if first(place, GEO.lat)), ("", ""))
    roles = ("actor", "recipient", "mediator")
    return {
        "id": iri,
        "headline": records.label(iri),
        **_time(said),
        "date_basis": first(said, DATE_BASIS).rsplit("#", 1)[-1],
        "category": category,
        "mode": mode,
        "quad_class": quad,
        "modality": first(said, ENT.modality).removeprefix(PREFIXES["ent"]),
        "confidence": first(said, CONFIDENCE),
        **{key: value for role in roles for key, value in _named(records, said, ENT[role], f"{role}s", f"{role}_ids").items()},
        **_named(records, said, ENT.about, "about", "about_ids"),
        **_named(records, said, ENT.place, "places", "place_ids"),
        "latitude": point[0],
        "longitude": point[1],
        "trigger": first(said, ENT.trigger),
        "quote": first(said, ENT.quote),
        "amount": first(said, ENT.amount),
        **(source := _source(records, said)),
        **_offsets(records, said, source["sentence_id"]),
    }


def _offsets(records: Records, said: Said, sentence: str) -> Row:
    """Return the offsets of an event's words in a sentence."""
    words: dict[str, list[tuple[int, int, list[str]]]] = {}
    for role in POINTED:
        found = [records.said(iri)[1] for iri in said.get(ENT[f"{role}At"], ()) if iri.partition("#")[0] == sentence]
        words[role] = sorted((int(first(w, OA.start)), int(first(w, OA.end)), list(w.get(ENT.refersTo, ()))) for w in found)
    trigger = words["trigger"][:1]
    row = {
        "trigger_start": "".join(str(start) for start, _, _ in trigger),
        "trigger_end": "".join(str(end) for _, end, _ in trigger),
        "date_offsets": " ".join(f"{start}-{end}" for start, end, _ in words["date"]),
    }
    for role in ("actor", "recipient", "mediator", "about", "place"):
        at = {who: f"{start}-{end}" for start, end, whom in reversed(words[role]) for who in whom}
        row[f"{role}_offsets"] = " ".join(at.get(who, "-") for who in sorted(said.get(ENT[role], ())))
    return row


def _time(said: Said) -> Row:
    return {name: first(said, ENT[name]) for name in ("date", "earliest", "latest")}


def _named(records: Records, said: Said, predicate: str, names: str, iris: str) -> Row:
    """Return two columns for a predicate: the names of its values, and their IRIs."""
    found = sorted(said.get(predicate, ()))
    return {names: "; ".join(map(records.label, found)), iris: " ".join(found)}


def _source(records: Records, said: Said) -> Row:
    """Return the first sentence that is evidence for a fact, its article, and the references."""
    passages = [(iri, records.said(iri)[1]) for iri in said.get(PROV.wasDerivedFrom, ())]
    order = sorted(passages, key=lambda passage: (first(passage[1], ENT.inArticle), int(first(passage[1], ENT.start) or 0), passage[0]))
    iri, passage = order[0] if order else ("", {})
    article = first(passage, ENT.inArticle)
    return {
        "article": records.label(article) if article else "",
        "article_id": article,
        "revision": first(records.said(article)[1], ENT.revision),
        "sentence": first(passage, ENT.text),
        "sentence_id": iri,
        "sentence_start": first(passage, ENT.start),
        "sentence_end": first(passage, ENT.end),
        "references": " ".join(_reference(records.said(cited)[1]) for cited in sorted(said.get(ENT.cites, ()))),
    }


def _reference(said: Said) -> str:
    """Return the URL of a reference, or its title if there is none; spaces, which separate references, become %20 or underscores."""
    url = first(said, SCHEMA.url)
    title = first(said, DCTERMS.title) or first(said, DCTERMS.bibliographicCitation) or first(said, RDFS.label)
    return url.replace(" ", "%20") if url else "_".join(title.split())


def _by_time(records: Records, rows: Iterable[Row]) -> Iterator[Row]:
    lines = (f"{row['earliest'] or '~'}{_GAP}{row['id']}{_GAP}{json.dumps(row, ensure_ascii=False)}\n".encode() for row in rows)
    for line in sorted_lines(lines, records.folder):
        yield json.loads(line.decode().split(_GAP, 2)[2])


TABLES: Mapping[str, Callable[[Records], Iterator[Row]]] = {
    "events": events,
    "agreements": agreements,
    "tenures": tenures,
    "entities": entities,
    "dyad-years": dyad_years,
}
"""The functions that yield each table's rows, in the order in which the tables are written."""


def cells(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[list[str]]:
    """Yield rows as lists in column order, dropping values that are no columns of the table."""
    return map(partial(_cells, columns), rows)


def _cells(columns: Sequence[str], row: Row) -> list[str]:
    return [row[name] for name in columns]
