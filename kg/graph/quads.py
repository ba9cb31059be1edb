"""Convert an article and its facts to RDF quads."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator

from kg.facts import Agreement, ArticleFacts, Event, Kind, Span, Tenure
from kg.graph import iris, ntriples
from kg.graph.citation_quads import citation_iri, citation_quads, clipped, is_date
from kg.graph.claims import claim, resolve
from kg.graph.entity_quads import Description, Entities, date_literal, description_quads, interval_statements, words_property
from kg.graph.labels import event_label
from kg.graph.namespaces import CAT, DCTERMS, ENT, OA, PROV, RDF, RDFS, SCHEMA, with_broader
from kg.graph.terms import Quad, address, english, iri, text, typed
from kg.wikitext.article import Article

LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"


def article_quads(article: Article, facts: ArticleFacts) -> Iterator[Quad]:
    """Return the graph of one article, sorted: entities, passages, citations, events, agreements, offices, tenures, provenance."""
    for line in resolve(shard_lines(article, facts)):
        yield ntriples.quad(line)


def shard_lines(article: Article, facts: ArticleFacts) -> list[bytes]:
    """Return the graph as sorted lines of N-Quads without duplicates, its claims not yet settled against those of other articles."""
    return sorted({quad.line().encode("utf-8") for quad in ArticleGraph(article, facts).quads()})


class ArticleGraph:
    """Converts the facts of one article to quads. Keys of entities that the article does not describe are omitted."""

    def __init__(self, article: Article, facts: ArticleFacts) -> None:
        self.article, self.facts = article, facts
        self.graph = iri(iris.article(article.title))
        self.entities = Entities(facts, article.title)
        self.passages = self._passage_iris()
        self.references = [iri(citation_iri(reference)) for reference in article.references]
        self.events = self._event_iris()
        self.names = {key: found.label for key, found in self.entities.by_key.items()}
        self.places = frozenset(entity.key for entity in facts.entities if entity.kind is Kind.PLACE)

    def quads(self) -> Iterator[Quad]:
        """Yield all statements, claims included, in no particular order."""
        yield from self._article()
        yield from self._passages()
        for reference, node in zip(self.article.references, self.references, strict=True):
            yield from citation_quads(reference, node, self.graph)
        for event in self.facts.events:
            yield from self._event(event)
        for agreement in self.facts.agreements:
            yield from self._agreement(agreement)
        yield from self._tenures()
        for found in self.entities.descriptions.values():
            yield from description_quads(found, self.graph)

    def _say(self, subject: str, predicate: str, *objects: str) -> Iterator[Quad]:
        for value in objects:
            for broader in with_broader(predicate):
                yield Quad(subject, iri(broader), value, self.graph)

    def _type(self, subject: str, term: str) -> Iterator[Quad]:
        for broader in with_broader(term):
            yield Quad(subject, iri(RDF.type), iri(broader), self.graph)

    def _article(self) -> Iterator[Quad]:
        article, node = self.article, self.graph
        yield from self._type(node, ENT.Article)
        yield from self._say(node, RDFS.label, english(iris.normal_title(article.title)))
        yield from self._say(node, SCHEMA.url, iri(iris.wikipedia(article.title)))
        yield from self._say(node, DCTERMS.license, iri(LICENCE))
        digest = hashlib.sha256(article.wikitext.encode("utf-8", "surrogatepass")).hexdigest()
        yield from self._say(node, ENT.sha256, text(digest))
        if article.revision is not None:
            yield from self._say(node, ENT.revision, typed(str(article.revision), "integer"))
        if article.page_id is not None:
            yield from self._say(node, DCTERMS.identifier, text(str(article.page_id)))
        if article.timestamp:
            yield from self._say(node, DCTERMS.modified, typed(article.timestamp, "dateTime"))
        yield from self._say(node, SCHEMA.citation, *self.references)

    def _passage_iris(self) -> list[str]:
        seen: Counter[str] = Counter()
        nodes = []
        for passage in self.article.passages:
            seen[passage.text] += 1
            nodes.append(iri(iris.hashed("passage", self.article.title, passage.text, str(seen[passage.text]))))
        return nodes

    def _passages(self) -> Iterator[Quad]:
        for passage, node in zip(self.article.passages, self.passages, strict=True):
            yield from self._type(node, ENT.Passage)
            yield from self._say(node, RDFS.label, english(clipped(passage.text)))
            yield from self._say(node, ENT.text, text(passage.text))
            yield from self._say(node, ENT.kind, text(passage.kind.value))
            yield from self._say(node, ENT.inArticle, self.graph)
            yield from self._say(node, ENT.start, typed(str(passage.start), "integer"))
            yield from self._say(node, ENT.end, typed(str(passage.end), "integer"))
            if passage.section:
                yield from self._say(node, ENT.section, text(" / ".join(passage.section)))
            yield from self._say(node, SCHEMA.citation, *(self.references[mark.reference] for mark in passage.marks))
        for node, keys in zip(self.passages, self.facts.mentions, strict=True):
            yield from self._say(node, ENT.mentions, *self._nodes(keys))

    def _event_iris(self) -> dict[str, str]:
        """Return IRIs derived from sentence, category and trigger, and from roles and time only where those do not suffice."""
        alike: dict[tuple[str, ...], list[Event]] = defaultdict(list)
        for event in self.facts.events:
            texts = [self.passages[index] for index in event.passages]
            alike[(event.category, event.trigger, *texts)].append(event)
        nodes: dict[str, str] = {}
        for parts, events in alike.items():
            seen: Counter[tuple[str, ...]] = Counter()
            for event in events:
                detail = self._detail(event) if len(events) > 1 else ()
                seen[detail] += 1
                ordinal = (str(seen[detail]),) if seen[detail] > 1 else ()
                nodes[event.key] = iri(iris.hashed("event", self.article.title, *parts, *detail, *ordinal))
        return nodes

    def _detail(self, event: Event) -> tuple[str, ...]:
        roles = (event.actors, event.recipients, event.mediators, event.places)
        said = ["\x1e".join(sorted(found.iri for found in self.entities.known(keys))) for keys in roles]
        when = f"{event.when.earliest}/{event.when.latest}" if event.when else ""
        return (*said, when, event.modality.value)

    def _nodes(self, keys: tuple[str, ...]) -> list[str]:
        nodes = {key: found.iri for key in keys if (found := self.entities.by_key.get(key))}
        nodes |= {key: self.events[key] for key in keys if key in self.events and key not in nodes}
        return list(dict.fromkeys(nodes[key] for key in keys if key in nodes))

    def _source(self, node: str, fact: Event | Agreement | Tenure) -> Iterator[Quad]:
        yield from self._say(node, PROV.wasDerivedFrom, *(self.passages[index] for index in fact.passages))
        yield from self._say(node, ENT.cites, *(self.references[index] for index in fact.cites))
        yield from self._say(node, ENT.rule, *([text(fact.rule)] if fact.rule else []))
        for span in fact.spans:
            if span.key is None or self._nodes((span.key,)):
                yield from self._span(node, span)

    def _span(self, node: str, span: Span) -> Iterator[Quad]:
        """Link a fact to the span that it was read from, selected in the passage, and the passage in the article, with Web Annotation
        selectors."""
        passage, source = self.article.passages[span.passage], self.passages[span.passage]
        words = iri(iris.characters(address(source), span.start, span.end))
        yield from self._say(node, words_property(span.part), words)
        yield from self._selector(source, passage.start, passage.end, passage.text)
        yield from self._say(source, OA.refinedBy, words)
        yield from self._selector(words, span.start, span.end, passage.text[span.start : span.end])
        yield from self._say(words, RDFS.label, english(clipped(passage.text[span.start : span.end])))
        yield from self._say(words, ENT.refersTo, *(self._nodes((span.key,)) if span.key else ()))

    def _selector(self, node: str, start: int, end: int, words: str) -> Iterator[Quad]:
        # xsd:integer, not the narrower type of the Web Annotation vocabulary: stores return numbers in their canonical type
        yield from self._say(node, RDF.type, iri(OA.TextPositionSelector), iri(OA.TextQuoteSelector))
        yield from self._say(node, OA.start, typed(str(start), "integer"))
        yield from self._say(node, OA.end, typed(str(end), "integer"))
        yield from self._say(node, OA.exact, text(words))

    def _confidence(self, node: str, confidence: float | None) -> Iterator[Quad]:
        if confidence is not None:
            yield from self._say(node, ENT.confidence, _probability(confidence))

    def _event(self, event: Event) -> Iterator[Quad]:
        node = self.events[event.key]
        yield from self._type(node, ENT.Event)
        yield from self._say(node, RDFS.label, english(event.label or event_label(event, self.names)))
        for category in with_broader(CAT[event.category]):
            yield Quad(node, iri(ENT.category), iri(category), self.graph)
        roles = {
            ENT.actor: event.actors,
            ENT.recipient: event.recipients,
            ENT.mediator: event.mediators,
            ENT.place: event.places,
            ENT.about: event.about,
            ENT.source: event.sources,
        }
        for predicate, keys in roles.items():
            yield from self._say(node, predicate, *(n for n in self._nodes(keys) if n != node))
        yield from self._say(node, ENT.participant, *self._nodes(event.mediators))
        taking_part = (*event.actors, *event.recipients, *event.mediators)
        for place in self._nodes(tuple(key for key in taking_part if key in self.places)):
            yield from self._type(place, ENT.Agent)
        for predicate, value in interval_statements(event.when):
            yield Quad(node, predicate, value, self.graph)
        yield from self._say(node, ENT.modality, iri(ENT[event.modality.value]))
        words = ((ENT.trigger, event.trigger), (ENT.quote, event.quote), (ENT.amount, event.amount))
        for predicate, said in words:
            if said:
                yield from self._say(node, predicate, text(said))
        yield from self._confidence(node, event.confidence)
        yield from self._source(node, event)

    def _agreement(self, agreement: Agreement) -> Iterator[Quad]:
        found = self.entities.by_key.get(agreement.key)
        if found is None:
            return
        roles = {
            ENT.party: agreement.parties,
            ENT.signatory: agreement.signatories,
            ENT.mediator: agreement.mediators,
            ENT.place: agreement.places,
        }
        for predicate, keys in roles.items():
            yield from self._say(found.iri, predicate, *self._nodes(keys))
        when = interval_statements(agreement.when)
        if when and agreement.when:
            days = (agreement.when.latest - agreement.when.earliest).days
            yield claim(found.iri, "when", 1_000_000 // (days + 1), when, self.graph)
        if agreement.confidence is not None:  # several articles may mention one agreement: keep the highest confidence
            said = ((iri(ENT.confidence), _probability(agreement.confidence)),)
            yield claim(found.iri, "confidence", round(100 * agreement.confidence), said, self.graph)
        yield from self._source(found.iri, agreement)

    def _tenures(self) -> Iterator[Quad]:
        alike: dict[tuple[str, str], list[Tenure]] = defaultdict(list)
        for tenure in self.facts.tenures:
            holder = self.entities.by_key.get(tenure.holder)
            if holder is not None:
                alike[holder.iri, self.entities.office(tenure).iri].append(tenure)
        for (holder_iri, office_iri), tenures in alike.items():
            for number, same in enumerate(_one_time_each(tenures)):
                ordinal = (str(number),) if number else ()
                node = iri(iris.hashed("tenure", self.article.title, holder_iri, office_iri, *ordinal))
                for tenure in same:
                    yield from self._tenure(node, tenure, self.entities.by_key[tenure.holder])
                yield from self._confidence(node, max((t.confidence for t in same if t.confidence is not None), default=None))

    def _tenure(self, node: str, tenure: Tenure, holder: Description) -> Iterator[Quad]:
        office = self.entities.office(tenure)
        yield from self._type(node, ENT.Tenure)
        yield from self._say(node, RDFS.label, english(f"{holder.label}, {office.label}"))
        yield from self._say(node, ENT.holder, holder.iri)
        yield from self._say(node, ENT.office, office.iri)
        organization = self._nodes((tenure.organization,)) if tenure.organization else []
        yield from self._say(node, ENT.organization, *organization)
        yield from self._say(node, ENT.attested, *(date_literal(value) for value in tenure.attested if is_date(value)))
        for predicate, moment in ((ENT.earliest, tenure.earliest), (ENT.latest, tenure.latest)):
            if moment:
                yield from self._say(node, predicate, typed(moment.isoformat(), "date"))
        for predicate, holds in ((ENT.former, tenure.former), (ENT.acting, tenure.acting)):
            if holds:
                yield from self._say(node, predicate, typed("true", "boolean"))
        yield from self._source(node, tenure)


def _probability(confidence: float) -> str:
    """Return a decimal of two digits in canonical form, as stores return it."""
    return typed(f"{confidence:.2f}".rstrip("0").rstrip("."), "decimal")


def _one_time_each(tenures: list[Tenure]) -> list[list[Tenure]]:
    """Split the tenures of one holder in one office where the text gives different beginnings or ends."""
    times: list[list[Tenure]] = []
    for tenure in tenures:
        for same in times:
            if all(_agree(tenure, other) for other in same):
                same.append(tenure)
                break
        else:
            times.append([tenure])
    return times


def _agree(one: Tenure, other: Tenure) -> bool:
    pairs = ((one.earliest, other.earliest), (one.latest, other.latest), (one.organization, other.organization))
    return all(a is None or b is None or a == b for a, b in pairs)
