"""What the language stage hands to the extraction: parsed passages whose mentions and dates are known.

A ``PassageDoc`` pairs a passage with its parsed spaCy ``Doc``. Token indices in mentions and dates refer to that Doc, in which known
names and dates may be single tokens; ``doc.text == passage.text``, so character offsets are those of the passage.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc

from kg.facts import Entity, Interval
from kg.wikitext.article import Article, Passage


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens ``doc[start:end]`` stand for the entities in ``keys`` (several for "both", "the two sides").

    ``rule`` names how that was known: ``link``, ``alias``, ``surname``, ``acronym``, ``recognised``, ``nationality``, ``citizens``,
    ``compound``, ``metonym``, ``pronoun``, ``two-sides``, ``definite``, ``role`` …; ``coreferent`` is true for pronouns and
    descriptions, false where the text names the entity itself. ``attributive`` is true for nationality words: "Danish" and "Danes"
    lead to Denmark. ``named`` holds what the words name by themselves where that is something else than what they stand for: a capital
    that stands for its government has the state in ``keys`` and the city in ``named``.
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
    """Tokens ``doc[start:end]`` say when: ``when`` resolved against the passage's context.

    ``relation`` is what the words around say ("point", "since", "until", "by", "before", "after", "throughout", "range", "around",
    "anchor");
    ``named`` is true where the time belongs to a noun or name ("the 2013 accord") and need not be that of what is told; ``future`` where
    it is told as still to come.
    """

    start: int
    end: int
    when: Interval
    relation: str = "point"
    named: bool = False
    future: bool = False


@dataclass(frozen=True, slots=True)
class PassageDoc:
    """A passage, its parse, and what its words refer to. Mentions and times are sorted by position and do not overlap.

    ``topics`` are the keys of linked pages that play no part in what the passage tells: offices, and those
    whose class is not known. ``sides`` are the two states whose relations the article, or its section, is about, or ().
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

    ``joined`` holds the two states that the name of an agreement or event joins ("China–Nepal Border Treaty"), by its key.
    """

    article: Article
    passages: tuple[PassageDoc, ...]
    entities: dict[str, Entity]
    joined: dict[str, tuple[str, str]] = field(default_factory=dict)


def named_keys(reading: Reading) -> tuple[tuple[str, ...], ...]:
    """For each passage the keys of the entities that its words name, in order: not pronouns and descriptions; a nationality word counts
    only for a state that the article also names outright."""
    outright = {key for p in reading.passages for m in p.mentions if not m.coreferent and not m.attributive for key in m.named or m.keys}
    return tuple(
        tuple(dict.fromkeys([*(k for m in p.mentions if not m.coreferent for k in m.named or m.keys if k in outright), *p.topics]))
        for p in reading.passages
    )
