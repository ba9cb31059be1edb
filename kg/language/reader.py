"""Read an article: find who is mentioned where, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from kg.facts import Entity, Kind
from kg.language.coreference import Cast, resolve_article
from kg.language.coreference.metonyms import Metonyms, seats_used
from kg.language.dates import TimeSpan
from kg.language.dates.article_dates import article_times
from kg.language.encoder import load_pipeline
from kg.language.entities.bilateral import section_sides, states_in_title, states_named
from kg.language.entities.classification import Classifier
from kg.language.entities.clues import Contexts
from kg.language.entities.composed import composed_finds
from kg.language.entities.inventory import Find, Inventory, Item, acronyms, link_finds, ordered, short_forms
from kg.language.entities.mentions import best_finds, grouped, to_mentions
from kg.language.entities.newnames import NewNames, new_acronyms
from kg.language.entities.people import PersonFinder
from kg.language.entities.scanners import ALIAS, ArticleScanner, WorldScanner, name_like, within_name, world_finds
from kg.language.entities.subject import add_subject
from kg.language.entities.unlinked import RunFinder
from kg.language.entities.weighing import Weighing
from kg.language.entities.whereabouts import PlaceContext, setting_of, whereabouts
from kg.language.gazetteer.bodies import Bodies
from kg.language.gazetteer.matcher import splitter
from kg.language.gazetteer.names import is_date, is_proper, loose
from kg.language.gazetteer.world import Gazetteer
from kg.language.parsing.plain import plain_docs
from kg.language.parsing.tokens import Words, build_doc, settle, split
from kg.language.reading import PassageDoc, Reading, TimeExpression
from kg.wikitext.article import Article

_HYPHENS = frozenset("-–")
_TOPICS = frozenset({Kind.OFFICE, Kind.ENTITY})
"""The classes of what a passage mentions, other than participants in events."""
_DATE = re.compile(
    r"^(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{1,2})?(?:,? \d{4})?$"
)


def load(model: str | None = None) -> LanguageReader:
    """Load a reader with the shipped pipeline, or with another one given by name or folder."""
    nlp = load_pipeline(model)
    if "one_sentence" in nlp.pipe_names:
        nlp.remove_pipe("one_sentence")
    return LanguageReader(nlp)


class LanguageReader:
    """Turns articles into readings. It keeps no state: the same article gives the same reading."""

    def __init__(self, nlp: Language):
        self.nlp = nlp
        self._gazetteer = Gazetteer()
        self._bodies = Bodies(self._gazetteer)
        self._classifier = Classifier(self._gazetteer, self._bodies)
        self._contexts = Contexts()
        self._titles = self._contexts.lists["person"] | self._contexts.lists["modifier"]
        self._split = splitter(nlp.make_doc)
        self._world = WorldScanner(self._gazetteer, self._bodies, self._split)
        self._runs = RunFinder(self._contexts, self._classifier)
        self._metonyms = Metonyms(self._gazetteer)

    def read(self, article: Article) -> Reading:
        """Parse every passage of the article, and resolve its names and dates."""
        passages = [split(p, self.nlp.make_doc) for p in article.passages]
        times = article_times(article)
        inventory = Inventory(article, self._gazetteer, self._bodies, self._classifier)
        add_subject(inventory)
        finds = [*link_finds(inventory, passages, self._titles), *world_finds(inventory, self._world, passages)]
        self._own_page(article, inventory)
        finds += composed_finds(inventory, self._contexts, passages)
        acronyms(inventory, passages)
        new_acronyms(inventory, passages)
        finds += self._alias_finds(inventory, passages)
        docs = self._parse(inventory, passages, finds, times)
        finds = self._decided(inventory, passages, docs, finds)
        return self._reading(article, inventory, docs, finds, times)

    def _own_page(self, article: Article, inventory: Inventory) -> None:
        """Add the evidence in the article's infobox and categories to that in its subject's name."""
        box = article.infobox.template if article.infobox is not None else ""
        clues = self._classifier.page(box, article.categories)
        if clues:
            inventory.add(article.title, page=True).wording += clues

    def _alias_finds(self, inventory: Inventory, passages: Sequence[Words]) -> Iterator[Find]:
        items = ordered(inventory.items.values())
        for item in items:
            for form, rule in list(short_forms(item, self._gazetteer)):
                item.forms.setdefault(form, rule)
        yield from _scan(ArticleScanner(items, self._split), passages)

    def _parse(
        self, inventory: Inventory, passages: Sequence[Words], finds: Iterable[Find], times: Sequence[Sequence[TimeSpan]]
    ) -> list[Doc]:
        by_passage = grouped(finds)
        docs = []
        for index, words in enumerate(passages):
            text = words.passage.text
            names = best_finds(f for f in by_passage[index] if f.rule != "state-body" and is_proper(text[f.start : f.end]))
            names = [f for f in names if self._is_name(inventory, f.key, text[f.start : f.end])]
            spans = [(f.start, f.end) for f in names]
            spans += [(t.start, t.end) for t in times[index] if _DATE.match(text[t.start : t.end])]
            docs.append(build_doc(self.nlp.vocab, words, _word_ranges(words, spans)))
        parsed = plain_docs(self.nlp.pipe(docs))
        for doc in parsed:
            settle(doc)
        return parsed

    def _is_name(self, inventory: Inventory, key: str, text: str) -> bool:
        """Whether an item and its words are a name by their wording, not an office or topic: only names become single tokens."""
        wordings = [inventory.items[key].wording] + ([self._classifier.title(text)] if inventory.items[key].page is not None else [])
        kinds = [self._classifier.preliminary(wording) for wording in wordings if wording]
        return all(kind is not None and kind is not Kind.OFFICE for kind in kinds)

    def _decided(self, inventory: Inventory, passages: Sequence[Words], docs: Sequence[Doc], finds: list[Find]) -> list[Find]:
        """Return all finds, once the classes of their items are decided and unlinked names are added."""
        weighing = Weighing(inventory, self._classifier, self._contexts, passages, docs)
        weighing.decide(inventory.items, finds)
        people = PersonFinder(inventory, self._gazetteer, self._contexts, self._split, passages, docs)
        known = [*finds, *people.finds(finds)]
        new = NewNames(inventory, self._runs, weighing, passages, docs).finds(known)
        named = [f for f in (*finds, *new) if f.rule != "surname"]
        return [*named, *people.finds(named)]

    def _reading(
        self, article: Article, inventory: Inventory, docs: Sequence[Doc], finds: Iterable[Find], times: Sequence[Sequence[TimeSpan]]
    ) -> Reading:
        """Return the finds as mentions, with acting capitals resolved to their states, and coreference added."""
        finds = list(finds)
        decided = {key: item.kind for key, item in inventory.items.items()}
        kinds: dict[str, Kind] = {key: kind for key, kind in decided.items() if kind is not None and kind not in _TOPICS}
        by_passage = grouped(f for f in finds if f.key in kinds)
        topics = grouped(f for f in finds if f.key not in kinds and _is_topic(inventory.items[f.key], f))
        sides = section_sides(article, self._gazetteer)
        passages = [
            PassageDoc(
                passage=passage,
                doc=doc,
                mentions=tuple(to_mentions(doc, best_finds(by_passage[passage.index]))),
                times=_times(doc, spans),
                topics=tuple(dict.fromkeys(f.key for f in sorted(topics[passage.index], key=lambda f: (f.start, f.end, f.key)))),
                sides=sides[passage.index],
            )
            for passage, doc, spans in zip(article.passages, docs, times, strict=True)
        ]
        passages = self._metonyms.apply(passages, kinds)
        for key in sorted((seats_used(passages) | {side for p in passages for side in p.sides}) - kinds.keys()):
            kinds[key] = self._gazetteer.entries[key].kind
            inventory.add(key, page=False).kind = kinds[key]
        cast = self._cast(article, inventory, kinds)
        resolved = resolve_article(passages, cast)
        passages = [replace(p, mentions=mentions) for p, mentions in zip(passages, resolved, strict=True)]
        subjects = states_named(article, self._gazetteer)
        known = entities(inventory, passages, setting_of(passages, kinds, subjects))
        joined = {key: states for key, states in cast.titled.items() if {key, *states} <= known.keys()}
        return Reading(article, tuple(passages), known, joined)

    def _cast(self, article: Article, inventory: Inventory, kinds: dict[str, Kind]) -> Cast:
        items = [inventory.items[key] for key in sorted(kinds)]
        bodied = [(item.key, item.body) for item in items if item.body is not None and item.body.state is not None]
        return Cast(
            kinds=kinds,
            names={item.key: tuple(sorted(item.forms)) for item in items},
            heads={item.key: frozenset(c.source[5:] for c in item.wording if c.source.startswith("head:")) for item in items},
            owners={key: body.state for key, body in bodied if body.state is not None},
            bodies={(body.name, body.state): key for key, body in bodied if body.state is not None},
            titled={key: joined for key, joined in self._titled(items) if all(state in kinds for state in joined)},
            topic=_titled_by(article.title, items, Kind.PERSON),
            subject=_titled_by(article.title, items, Kind.AGREEMENT) or _titled_by(article.title, items, Kind.EVENT),
        )

    def _titled(self, items: Iterable[Item]) -> Iterator[tuple[str, tuple[str, str]]]:
        for item in items:
            joined = states_in_title(item.key, self._gazetteer) if item.kind in (Kind.AGREEMENT, Kind.EVENT) else None
            if joined is not None:
                yield item.key, joined


def _is_topic(item: Item, find: Find) -> bool:
    """Whether a find is of a link to a page that is neither about a possible agent nor about a day, a year or a number."""
    return find.rule == "link" and item.page is not None and not is_date(item.key)


def _titled_by(title: str, items: Iterable[Item], kind: Kind) -> str | None:
    """Return the item of a class that is in an article's title."""
    return next((i.key for i in items if i.kind is kind and loose(title) in map(loose, i.forms)), None)


