"""A small article with one of each kind of fact, about fictional states."""

from __future__ import annotations

from datetime import date
from typing import Any

from kg.facts import (
    Agreement,
    ArticleFacts,
    Entity,
    Event,
    Evidence,
    Interval,
    Kind,
    Modality,
    Part,
    Precision,
    Span,
    Tenure,
)
from kg.wikitext.article import Article, Passage, PassageKind, Reference, ReferenceMark

TEXTS = (
    "Freedonia and Sylvania signed the Treaty of Klopstokia on 5 May 1933.",
    "President Rufus T. Firefly had never recognised Sylvania.",
    "Freedonia and Sylvania signed the Treaty of Klopstokia on 5 May 1933.",
)
DAY = Interval(date(1933, 5, 5), date(1933, 5, 5), Precision.DAY, "1933-05-05")


def reference(index: int, **fields: Any) -> Reference:
    values: dict[str, Any] = {"name": "", "text": "", "start": 0, "end": 1} | fields
    return Reference(index, **values)


def article(title: str = "Freedonia–Sylvania relations", texts: tuple[str, ...] = TEXTS, **fields: Any) -> Article:
    passages = tuple(
        Passage(n, PassageKind.SENTENCE, text, n * 100, n * 100 + 90, ("History", "Treaties"), n, marks=(ReferenceMark(10, 0),))
        for n, text in enumerate(texts)
    )
    values: dict[str, Any] = {
        "references": (
            reference(
                0, url="https://news.example/1", title="They sign", publisher="The Herald", issued="1933-05-06", authors=("A. Writer",)
            ),
            reference(1, url="https://news.example/2 a", accessed="last week", dead=True),
        )
    }
    return Article(title, "wikitext", passages, **(values | fields))


def entity(key: str, kind: Kind, *, linked: bool = True, **fields: Any) -> Entity:
    return Entity(key, fields.pop("label", key), kind, page=key if linked else None, **fields)


ENTITIES = (
    entity("Freedonia", Kind.STATE, names=("Land of the Free",)),
    entity("Sylvania", Kind.STATE),
    entity("Rufus T. Firefly", Kind.PERSON, names=("Firefly",)),
    entity("Treaty of Klopstokia", Kind.AGREEMENT),
    entity("Klopstokia", Kind.PLACE, country="Sylvania", latitude=47.5, longitude=19.25),
    entity("League of Leagues", Kind.INSTITUTION),
)
SIGNING = Event(
    key="e1",
    category="SUPPORT-sign",
    trigger="sign",
    rule="verb:sign",
    passages=(0,),
    actors=("Freedonia", "Sylvania"),
    mediators=("League of Leagues",),
    places=("Klopstokia",),
    about=("Treaty of Klopstokia",),
    when=DAY,
    cites=(0,),
    spans=(
        Span(0, 0, 9, Part.ACTOR, "Freedonia"),
        Span(0, 14, 22, Part.ACTOR, "Sylvania"),
        Span(0, 23, 29, Part.TRIGGER),
        Span(0, 34, 54, Part.ABOUT, "Treaty of Klopstokia"),
        Span(0, 58, 68, Part.DATE),
    ),
)
DENIAL = Event(
    key="e2",
    category="SUPPORT-recognize",
    trigger="recognise",
    rule="verb:recognise",
    passages=(1,),
    actors=("Rufus T. Firefly",),
    recipients=("Sylvania",),
    modality=Modality.NEGATED,
    about=("e1",),
    quote="never",
    amount="one",
)
TREATY = Agreement(
    "Treaty of Klopstokia",
    "verb:sign",
    (0,),
    parties=("Freedonia", "Sylvania"),
    signatories=("Rufus T. Firefly",),
    mediators=("League of Leagues",),
    places=("Klopstokia",),
    when=DAY,
    cites=(0,),
    spans=(Span(0, 34, 54, Part.TRIGGER, "Treaty of Klopstokia"), Span(0, 0, 9, Part.PARTY, "Freedonia")),
)
TENURE = Tenure(
    "Rufus T. Firefly",
    "President of Freedonia",
    "Freedonia",
    "title",
    (1,),
    attested=("1933",),
    former=True,
    spans=(Span(1, 0, 9, Part.OFFICE), Span(1, 10, 26, Part.HOLDER, "Rufus T. Firefly")),
)


def facts(**changes: Any) -> ArticleFacts:
    values: dict[str, Any] = {
        "entities": ENTITIES,
        "mentions": (("Freedonia", "Sylvania", "Treaty of Klopstokia"), ("Rufus T. Firefly", "Sylvania"), ("Freedonia",)),
        "events": (SIGNING, DENIAL),
        "agreements": (TREATY,),
        "tenures": (TENURE,),
    }
    return ArticleFacts(**(values | changes))


def evidence(kind: Kind, weight: float) -> tuple[Evidence, ...]:
    return (Evidence("test", kind, weight),)
