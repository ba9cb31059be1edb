"""Confidence: the estimated probability that a fact is right as a whole, by logistic regression over features of its extraction.

Each kind of fact has its own features and weights. The weights are in ``confidence.json`` and are fitted by ``python -m
tests.evaluation.calibration`` on annotated articles.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from kg.facts import Agreement, Entity, Event, Interval, Kind, Modality, Precision, Tenure

Judged = Literal["event", "agreement", "tenure"]
"""The kinds of facts with a confidence."""
Signs = Mapping[str, float]
"""Features of a fact by name; absent ones are omitted."""
WEIGHTS = Path(__file__).with_name("confidence.json")
LEAST, MOST = 0.01, 0.99
"""No extraction is certain, either way."""


def confidence(kind: Judged, signs: Signs) -> float:
    """Return the probability, to two digits, that a fact of this kind is right as a whole."""
    weights = _weights()[kind]
    score = sum(weights.get(name, 0.0) * value for name, value in signs.items())
    return round(min(MOST, max(LEAST, 1 / (1 + math.exp(-score)))), 2)


def strongest(kind: Judged, signs: Signs, most: int = 4) -> list[tuple[str, float]]:
    """Return the most important features for (+) or against (-) a fact, with their contribution to the log-odds, largest first."""
    weights = _weights()[kind]
    shares = [(name, weights.get(name, 0.0) * value) for name, value in signs.items() if name != "constant"]
    return sorted((share for share in shares if share[1]), key=lambda share: (-abs(share[1]), share[0]))[:most]


def event_signs(event: Event, entities: Mapping[str, Entity], sentence: str) -> dict[str, float]:
    """Return the features of an event, its entities and its sentence."""
    reading, *changes = event.rule.split(" > ")
    people = [entities[key] for key in (*event.actors, *event.recipients) if key in entities]
    signs = {
        "constant": 1.0,
        f"kind {reading.split(' ', 1)[0]}": 1.0,
        f"entry {reading}": 1.0,
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
        **_time(event.when),
    }
    return {name: value for name, value in signs.items() if value}


def agreement_signs(agreement: Agreement, entity: Entity | None) -> dict[str, float]:
    """Return the features of an agreement's terms and name."""
    signs = {
        "constant": 1.0,
        f"rule {agreement.rule.split(' ', 1)[0]}": 1.0,
        "a page": float(entity is not None and entity.page is not None),
        "no party": float(not agreement.parties),
        "one party": float(len(agreement.parties) == 1),
        "many parties": float(len(agreement.parties) > 2),
        "signatories": float(bool(agreement.signatories)),
        "a mediator": float(bool(agreement.mediators)),
        "told several times": float(len(agreement.passages) > 1),
        **_time(agreement.when),
    }
    return {name: value for name, value in signs.items() if value}


def tenure_signs(tenure: Tenure, entities: Mapping[str, Entity]) -> dict[str, float]:
    """Return the features of a tenure's office, time and holder."""
    holder = entities.get(tenure.holder)
    signs = {
        "constant": 1.0,
        f"rule {tenure.rule.split(' ', 1)[0]}": 1.0,
        "a page of the holder": float(holder is not None and holder.page is not None),
        "no organisation": float(tenure.organization is None),
        "a beginning or end": float(tenure.earliest is not None or tenure.latest is not None),
        "a former office": float(tenure.former),
        "told several times": float(len(tenure.passages) > 1),
        "words of the office": min(10, len(tenure.office.split())) / 5,
    }
    return {name: value for name, value in signs.items() if value}


def _share(entities: list[Entity], holds: Callable[[Entity], bool]) -> float:
    return sum(map(holds, entities)) / len(entities) if entities else 0.0


def _time(when: Interval | None) -> dict[str, float]:
    if when is None:
        return {"no time": 1.0}
    if when.inferred:
        return {"an inferred time": 1.0}
    return {"a day": float(when.precision is Precision.DAY), "a reckoned time": float(when.anchor is not None)}


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    weights: Mapping[str, Mapping[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return weights