def entities(inventory: Inventory, passages: Sequence[PassageDoc], setting: PlaceContext) -> dict[str, Entity]:
    """Return the entities that the passages mention or are about, by key."""
    mentioned = sorted({key for p in passages for key in (*(k for m in p.mentions for k in (*m.keys, *m.named)), *p.topics, *p.sides)})
    names: dict[str, set[str]] = {key: set() for key in mentioned}
    for key, text in (naming for p in passages for naming in _namings(p)):
        if not inventory.is_office(text):
            names[key].add(text)
    adjectives: dict[str, set[str]] = {key: set() for key in mentioned}
    for key, text in (word for p in passages for word in _nationality_words(p)):
        adjectives[key].add(text)
    return {key: _entity(inventory, key, names[key], adjectives[key], setting) for key in mentioned}


def _nationality_words(passage: PassageDoc) -> Iterator[tuple[str, str]]:
    """Yield (key, word) for every nationality word ("Danish", "Danes"); combining forms ("Sino-") are not words."""
    for m in passage.mentions:
        if m.rule in ("nationality", "citizens") and m.end - m.start == 1 and passage.doc[m.end : m.end + 1].text not in _HYPHENS:
            yield m.keys[0], passage.doc[m.start].text


def _namings(passage: PassageDoc) -> Iterator[tuple[str, str]]:
    """Yield (key, words) for every mention of a single entity that contains a capitalized word (so not "opinion", for a ruling)."""
    for m in passage.mentions:
        text = passage.doc[m.start : m.end].text
        keys = m.named or m.keys
        if len(keys) == 1 and not m.coreferent and not m.attributive and any(c.isupper() for c in text):
            yield keys[0], text


