"""Confidence: the estimated probability that an event is right as a whole, by logistic regression over what is known when it is made.

The weights stand in ``confidence.json`` and are fitted by ``python -m tests.evaluation.calibration`` on annotated articles.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from kg.facts import Entity, Event, Kind, Modality, Precision

WEIGHTS = Path(__file__).with_name("confidence.json")
LEAST, MOST = 0.01, 0.99
"""No reading is certain, either way."""


def confidence(event: Event, entities: Mapping[str, Entity], sentence: str) -> float:
    """The probability, to two digits, that category, actors, recipients, date and modality of an event are all right."""
    weights = _weights()
    score = sum(weights.get(name, 0.0) * value for name, value in features(event, entities, sentence).items())
    return round(min(MOST, max(LEAST, 1 / (1 + math.exp(-score)))), 2)


def features(event: Event, entities: Mapping[str, Entity], sentence: str) -> dict[str, float]:
    """What is known of an event by the name of each sign; signs that are absent are left out."""
    reading, *changes = event.rule.split(" > ")
    people = [entities[key] for key in (*event.actors, *event.recipients) if key in entities]
    signs = {
        "constant": 1.0,
        f"kind {reading.split(' ', 1)[0]}": 1.0,
        f"category {event.category.split('-', 1)[0]}": 1.0,
        f"modality {event.modality}": float(event.modality is not Modality.ASSERTED),
        "a narrower category": float("-" in event.category),
        "a word that may mean anything": float("+*" in reading),
        "an entry with restrictions": min(3.0, float(reading.count("+"))) / 3,
        "no actor": float(not event.actors),
        "several actors": float(len(event.actors) > 1),
        "many actors": float(len(event.actors) > 2),
        "no recipient": float(not event.recipients),
        "several recipients": float(len(event.recipients) > 1),
        "a mediator": float(bool(event.mediators)),
        "a quotation": float(bool(event.quote)),
        "told several times": float(len(event.passages) > 1),
        "sides of the article": float(any("sides" in change or "other side" in change for change in changes)),
        "time of what was told before": float(any("time of" in change for change in changes)),
        "changed by its context": float(any("said of" in change or "promised" in change for change in changes)),
        "other changes": min(2.0, float(len(changes))) / 2,
        "no page": _share(people, lambda entity: entity.page is None),
        "persons": _share(people, lambda entity: entity.kind is Kind.PERSON),
        "institutions": _share(people, lambda entity: entity.kind is Kind.INSTITUTION),
        "words of the sentence": min(60, len(sentence.split())) / 30,
        "commas of the sentence": min(6, sentence.count(",")) / 3,
        **_time(event),
    }
    return {name: value for name, value in signs.items() if value}


def _share(entities: list[Entity], holds: Callable[[Entity], bool]) -> float:
    return sum(map(holds, entities)) / len(entities) if entities else 0.0


def _time(event: Event) -> dict[str, float]:
    when = event.when
    if when is None:
        return {"no time": 1.0}
    if when.inferred:
        return {"an inferred time": 1.0}
    return {"a day": float(when.precision is Precision.DAY), "a reckoned time": float(when.anchor is not None)}


@cache
def _weights() -> Mapping[str, float]:
    weights: Mapping[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return weights
