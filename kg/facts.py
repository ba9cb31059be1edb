"""Plain data classes that pass between the language, extraction and graph stages.

Everything here is frozen, made of built-in types, picklable, and knows nothing of spaCy or RDF. Entities are named by
their *key*: the title of the linked Wikipedia page, or, where the article links none, the fullest form of the name.
Passages and references are named by their index in ``Article.passages`` and ``Article.references``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """The classes of entity in the ontology (``ent:`` + value). ``ENTITY`` is a linked page of which nothing tells the class."""

    PERSON = "Person"
    STATE = "State"
    INSTITUTION = "Institution"
    GROUP = "Group"
    PLACE = "Place"
    AGREEMENT = "Agreement"
    EVENT = "Event"
    OFFICE = "Office"
    ENTITY = "Entity"


class Modality(StrEnum):
    """PLOVER's auxiliary modes, and what is only claimed (``ent:`` + value)."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    FUTURE = "future"
    HYPOTHETICAL = "hypothetical"
    ALLEGED = "alleged"


class Precision(StrEnum):
    """How exactly a text gives a time."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of days.

    ``value`` is the ISO 8601 form that the text allows (``2008-02-18``, ``2008-02``, ``2008``), or None where no single
    one says it (a range); ``anchor`` is the ISO date that a relative expression was resolved against; ``rule`` names how.
    ``inferred``: the text does not say it, the happenings told around it or a heading tell; ``value`` is then None.
    """

    earliest: date
    latest: date
    precision: Precision
    value: str | None
    anchor: str | None = None
    rule: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for an entity's class: what was seen (``source``), what it speaks for, and its weight."""

    source: str
    kind: Kind
    weight: float


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that the article names.

    ``page`` is the title of the linked Wikipedia page (with spaces), or None; ``label`` the page's title or the fullest
    name; ``names`` every other form that the text uses, sorted; ``country`` the key of its state, where known; ``adjectives``
    the nationality words that the text uses for a state ("Danish", "Danes"), sorted.
    """

    key: str
    label: str
    kind: Kind
    names: tuple[str, ...] = ()
    page: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    evidence: tuple[Evidence, ...] = ()
    adjectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of a headline that stay or are left out together, in the order of the line.

    ``text`` begins with a space where one belongs before it. ``rank`` 0 always stays; of the others the lowest come in first, as long as
    there is room. Wordings with one ``constituent`` number are one constituent; one inside another (``within``) comes in only with it.
    ``instead`` stands where the constituent is left out ("and others").
    """

    text: str
    rank: int = 0
    constituent: int = 0
    within: int = 0
    instead: str = ""


class Part(StrEnum):
    """What words of a passage were read as: the trigger of a fact, one of its roles, its time (``ent:`` + value + ``At``)."""

    TRIGGER = "trigger"
    ACTOR = "actor"
    RECIPIENT = "recipient"
    MEDIATOR = "mediator"
    PLACE = "place"
    ABOUT = "about"
    SOURCE = "source"
    PARTY = "party"
    SIGNATORY = "signatory"
    HOLDER = "holder"
    OFFICE = "office"
    ORGANIZATION = "organization"
    DATE = "date"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``text[start:end]`` of a passage were read as a part of a fact; ``key`` is the entity that they stand for, if any."""

    passage: int
    start: int
    end: int
    part: Part
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, was said, or is planned. Roles hold entity keys; ``about`` may also hold event keys;
    ``sources`` are those whose words it is.

    ``category`` is the finest code (``COERCE-arrest``, ``AGREE``); ``headline`` holds the words of the sentence's own clause that tell
    it, without its date; ``label`` a line that somebody wrote for it instead. ``key`` is unique within the article and the same for
    the same input; ``cites`` and ``passages`` are indices into the article.
    """

    key: str
    category: str
    trigger: str
    rule: str
    passages: tuple[int, ...]
    actors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    mediators: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    when: Interval | None = None
    modality: Modality = Modality.ASSERTED
    quote: str | None = None
    amount: str | None = None
    cites: tuple[int, ...] = ()
    label: str = ""
    headline: tuple[Wording, ...] = ()
    confidence: float | None = None
    signs: tuple[tuple[str, float], ...] = ()
    """What the confidence was reckoned from."""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """The terms of an agreement; ``key`` is that of an Entity of kind AGREEMENT."""

    key: str
    rule: str
    passages: tuple[int, ...]
    parties: tuple[str, ...] = ()
    signatories: tuple[str, ...] = ()
    mediators: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    when: Interval | None = None
    cites: tuple[int, ...] = ()
    confidence: float | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Tenure:
    """One holder's time in one office. ``office`` is the office's label ("Prime Minister of Peru")."""

    holder: str
    office: str
    organization: str | None
    rule: str
    passages: tuple[int, ...]
    office_page: str | None = None
    attested: tuple[str, ...] = ()
    earliest: date | None = None
    latest: date | None = None
    former: bool = False
    acting: bool = False
    cites: tuple[int, ...] = ()
    confidence: float | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """All that is known of one article: what the graph stage turns into RDF.

    ``mentions[i]`` holds the keys of the entities named in passage ``i``; ``notes`` counts what was judged implausible, by reason, sorted.
    """

    entities: tuple[Entity, ...]
    mentions: tuple[tuple[str, ...], ...]
    events: tuple[Event, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    tenures: tuple[Tenure, ...] = ()
    notes: tuple[tuple[str, int], ...] = ()
