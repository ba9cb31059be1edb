"""Find the spans from which a fact was read: its trigger, the fillers of its roles, its time, its quotations.

The span of a role is a mention resolved to the entity: the one in the argument from which the role was read, else the one nearest
to the trigger. A role without a mention in the passage (a side of the article, a party of an agreement) has no span.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extraction.events.drafts import EventDraft
from kg.extraction.events.predicates import Predicate
from kg.facts import Agreement, Entity, Interval, Part, Span, Tenure
from kg.language.reading import Mention, PassageDoc, Reading

ROLES_OF_FRAMES: Mapping[Part, tuple[str, ...]] = {
    Part.ACTOR: ("actor",),
    Part.RECIPIENT: ("recipient", "host"),
    Part.MEDIATOR: ("mediator",),
    Part.PLACE: ("place",),
    Part.ABOUT: ("about", "topic"),
}
"""The roles of frames that correspond to each part of an event."""

SUPPLIED: Mapping[str, Part] = {
    "sides of the article": Part.ACTOR,
    "parties of the agreement": Part.ACTOR,
    "towards the state that the article is on": Part.RECIPIENT,
    "towards the other side of the article": Part.RECIPIENT,
}
"""Rules by which the article as a whole fills a role: in the sentence, only arguments of the predicate are its spans then."""


@dataclass(frozen=True)
class SpanReader:
    """Finds the spans of entities and times in an article."""

    reading: Reading
    entities: Mapping[str, Entity]

    def passage(self, index: int) -> PassageDoc:
        """Return a passage by its index."""
        return self.reading.passages[index]

    def mention(self, index: int, part: Part, key: str, near: int, within: Sequence[Token] = (), *, supplied: bool = False) -> Span | None:
        """Return the mention of an entity in a passage: preferably in the subtrees of ``within``, nearest to one of those tokens.

        With ``supplied``, only those count.
        """
        passage = self.passage(index)
        found = [m for m in passage.mentions if key in m.keys]
        inside = {t.i for token in within for t in token.subtree}
        if supplied:
            found = [m for m in found if inside & set(range(m.start, m.end))]
        elif not found and part is Part.RECIPIENT:  # "the embassy in TOWN" is towards the town's state
            found = [m for m in passage.mentions if any(k in self.entities and self.entities[k].country == key for k in m.keys)]
        if not found:
            return None
        heads = [token.i for token in within] or [near]
        best = min(found, key=lambda m: (not inside & set(range(m.start, m.end)), min(_distance(m, i) for i in heads), m.start))
        named = key if key in best.keys else next(iter(best.keys))
        return _span(passage, best.start, best.end, part, named)

    def time(self, index: int, when: Interval | None, near: int) -> Span | None:
        """Return the span of a time in the passage."""
        passage = self.passage(index)
        if when is None or when.inferred:
            return None
        found = [t for t in passage.times if (t.when.earliest, t.when.latest) == (when.earliest, when.latest)]
        best = min(found, key=lambda t: (min(abs(t.start - near), abs(t.end - 1 - near)), t.start), default=None)
        return _span(passage, best.start, best.end, Part.DATE) if best else None


def _distance(mention: Mention, at: int) -> int:
    return 0 if mention.start <= at < mention.end else min(abs(mention.start - at), abs(mention.end - 1 - at))


def _span(passage: PassageDoc, start: int, end: int, part: Part, key: str | None = None) -> Span:
    last = passage.doc[end - 1]
    return Span(passage.passage.index, passage.doc[start].idx, last.idx + len(last), part, key)


def event_spans(draft: EventDraft, spans: SpanReader) -> tuple[Span, ...]:
    """Return the spans in every passage that reports the event, in the order of the reports and of the text."""
    roles = draft.roles
    parts = {
        Part.ACTOR: roles.actors,
        Part.RECIPIENT: roles.recipients,
        Part.MEDIATOR: roles.mediators,
        Part.PLACE: roles.places,
        Part.ABOUT: roles.about,
        Part.SOURCE: draft.sources,
    }
    found: list[Span] = []
    for telling in (draft, *draft.retold):
        index, token = telling.passage, telling.predicate.token
        told = [_span(spans.passage(index), token.i, token.i + 1, Part.TRIGGER), spans.time(index, telling.when, token.i)]
        supplied = {SUPPLIED[rule] for rule in telling.rules if rule in SUPPLIED}
        for part, keys in parts.items():
            words = _arguments(telling.predicate, part)
            told += [spans.mention(index, part, key, token.i, words, supplied=part in supplied) for key in keys]
        found += sorted({*filter(None, told), *_quoted(spans.passage(index), telling.quote)}, key=_order)
    return tuple(found)


def _arguments(predicate: Predicate, part: Part) -> list[Token]:
    """Return the arguments from which a role was read."""
    wanted = ROLES_OF_FRAMES.get(part, ())
    return [a.token for a in predicate.arguments if set(predicate.roles.get(a.position, "").split("|")) & set(wanted)]


def _quoted(passage: PassageDoc, quote: str | None) -> Iterator[Span]:
    """Return the spans of an event's quotations."""
    text, at = passage.passage.text, 0
    for words in quote.split(" … ") if quote else ():
        start = text.find(words, at)
        if start >= 0:
            at = start + len(words)
            yield Span(passage.passage.index, start, at, Part.QUOTE)


def agreement_spans(agreement: Agreement, drafts: Iterable[EventDraft], spans: SpanReader) -> tuple[Span, ...]:
    """Return the spans that name the agreement or report its conclusion, and those of its terms near them."""
    parts = {
        Part.PARTY: agreement.parties,
        Part.SIGNATORY: agreement.signatories,
        Part.MEDIATOR: agreement.mediators,
        Part.PLACE: agreement.places,
    }
    made = {t.passage: t.predicate.token.i for d in drafts if agreement.key in d.roles.about for t in (d, *d.retold)}
    found: list[Span] = []
    for index in agreement.passages:
        passage = spans.passage(index)
        named = [m.start for m in passage.mentions if agreement.key in m.keys]
        at = named[0] if named else made.get(index)
        if at is None:
            continue
        last = next((m.end for m in passage.mentions if m.start == at), at + 1) if named else at + 1
        told = [_span(passage, at, last, Part.TRIGGER), spans.time(index, agreement.when, at)]
        told += [spans.mention(index, part, key, at) for part, keys in parts.items() for key in keys]
        found += sorted({*filter(None, told)}, key=_order)
    return tuple(found)


def tenure_spans(tenure: Tenure, spans: SpanReader) -> tuple[Span, ...]:
    """Return the span of the office, as recorded in the tenure, with those of the nearest mentions of holder and body."""
    found: list[Span] = []
    for title in tenure.spans:
        doc = spans.passage(title.passage).doc
        at = next(t.i for t in doc if t.idx <= title.start < t.idx + len(t))
        told = [title, spans.mention(title.passage, Part.HOLDER, tenure.holder, at)]
        if tenure.organization:
            told.append(spans.mention(title.passage, Part.ORGANIZATION, tenure.organization, at))
        found += sorted({*filter(None, told)}, key=_order)
    return tuple(found)


def _order(span: Span) -> tuple[int, int, str, str]:
    return span.start, span.end, span.part, span.key or ""
