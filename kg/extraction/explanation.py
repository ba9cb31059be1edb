"""Explain how a sentence was read: its tree, the referents of its names and dates, and the rule behind each event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.extraction.events.proposition_reader import PropositionReader
from kg.extraction.extract import default_lexicon, extract
from kg.extraction.frames.entries import Lexicon
from kg.extraction.frames.fillers import Fillers
from kg.extraction.judgement.confidence import strongest
from kg.extraction.judgement.statement import objection
from kg.facts import ArticleFacts, Event
from kg.language.parsing.plain import plain
from kg.language.reading import Mention, PassageDoc, Reading

WHY = {
    "pronoun": "the subject, or the only one that fits, of an earlier clause or of the sentence before",
    "two-sides": "the two named together last, else the two that the section is about",
    "two-holders": "who holds such an office in each of the two states",
    "reciprocal": "those who act together",
    "latter": "of two named together",
    "group": "those who were given this word before",
    "definite": "the one of this kind that was named last",
    "section": "what the heading, or the article, is about",
    "headed": "the only one lately named whose title ends in this noun",
    "description": "the only one whose name holds these words",
    "other-side": "of the two states that the section is about, the one that does not act",
    "role": "who was last said to hold such an office of that state, else the state",
    "title": "whose title it is",
    "counterpart": "who holds the same office in the other state, else the state",
    "own-country": "the state that the person serves",
    "neighbour": "the other of the two states that the article is about",
    "body": "that body of the state that last acted, else the state",
    "there": "the place named last",
}
"""Explanations of the coreference rules."""


def explain(reading: Reading, wanted: str, lexicon: Lexicon | None = None) -> str:
    """Explain the passages whose text contains ``wanted`` (ignoring case); "" if there are none.

    For each, show the sentence, its dependency tree, its mentions, times and propositions, and its events with rule, frame and
    roles.
    """
    reading, lexicon = plain(reading), lexicon or default_lexicon()
    facts = extract(reading, lexicon)
    hits = [p for p in reading.passages if wanted.casefold() in p.passage.text.casefold()]
    return "\n\n".join("\n".join(_passage(p, facts, Fillers(p, reading.entities, lexicon))) for p in hits)


def descriptions(reading: Reading) -> str:
    """List the antecedent of every pronoun and description of an article and the reason, in a line for each, under its sentence."""
    lines: list[str] = []
    for passage in reading.passages:
        meant = [m for m in passage.mentions if m.coreferent]
        if meant:
            lines += [passage.passage.text, *(f"  {_meant(m, passage)}" for m in meant)]
    return "\n".join(lines)


def _meant(mention: Mention, passage: PassageDoc) -> str:
    words = passage.doc[mention.start : mention.end].text
    why = f", by {mention.rule}" + (f": {WHY[mention.rule]}" if mention.coreferent and mention.rule in WHY else "")
    return f"{words!r} is {', '.join(mention.keys) or 'nobody'}{why}"


def _passage(passage: PassageDoc, facts: ArticleFacts, fillers: Fillers) -> Iterator[str]:
    yield passage.passage.text
    where, start, end = " > ".join(passage.passage.section) or "the lead", passage.passage.start, passage.passage.end
    yield f"  in {where}, characters {start}-{end} of the wikitext"
    yield "tree"
    yield from _tree(passage)
    yield "names"
    yield from (f"  {_meant(mention, passage)}" for mention in passage.mentions)
    if passage.sides:
        yield f"sides\n  {' and '.join(passage.sides)}: what the section is about"
    yield "times"
    for time in passage.times:
        words, when = passage.doc[time.start : time.end].text, time.when
        anchor = f", counted from {when.anchor}" if when.anchor else ""
        yield f"  {words!r} is {when.value or f'{when.earliest} to {when.latest}'} ({when.precision}{anchor}), by {when.rule}"
    yield "propositions"
    yield from (f"  {line}" for line in PropositionReader(fillers).explained())
    yield "events"
    yield from _events(e for e in facts.events if passage.passage.index in e.passages)


def _tree(passage: PassageDoc) -> Iterator[str]:
    """Return the words in order, each indented by its depth, with relation and part of speech."""
    for token in passage.doc:
        depth = sum(1 for _ in token.ancestors)
        yield f"  {'  ' * depth}{token.text}  [{token.dep_} {token.pos_} {token.lemma_}]"


def _events(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        when = f", {event.when.value or event.when.earliest}" if event.when else ""
        yield f"  {event.category} ({event.modality}{when}) told by {event.trigger!r}, read by: {event.rule}"
        if event.confidence is not None:
            speaking = ", ".join(f"{name} {share:+.2f}" for name, share in strongest("event", dict(event.signs)))
            yield f"    confidence: {event.confidence:.2f}, most of all by {speaking} (log-odds)"
        if (reason := objection(event)) is not None:
            yield f"    not stated: {reason}"
        for role in ("actors", "recipients", "mediators", "places", "about", "sources"):
            keys = getattr(event, role)
            if keys:
                yield f"    {role}: {', '.join(keys)}"
        if event.quote:
            yield f"    quote: {event.quote!r}"
