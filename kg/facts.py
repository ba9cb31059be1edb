"""Plain data classes passed between the language, extraction and graph stages.

All are frozen, made of built-in types, picklable, and independent of spaCy and RDF. An entity is identified by its *key*: the title
of the linked Wikipedia page or, without a link, the fullest form of the name. Passages and references are identified by their index
in ``Article.passages`` and ``Article.references``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """The classes of entity in the ontology (``ent:`` + value). ``ENTITY`` is a linked page of unknown class."""

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
    """PLOVER's auxiliary modes, and allegations (``ent:`` + value)."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    FUTURE = "future"
    HYPOTHETICAL = "hypothetical"
    ALLEGED = "alleged"


class Precision(StrEnum):
    """The precision with which a text gives a time."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of days.

    ``value`` is the ISO 8601 form that the text allows (``2008-02-18``, ``2008-02``, ``2008``), or None for a range; ``anchor`` is
    the ISO date against which a relative expression was resolved; ``rule`` names how. ``inferred``: not stated by the text, but
    inferred from neighbouring events or a heading; ``value`` is then None.
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
    """One reason for an entity's class: its ``source``, the class it supports, and its weight."""

    source: str
    kind: Kind
    weight: float


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that the article names.

    ``page`` is the title of the linked Wikipedia page (with spaces), or None; ``label`` the page's title or the fullest name;
    ``names`` all other forms in the text, sorted; ``country`` the key of its state, if known; ``adjectives`` the nationality words
    that the text uses for a state ("Danish", "Danes"), sorted.
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
    """Words of a headline that are kept or left out together, in line order.

    ``text`` begins with a space if one precedes it. ``rank`` 0 is always kept; of the others, the lowest are kept first, as far as
    there is room. Wordings with the same ``constituent`` number form one constituent; one inside another (``within``) is kept only
    with it. ``instead`` replaces a constituent that is left out ("and others").
    """

    text: str
    rank: int = 0
    constituent: int = 0
    within: int = 0
    instead: str = ""


class Part(StrEnum):
    """What a span of a passage was read as: the trigger of a fact, one of its roles, its time (``ent:`` + value + ``At``)."""

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
    """A span ``text[start:end]`` of a passage, read as a part of a fact; ``key`` is the entity that it refers to, if any."""

    passage: int
    start: int
    end: int
    part: Part
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, was said, or is planned. Roles contain entity keys; ``about`` may also contain event keys; ``sources``
    are those to whom the statement is attributed.

    ``category`` is the most specific code (``COERCE-arrest``, ``AGREE``); ``headline`` has the words of the clause that reports the
    event, without its date; ``label`` is a headline written by a person instead. ``key`` is unique within the article and the same
    for the same input; ``cites`` and ``passages`` are indices into the article.
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
    """The features from which the confidence was computed."""
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
    """All facts of one article: what the graph stage turns into RDF.

    ``mentions[i]`` has the keys of the entities named in passage ``i``; ``notes`` counts what was judged implausible, by reason,
    sorted.
    """

    entities: tuple[Entity, ...]
    mentions: tuple[tuple[str, ...], ...]
    events: tuple[Event, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    tenures: tuple[Tenure, ...] = ()
    notes: tuple[tuple[str, int], ...] = ()
