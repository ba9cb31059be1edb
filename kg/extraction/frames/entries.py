"""The entries of the lexicon, as frozen data: what ``kg.extraction.frames.lexicon`` reads and the rules look up.

The TOML format behind them is described in ``lexicon/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.extraction.frames.nouns import NOTHING
from kg.extraction.frames.table import FrameTable
from kg.extraction.syntax.phrases import NounPattern, PhraseRestriction, Preposition, plural
from kg.facts import Kind, Modality


@dataclass(frozen=True, slots=True)
class Frame:
    """A mapping from syntactic positions to roles ("a|b": the first that the filler's kind allows)."""

    name: str
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VerbEntry:
    """A verb with its restrictions, its category, and its arguments' roles; ``source`` is its name in ``ent:rule``."""

    source: str
    lemmas: tuple[str, ...]
    category: str
    roles: Mapping[str, str]
    object: PhraseRestriction | None = None
    not_object: PhraseRestriction | None = None
    subject: PhraseRestriction | None = None
    not_subject: PhraseRestriction | None = None
    complement: PhraseRestriction | None = None
    particle: tuple[str, ...] = ()
    prepositions: tuple[Preposition, ...] = ()
    clause: str | None = None
    voice: str | None = None
    intransitive: bool = False
    several: bool = False
    optional_object: bool = False
    modality: Modality | None = None
    needs: tuple[str, ...] = ()

    @property
    def specificity(self) -> int:
        """The more restrictions an entry has, the earlier it is tried."""
        asked = (self.object, self.subject, self.complement)
        plain = (self.not_object, self.not_subject, self.voice, self.intransitive or None, self.several or None)
        weights = [w.weight for w in asked if w] + [p.weight for p in self.prepositions]
        return sum(weights) + sum(x is not None for x in plain) + 4 * bool(self.particle) + 3 * bool(self.clause) - 2 * self.optional_object


@dataclass(frozen=True, slots=True)
class NounEntry:
    """An event noun: alone with its arguments, or as the object of a light verb.

    With a verb of ``inverse`` ("receive aid from"), the verb's subject is the recipient and "from" marks the actor.
    """

    source: str
    patterns: tuple[NounPattern, ...]
    category: str
    roles: Mapping[str, str]
    light: frozenset[str] = frozenset()
    inverse: frozenset[str] = frozenset()
    alone: bool = False
    prepositions: tuple[Preposition, ...] = ()
    modality: Modality | None = None
    needs: tuple[str, ...] = ()

    @property
    def specificity(self) -> int:
        """The more restrictions an entry has, the earlier it is tried."""
        return max(p.weight for p in self.patterns) + sum(p.weight for p in self.prepositions)


@dataclass(frozen=True, slots=True)
class AdjectiveEntry:
    """An adjective or participle that gives a name a role in its noun's event, or is a predicate ("critical of")."""

    source: str
    lemmas: tuple[str, ...]
    role: str | None = None
    category: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    clause: str | None = None
    prepositions: tuple[Preposition, ...] = ()
    modality: Modality | None = None
    needs: tuple[str, ...] = ()

    @property
    def specificity(self) -> int:
        """The more restrictions an entry has, the earlier it is tried."""
        return (self.clause is not None) + sum(p.weight for p in self.prepositions)


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """An office or role noun.

    ``bodies`` are the kinds of body to which it belongs; ``office`` is false for a description such as "lawyer".
    """

    source: str
    patterns: tuple[NounPattern, ...]
    office: bool
    bodies: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Context:
    """The interpretation of a predicate inside another: "said that X must leave" asks, "said that it would leave" promises.

    ``outer`` and ``inner`` are categories without mode ("*": any), ``verbs`` the only outer verbs if given, ``auxiliary`` that of
    the inner verb (a group of ``light.toml``).
    """

    source: str
    outer: frozenset[str]
    inner: frozenset[str]
    category: str
    verbs: frozenset[str] = frozenset()
    auxiliary: str | None = None
    negated: bool | None = None
    same_subject: bool | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries, indexed by lemma (multiword nouns by their head), the most specific first.

    ``forms`` maps each form of the lexicon's verbs to its lemmas, ``plurals`` the plurals of its nouns to theirs.
    """

    frames: Mapping[str, Frame]
    classes: Mapping[str, PhraseRestriction]
    verbs_by_lemma: Mapping[str, tuple[VerbEntry, ...]]
    nouns_by_lemma: Mapping[str, tuple[NounEntry, ...]]
    adjectives_by_lemma: Mapping[str, tuple[AdjectiveEntry, ...]]
    offices_by_lemma: Mapping[str, tuple[OfficeEntry, ...]]
    contexts: tuple[Context, ...]
    groups: Mapping[str, Mapping[str, frozenset[str]]]
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plurals: Mapping[str, str] = field(default_factory=dict)
    table: FrameTable = field(default_factory=lambda: FrameTable({}, {}))
    group_by_lemma: Mapping[str, Mapping[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Map each lemma of a section to the first group that contains it."""
        by_lemma: dict[str, dict[str, str]] = {}
        for section, groups in self.groups.items():
            by_lemma[section] = {lemma: name for name, lemmas in reversed(list(groups.items())) for lemma in lemmas}
        object.__setattr__(self, "group_by_lemma", by_lemma)

    def group(self, section: str, lemma: str) -> str | None:
        """Return the group of a section of ``light.toml`` that contains the lemma: ``group("aspect", "resume")`` is "begin"."""
        return self.group_by_lemma.get(section, {}).get(lemma)

    def can_act(self, lemma: str) -> bool:
        """Whether a noun can act for its state or body: "troops", "parliament", "officials"."""
        return self._in_class("act", lemma) or "troops" in self.table.nouns.get(lemma, NOTHING)

    def acts_for_person(self, lemma: str) -> bool:
        """Whether a body acts for its person: "his government", "the president's office"."""
        return any(self._in_class(name, lemma) for name in ("government", "army", "police", "body"))

    def is_local(self, lemma: str) -> bool:
        """Whether a noun acts for the state that contains it: "police in X", "rebels in X" (not "troops in X")."""
        return self._in_class("local", lemma)

    def is_site(self, lemma: str) -> bool:
        """Whether a noun denotes something in a state, so that acts on it are acts on the state."""
        return self._in_class("site", lemma)

    def is_statement(self, lemma: str) -> bool:
        """Whether the issuer of a noun's referent says its content: "statement", "resolution", "letter"."""
        return self._in_class("statement", lemma) or self._in_class("resolution", lemma)

    def is_wording(self, lemma: str) -> bool:
        """Whether a noun denotes a text: "bill", "amendment", "resolution", "petition"."""
        return any(self._in_class(name, lemma) for name in ("law", "statement", "resolution", "proposal"))

    def is_message(self, lemma: str) -> bool:
        """Whether a noun denotes words said to or agreed with somebody: "letter", "call", "treaty"."""
        return self.is_statement(lemma) or self._in_class("message", lemma)

    def is_issuing(self, lemma: str) -> bool:
        """Whether the subject of a verb says the content of the statement that is its object."""
        return self._in_class("issuing", lemma)

    def is_border(self, lemma: str) -> bool:
        """Whether two states share a noun's referent: what happens "along the border with X" is towards X."""
        return self._in_class("border", lemma)

    def is_partitive(self, lemma: str) -> bool:
        """Whether a noun stands for the complement of "of": "group", "dozens", "majority"."""
        return self._in_class("partitive", lemma)

    def _in_class(self, name: str, lemma: str) -> bool:
        words = self.classes.get(name)
        return words is not None and (lemma in words.alone or (words.anything and lemma in words.by_head))


def by_lemma(entries: Iterable[Any], lemmas: Any) -> dict[str, tuple[Any, ...]]:
    """Index entries by each of their lemmas, the most specific first, else in file order."""
    index: dict[str, list[Any]] = {}
    for entry in entries:
        for lemma in sorted(set(lemmas(entry))):
            index.setdefault(lemma, []).append(entry)
    return {lemma: tuple(sorted(index[lemma], key=lambda e: -getattr(e, "specificity", 0))) for lemma in sorted(index)}


def heads(entry: NounEntry | OfficeEntry) -> Iterator[str]:
    """Return the lemmas under which an entry with noun patterns is indexed."""
    for pattern in entry.patterns:
        yield pattern.head
        yield plural(pattern.head)