def _entity(inventory: Inventory, key: str, names: set[str], adjectives: set[str], setting: PlaceContext) -> Entity:
    item = inventory.items[key]
    where = whereabouts(item, inventory.gazetteer, setting)
    return Entity(
        key=key,
        label=key,
        kind=item.kind or Kind.ENTITY,
        names=tuple(sorted(names - {key})),
        page=item.page,
        country=where.country,
        latitude=where.latitude,
        longitude=where.longitude,
        evidence=inventory.classifier.evidence(item.clues),
        adjectives=tuple(sorted(adjectives - names - {key})),
    )


def _scan(scanner: ArticleScanner, passages: Sequence[Words]) -> Iterator[Find]:
    for words in passages:
        for start, end, owners in scanner.finds(words):
            text = words.passage.text[words.starts[start] : words.ends[end - 1]]
            owner = scanner.owner(text, owners)
            if owner is not None and (name_like(text) or owner[1] == "part") and not within_name(words, start):
                yield Find(words.passage.index, words.starts[start], words.ends[end - 1], *owner, ALIAS)


def _word_ranges(words: Words, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    ranges, last = [], 0
    for start, end in sorted(spans):
        inside = words.inside(start, end)
        if inside and inside[1] - inside[0] > 1 and inside[0] >= last:
            ranges.append(inside)
            last = inside[1]
    return ranges


def _times(doc: Doc, spans: Sequence[TimeSpan]) -> tuple[TimeExpression, ...]:
    """Return the time spans as tokens; one inside a name ("the 2013 Accord" as one token) takes the whole token and counts as ``named``."""
    found: list[TimeExpression] = []
    for span in spans:
        tokens = doc.char_span(span.start, span.end, alignment_mode="expand")
        if span.when is None or tokens is None or (found and tokens.start < found[-1].end):
            continue
        named = span.named or len(tokens.text) > span.end - span.start
        found.append(TimeExpression(tokens.start, tokens.end, span.when, span.relation.value, named, span.future))
    return tuple(found)
