"""What the language stage hands to the extraction: parsed passages whose mentions and dates are known.

A ``PassageDoc`` pairs a passage with its parsed spaCy ``Doc``. Token indices in mentions and dates refer to that Doc, in which known names and
dates may be single tokens; ``doc.text == passage.text``, so character offsets are those of the passage.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc

from kg.facts import Entity, Interval
from kg.wikitext.article import Article, Passage


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens ``doc[start:end]`` stand for the entities in ``keys`` (several for "both", "the two sides").

    ``rule`` names how that was known: ``link``, ``alias``, ``surname``, ``acronym``, ``recognised``, ``nationality``, ``compound``,
    ``metonym``, ``pronoun``, ``two-sides``, ``definite``, ``role`` …; ``coreferent`` is true for pronouns and
    descriptions, false where the text names the entity itself. ``attributive`` is true for nationality words ("Serbian" leads to Serbia).
    """

    start: int
    end: int
    keys: tuple[str, ...]
    rule: str
    coreferent: bool = False
    attributive: bool = False


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Tokens ``doc[start:end]`` say when: ``when`` resolved against the passage's context."""

    start: int
    end: int
    when: Interval


@dataclass(frozen=True, slots=True)
class PassageDoc:
    """A passage, its parse, and what its words refer to. Mentions and times are sorted by position and do not overlap."""

    passage: Passage
    doc: Doc
    mentions: tuple[Mention, ...] = ()
    times: tuple[TimeExpression, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as understood by the language stage: ``passages[i]`` belongs to ``article.passages[i]``."""

    article: Article
    passages: tuple[PassageDoc, ...]
    entities: dict[str, Entity]
