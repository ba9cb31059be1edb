"""Count a build's graph while its sorted N-Quads stream by; ``ontology/statistics.ttl`` states the counting rules.

Memory is bounded: the statements of one subject, and tallies and joins that are sorted on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, groupby
from operator import itemgetter
from pathlib import Path

from kg.graph import cubes, ntriples
from kg.graph.cubes import Cube, heading, observation
from kg.graph.namespaces import DCTERMS, ENT, PROV, RDF, RDFS, SCHEMA, SKOS
from kg.store.sorting import sorted_lines
from kg.store.statistics.tallies import Join, Tally

Said = dict[bytes, list[bytes]]
"""The objects of one subject by predicate, as terms."""

_GAP = b" "  # between the terms of a key: no IRI contains it, and a literal only as a key's last term
_YEAR = slice(1, 5)
_BY_KIND = {b"p": cubes.PUBLISHERS, b"y": cubes.PUBLICATION_YEARS}
"""The letter before a value that cited works are grouped by, and where it is counted."""


def _term(address: str) -> bytes:
    return f"<{address}>".encode()


class Statistics:
    """Counts of everything that passes ``watch``; call ``lines`` after that.

    ``folder`` takes what does not fit in memory, until ``close``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tallies = {cube: Tally(folder) for cube in (cubes.CATEGORIES, cubes.YEARS, cubes.ENTITY_YEARS, cubes.PAIR_YEARS)}
        self._measured = {cube: Tally(folder) for cube in (cubes.ENTITIES, cubes.ARTICLES, cubes.PUBLISHERS, cubes.PUBLICATION_YEARS)}
        self._works = Join(folder)
        self._articles = Join(folder)
        self._quads: dict[bytes, bytes] = {}
        self._terms = _Terms()
        self._specimen: tuple[bool, bool, int, bytes] | None = None

    @property
    def specimen(self) -> str | None:
        """The event that best shows what the graph contains, as a term.

        One with an exact date, two actors, a sentence and a reference; preferably with a mediator, then with a place, then with the
        shortest label.
        """
        return self._specimen[-1].decode() if self._specimen else None

    def watch(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Pass the lines on and count them."""
        wanted = self._terms.wanted
        current, said = b"", Said()
        for line in lines:
            subject, predicate, tail = ntriples.cut(line)
            if predicate in wanted:
                if subject != current:
                    if said:
                        self._count(current, said)
                    current, said = subject, {}
                said.setdefault(predicate, []).append(ntriples.object_of(tail))
            yield line
        if said:
            self._count(current, said)

    def lines(self) -> Iterator[bytes]:
        """Yield the graph of statistics as sorted lines of N-Quads."""
        yield from sorted_lines(self._unsorted(), self._folder)

    def close(self) -> None:
        """Remove the temporary files."""
        for tally in (*self._tallies.values(), *self._measured.values()):
            tally.close()
        self._works.close()
        self._articles.close()

    def _unsorted(self) -> Iterator[bytes]:
        yield from heading()
        for cube, tally in self._tallies.items():
            for key, number in tally.totals():
                yield from observation(cube, key.split(_GAP, len(cube.dimensions) - 1), {cube.measures[0]: number})
        self._count_joined()
        for cube, tally in self._measured.items():
            for value, group in groupby(map(_measured, tally.totals()), key=itemgetter(0)):
                yield from observation(cube, (value,), {measure: number for _, measure, number in group})

    def _count_joined(self) -> None:
        """Count what involves two subjects: events by publisher and year of the cited works, and by article."""
        for value, _ in self._works.distinct():
            self._measure(_BY_KIND[value[:1]], value[1:], "eventCount")
        for article, _ in self._articles.distinct():
            self._measure(cubes.ARTICLES, article, "eventCount")

    def _count(self, subject: bytes, said: Said) -> None:
        terms = self._terms
        kinds = said.get(terms.type, ())
        if terms.event in kinds and terms.modality in said:
            self._event(subject, said)
        if terms.event in kinds or terms.agreement in kinds:
            for place in set(said.get(terms.place, ())):
                self._measure(cubes.ENTITIES, place, "placeCount")
        if terms.agreement in kinds:
            for party in set(said.get(terms.party, ())):
                self._measure(cubes.ENTITIES, party, "agreementCount")
        if terms.passage in kinds:
            self._passage(subject, said)
        if terms.citation in kinds:
            self._citation(subject, said)
        if terms.article in kinds:
            self._measure(cubes.ARTICLES, subject, "referenceCount", len(set(said.get(terms.reference, ()))))
        if terms.top in said:
            self._quads[subject] = said.get(terms.quad, [terms.neither])[0]

    def _event(self, subject: bytes, said: Said) -> None:
        terms = self._terms
        modality = said[terms.modality][0]
        categories = sorted({term for term in said.get(terms.category, ()) if term in self._quads})
        participants = sorted(set(said.get(terms.participant, ())))
        year = _year(said.get(terms.earliest, ()))
        for who in participants:
            self._measure(cubes.ENTITIES, who, "eventCount")
        for category in categories:
            self._tally(cubes.CATEGORIES, category, modality)
        if year:
            for category in categories:
                self._tally(cubes.YEARS, year, category, modality)
            if modality == terms.asserted:
                self._tally_involved(said, year, categories)
            for quad in sorted({self._quads[category] for category in categories}):
                for one, other in combinations(participants, 2):
                    self._tally(cubes.PAIR_YEARS, one, other, year, quad, modality)
        self._consider(subject, said)
        for work in said.get(terms.cites, ()):
            self._works.left(work, subject)
        for passage in said.get(terms.derived, ()):
            self._articles.left(passage, subject)

    def _tally_involved(self, said: Said, year: bytes, categories: Sequence[bytes]) -> None:
        """Count an event that happened for everything that takes part in it, is its place, or is its subject."""
        terms = self._terms
        for who in {who for role in (terms.participant, terms.place, terms.about) for who in said.get(role, ())}:
            for category in categories:
                self._tally(cubes.ENTITY_YEARS, who, year, category)

    def _consider(self, subject: bytes, said: Said) -> None:
        """Make an event the specimen if it is a better one."""
        terms = self._terms
        complete = all(said.get(term) for term in (terms.date, terms.cites, terms.derived))
        if complete and terms.asserted in said[terms.modality] and len(said.get(terms.actor, ())) > 1:
            rank = (terms.mediator not in said, terms.place not in said, len(said.get(terms.label, [b""])[0]), subject)
            self._specimen = min(self._specimen or rank, rank)

    def _passage(self, subject: bytes, said: Said) -> None:
        for who in set(said.get(self._terms.mentions, ())):
            self._measure(cubes.ENTITIES, who, "mentionCount")
        for article in said.get(self._terms.in_article, ()):
            self._measure(cubes.ARTICLES, article, "passageCount")
            self._articles.right(subject, article)

    def _citation(self, subject: bytes, said: Said) -> None:
        for publisher in set(said.get(self._terms.publisher, ())):
            self._measure(cubes.PUBLISHERS, publisher, "referenceCount")
            self._works.right(subject, b"p" + publisher)
        years = {year for issued in said.get(self._terms.issued, ()) if (year := _year((issued,)))}
        for year in years:
            self._measure(cubes.PUBLICATION_YEARS, year, "referenceCount")
            self._works.right(subject, b"y" + year)

    def _tally(self, cube: Cube, *values: bytes) -> None:
        self._tallies[cube].add(_GAP.join(values))

    def _measure(self, cube: Cube, value: bytes, measure: str, times: int = 1) -> None:
        if times:
            self._measured[cube].add(b"%b\x1e%b" % (value, measure.encode()), times)


def _measured(total: tuple[bytes, int]) -> tuple[bytes, str, int]:
    value, _, measure = total[0].rpartition(b"\x1e")
    return value, measure.decode(), total[1]


def _year(days: Sequence[bytes]) -> bytes:
    """Return the year with which a day, month or year begins, as a term; empty for anything else."""
    digits = days[0][_YEAR] if days else b""
    return b'"%b"^^<http://www.w3.org/2001/XMLSchema#gYear>' % digits if len(digits) == len("2008") and digits.isdigit() else b""


class _Terms:
    """The terms that are looked up, as bytes."""

    def __init__(self) -> None:
        self.type, self.modality, self.category = _term(RDF.type), _term(ENT.modality), _term(ENT.category)
        self.participant, self.place, self.about = _term(ENT.participant), _term(ENT.place), _term(ENT.about)
        self.earliest, self.cites, self.derived = _term(ENT.earliest), _term(ENT.cites), _term(PROV.wasDerivedFrom)
        self.mentions, self.in_article, self.reference = _term(ENT.mentions), _term(ENT.inArticle), _term(SCHEMA.citation)
        self.publisher, self.issued, self.party = _term(SCHEMA.publisher), _term(DCTERMS.issued), _term(ENT.party)
        self.top, self.quad = _term(SKOS.topConceptOf), _term(ENT.quadClass)
        self.actor, self.mediator, self.date, self.label = _term(ENT.actor), _term(ENT.mediator), _term(ENT.date), _term(RDFS.label)
        self.wanted = frozenset(vars(self).values())
        self.event, self.agreement, self.passage = _term(ENT.Event), _term(ENT.Agreement), _term(ENT.Passage)
        self.citation, self.article = _term(ENT.Citation), _term(ENT.Article)
        self.asserted, self.neither = _term(ENT.asserted), _term(ENT.noQuadClass)
