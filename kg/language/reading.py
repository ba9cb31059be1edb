"""The output of the language stage: parsed passages with resolved mentions and dates.

A ``PassageDoc`` pairs a passage with its parsed spaCy ``Doc``. Token indices in mentions and dates refer to that Doc, in which
known names and dates may be single tokens; ``doc.text == passage.text``, so character offsets are those of the passage.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc

from kg.facts import Entity, Interval
from kg.wikitext.article import Article, Passage


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens ``doc[start:end]`` refer to the entities in ``keys`` (several for "both", "the two sides").

    ``rule`` names how they were resolved: ``link``, ``alias``, ``surname``, ``acronym``, ``recognised``, ``nationality``,
    ``citizens``, ``compound``, ``metonym``, ``pronoun``, ``two-sides``, ``definite``, ``role`` …; ``coreferent`` is true for
    pronouns and descriptions, false for names. ``attributive`` is true for nationality words: "Danish" and "Danes" refer to
    Denmark. ``named`` is what the words name literally, if that differs from their referent: a capital used for its government has
    the state in ``keys`` and the city in ``named``.
    """

    start: int
    end: int
    keys: tuple[str, ...]
    rule: str
    coreferent: bool = False
    attributive: bool = False
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Tokens ``doc[start:end]`` are a time expression, whose value ``when`` was resolved in the passage's context.

    ``relation`` is given by the words around ("point", "since", "until", "by", "before", "after", "throughout", "range", "around",
    "anchor"); ``named`` is true if the time belongs to a noun or name ("the 2013 accord") and need not be that of the event;
    ``future`` if it is still to come.
    """

    start: int
    end: int
    when: Interval
    relation: str = "point"
    named: bool = False
    future: bool = False


@dataclass(frozen=True, slots=True)
class PassageDoc:
    """A passage, its parse, and the referents of its words. Mentions and times are sorted by position and do not overlap.

    ``topics`` are the keys of linked pages that are not participants: offices, and those of unknown class. ``sides`` are the two
    states whose relations the article, or its section, is about, or ().
    """

    passage: Passage
    doc: Doc
    mentions: tuple[Mention, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    topics: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as understood by the language stage: ``passages[i]`` belongs to ``article.passages[i]``.

    ``joined`` has the two states in the name of an agreement or event ("China–Nepal Border Treaty"), by its key.
    """

    article: Article
    passages: tuple[PassageDoc, ...]
    entities: dict[str, Entity]
    joined: dict[str, tuple[str, str]] = field(default_factory=dict)


def named_keys(reading: Reading) -> tuple[tuple[str, ...], ...]:
    """Return, for each passage, the keys of the entities that it names, in order.

    Pronouns and descriptions do not count, and a nationality word only if the article also names the state itself.
    """
    outright = {key for p in reading.passages for m in p.mentions if not m.coreferent and not m.attributive for key in m.named or m.keys}
    return tuple(
        tuple(dict.fromkeys([*(k for m in p.mentions if not m.coreferent for k in m.named or m.keys if k in outright), *p.topics]))
        for p in reading.passages
    )
