"""Turn a Reading into ArticleFacts: the events of all passages, agreements and tenures, with one node per event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from kg.extraction.agreements.article_agreements import article_agreements
from kg.extraction.discourse.answers import with_answered
from kg.extraction.discourse.chronology import place_in_time
from kg.extraction.discourse.occasions import with_times
from kg.extraction.discourse.sides import towards_someone, visiting, with_sides
from kg.extraction.discourse.state import beginning
from kg.extraction.events.assembly import is_event, passage_events
from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.governors import root
from kg.extraction.events.table_rows import complete_row
from kg.extraction.fact_spans import SpanReader, agreement_spans, event_spans, tenure_spans
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.inflection import mend_lemmas
from kg.extraction.frames.lexicon import load_lexicon
from kg.extraction.headlines.composition import Told, headline
from kg.extraction.headlines.event_context import Earlier
from kg.extraction.judgement.allegations import with_standing
from kg.extraction.judgement.confidence import agreement_signs, confidence, event_signs, tenure_signs
from kg.extraction.judgement.corroboration import corroboration
from kg.extraction.judgement.duplicates import merge_tellings
from kg.extraction.judgement.plausibility import plausible
from kg.extraction.offices.article_tenures import article_tenures, states_of
from kg.facts import Agreement, ArticleFacts, Entity, Event
from kg.language.parsing.plain import plain
from kg.language.reading import Reading, named_keys

NEAR = 6
"""Events back within which the maker of "these claims" is looked for."""


@lru_cache(maxsize=1)
def default_lexicon() -> Lexicon:
    """Return the lexicon of the package, read once per process."""
    return load_lexicon()


def extract(reading: Reading, lexicon: Lexicon | None = None) -> ArticleFacts:
    """Return all facts that the article's passages state; ``lexicon`` defaults to that of the package."""
    lexicon = lexicon or default_lexicon()
    reading = plain(reading)
    for passage in reading.passages:
        mend_lemmas(passage.doc, lexicon)
    tenures = article_tenures(reading, lexicon)
    states = states_of(tenures, reading)
    fillers = [Fillers(p, reading.entities, lexicon) for p in reading.passages]
    told = with_answered(_told(reading, fillers, states, lexicon))
    told, faults = plausible(told, reading.entities, lexicon.table.nouns)
    drafts = merge_tellings(told)
    drafts, unnamed, agreements = article_agreements(reading, drafts, states, lexicon)
    entities = {**reading.entities, **{e.key: e for e in unnamed}}
    placed = place_in_time(drafts, reading)
    spans = SpanReader(reading, entities)
    events = tuple(
        replace(_event(n, placed, fillers[draft.passage], entities), spans=event_spans(draft, spans)) for n, draft in enumerate(placed)
    )
    return ArticleFacts(
        entities=tuple(entities[k] for k in sorted(entities)),
        agreements=tuple(_sure(replace(a, spans=agreement_spans(a, placed, spans)), entities) for a in agreements),
        tenures=tuple(
            replace(t, spans=tenure_spans(t, spans), confidence=confidence("tenure", tenure_signs(t, entities))) for t in tenures
        ),
        mentions=named_keys(reading),
        events=events,
        notes=tuple(sorted(faults.items())),
    )


def _sure(agreement: Agreement, entities: Mapping[str, Entity]) -> Agreement:
    signs = agreement_signs(agreement, entities.get(agreement.key))
    return replace(agreement, confidence=confidence("agreement", signs))


def _event(number: int, placed: Sequence[EventDraft], fillers: Fillers, entities: Mapping[str, Entity]) -> Event:
    draft = placed[number]
    roles, passage = draft.roles, fillers.passage
    earlier = tuple(Earlier(root(d.category), d.roles.actors) for d in placed[max(0, number - NEAR) : number])
    told = Told(roles.actors, roles.recipients, draft.modality, draft.when, draft.quote, earlier)
    event = Event(
        key=f"{draft.passage}-{number}-{root(draft.category)}",
        category=draft.category,
        trigger=draft.trigger,
        rule=draft.rule,
        passages=draft.passages,
        actors=tuple(roles.actors),
        recipients=tuple(roles.recipients),
        mediators=tuple(roles.mediators),
        places=tuple(roles.places),
        about=tuple(roles.about),
        sources=draft.sources,
        when=draft.when,
        modality=draft.modality,
        quote=draft.quote,
        amount=roles.amount,
        cites=draft.cites,
        headline=headline(draft.predicate, told, passage, entities),
    )
    signs = event_signs(event, entities, passage.passage.text) | corroboration(draft, fillers)
    return replace(event, confidence=confidence("event", signs), signs=tuple(sorted(signs.items())))


def _told(reading: Reading, fillers: Sequence[Fillers], states: Mapping[str, str], lexicon: Lexicon) -> Iterator[EventDraft]:
    """Return the events of an article in text order: each sentence is read in the discourse state left by the previous ones."""
    state = beginning(reading, states, lexicon)
    for passage, words in zip(reading.passages, fillers, strict=True):
        state = state.enter(passage)
        drafts = complete_row(passage_events(passage, reading.entities, lexicon, states), passage, reading.entities)
        drafts = [towards_someone(visiting(d, state), state) for d in (with_sides(d, state) for d in drafts) if is_event(d, lexicon)]
        drafts = with_times(drafts, state)
        state = state.after(drafts)
        yield from (with_standing(d, words) for d in drafts)
