"""Decide which events are stated: what is probably wrong, or tells hardly anything, is left out and counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from kg.facts import ArticleFacts, Event, Modality

LEAST_CONFIDENCE = 0.03
"""The confidence that an event needs. Of 4,602 events judged in annotated texts, 59 have less, none of which is right. Every higher
threshold leaves out more of what is right in single sentences of news, which name nobody with a page."""
UNCERTAIN = "uncertain: an event that is probably wrong"
BARE = "bare: an event without actor and time that is aimed at nobody or did not happen"
"""In the same texts, none of these is right as a whole."""


def objection(event: Event) -> str | None:
    """Return why an event is not stated; None if it is."""
    if event.confidence is not None and event.confidence < LEAST_CONFIDENCE:
        return UNCERTAIN
    aimed = bool(event.recipients) and event.modality is Modality.ASSERTED
    return None if event.actors or event.when or aimed else BARE


def stated(facts: ArticleFacts) -> ArticleFacts:
    """Return the facts without the events that are not stated, which the notes count."""
    objections = {event.key: objection(event) for event in facts.events}
    dropped = Counter(reason for reason in objections.values() if reason)
    events = tuple(event for event in facts.events if objections[event.key] is None)
    return replace(facts, events=events, notes=(*facts.notes, *sorted(dropped.items()))) if dropped else facts
