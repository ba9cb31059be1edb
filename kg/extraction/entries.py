"""The entries of the lexicon, as frozen data: what ``kg.extraction.lexicon`` reads and the rules look up.

The TOML format behind them is described in ``lexicon/README.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kg.facts import Kind, Modality

PREPOSITIONS = frozenset(
    """about above according across after against along alongside amid among around as at before behind below between beyond by
    concerning despite due during except following for from in inside into near of off on onto opposite out outside over
    regarding through throughout to toward towards under until upon via with within without""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """What is known of an argument: its head, modifiers and complements ("of", "emergency") as lemmas, its kinds."""

    head: str
    modifiers: frozenset[str] = frozenset()
    complements: frozenset[tuple[str, str]] = frozenset()
    kinds: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A noun with what must stand by it: "warrant", "arrest warrant", "state of emergency"."""

    head: str
    modifiers: frozenset[str] = frozenset()
    complement: tuple[str, str] | None = None

    def matches(self, phrase: NounPhrase) -> bool:
        """True where the phrase has this head, these modifiers and this complement."""
        return (
            phrase.head in (self.head, plural(self.head))
            and self.modifiers <= phrase.modifiers
            and (self.complement is None or bool(phrase.complements & self._complements()))
        )

    def _complements(self) -> set[tuple[str, str]]:
        assert self.complement is not None
        preposition, noun = self.complement
        return {(preposition, noun), (preposition, plural(noun))}

    @property
    def weight(self) -> int:
        """How much it asks for."""
        return 1 + len(self.modifiers) + (self.complement is not None)


@dataclass(frozen=True, slots=True)
class Words:
    """A restriction on an argument: noun patterns, entity kinds, or anything at all ("*")."""

    patterns: tuple[Pattern, ...] = ()
    kinds: frozenset[Kind] = frozenset()
    anything: bool = False
    by_head: Mapping[str, tuple[Pattern, ...]] = field(init=False, repr=False, compare=False)
    alone: Set[str] = field(init=False, repr=False, compare=False)
    """The heads that need no other word beside them."""

    def __post_init__(self) -> None:
        """Sort the patterns by the heads that they match: a class of nouns may hold hundreds."""
        by_head: dict[str, tuple[Pattern, ...]] = {}
        for pattern in self.patterns:
            for head in {pattern.head, plural(pattern.head)}:
                by_head[head] = (*by_head.get(head, ()), pattern)
        object.__setattr__(self, "by_head", by_head)
        alone = {pattern.head for pattern in self.patterns if not pattern.modifiers and pattern.complement is None}
        object.__setattr__(self, "alone", alone | set(map(plural, alone)))

    def admits(self, phrase: NounPhrase) -> bool:
        """True where the phrase is one of these."""
        return self.anything or bool(self.kinds & phrase.kinds) or any(p.matches(phrase) for p in self.by_head.get(phrase.head, ()))

    @property
    def weight(self) -> int:
        """How narrow the restriction is."""
        return 1 if self.anything else 2 if self.kinds else 3 + min((p.weight for p in self.patterns), default=1)


@dataclass(frozen=True, slots=True)
class Preposition:
    """A prepositional argument that must be there: one of ``names`` with a noun that ``words`` admits."""

    names: tuple[str, ...]
    words: Words

    @property
    def weight(self) -> int:
        """The preposition itself counts too."""
        return 1 + self.words.weight


@dataclass(frozen=True, slots=True)
class Frame:
    """Which syntactic position carries which role ("a|b": the first that the filler's kind allows)."""

    name: str
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VerbEntry:
    """A verb with its restrictions, its category, and its arguments' roles; ``source`` is its name in ``ent:rule``."""

    source: str
    lemmas: tuple[str, ...]
    category: str
    roles: Mapping[str, str]
    object: Words | None = None
    not_object: Words | None = None
    subject: Words | None = None
    not_subject: Words | None = None
    complement: Words | None = None
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
        """The more an entry asks for, the earlier it is tried."""
        asked = (self.object, self.subject, self.complement)
        plain = (self.not_object, self.not_subject, self.voice, self.intransitive or None, self.several or None)
        weights = [w.weight for w in asked if w] + [p.weight for p in self.prepositions]
        return sum(weights) + sum(x is not None for x in plain) + 4 * bool(self.particle) + 3 * bool(self.clause) - 2 * self.optional_object


@dataclass(frozen=True, slots=True)
class NounEntry:
    """An event noun: alone with its arguments, or as the object of a light verb.

    With a verb of ``inverse`` ("receive aid from") the verb's subject is the recipient and "from" the actor.
    """

    source: str
    patterns: tuple[Pattern, ...]
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
        """The more an entry asks for, the earlier it is tried."""
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
        """The more an entry asks for, the earlier it is tried."""
        return (self.clause is not None) + sum(p.weight for p in self.prepositions)


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """An office or role noun.

    ``bodies`` are the kinds of body that it belongs to, ``portfolio`` says whether "for X" or "of X" names its field,
    ``represents`` whether its holder speaks and acts for the body.
    """

    source: str
    patterns: tuple[Pattern, ...]
    office: bool
    bodies: frozenset[Kind]
    portfolio: bool = False
    represents: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What a predicate becomes inside another: "said that X must leave" asks, "said that it would leave" promises.

    ``outer`` and ``inner`` are categories without mode ("*": any), ``verbs`` the only outer verbs where given, ``auxiliary``
    that of the inner verb (a group of ``light.toml``).
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

    ``forms`` leads from each form of the lexicon's verbs to its lemmas, ``plurals`` from plurals of its nouns to theirs.
    """

    frames: Mapping[str, Frame]
    classes: Mapping[str, Words]
    verbs_by_lemma: Mapping[str, tuple[VerbEntry, ...]]
    nouns_by_lemma: Mapping[str, tuple[NounEntry, ...]]
    adjectives_by_lemma: Mapping[str, tuple[AdjectiveEntry, ...]]
    offices_by_lemma: Mapping[str, tuple[OfficeEntry, ...]]
    contexts: tuple[Context, ...]
    groups: Mapping[str, Mapping[str, frozenset[str]]]
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plurals: Mapping[str, str] = field(default_factory=dict)
    group_by_lemma: Mapping[str, Mapping[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lead from each lemma of a section to the first group that it is in."""
        by_lemma: dict[str, dict[str, str]] = {}
        for section, groups in self.groups.items():
            by_lemma[section] = {lemma: name for name, lemmas in reversed(list(groups.items())) for lemma in lemmas}
        object.__setattr__(self, "group_by_lemma", by_lemma)

    def group(self, section: str, lemma: str) -> str | None:
        """The group of a section of ``light.toml`` that the lemma is in: ``group("aspect", "resume")`` is "begin"."""
        return self.group_by_lemma.get(section, {}).get(lemma)

    def can_act(self, lemma: str) -> bool:
        """True for nouns that act for the state or body that they belong to: "troops", "parliament", "officials"."""
        return self._in_class("act", lemma)

    def acts_for_person(self, lemma: str) -> bool:
        """True for bodies that act for the person whose they are: "his government", "the president's office"."""
        return any(self._in_class(name, lemma) for name in ("government", "army", "police", "body"))

    def is_local(self, lemma: str) -> bool:
        """True for nouns that act for the state they are in: "police in X", "rebels in X" (not "troops in X")."""
        return self._in_class("local", lemma)

    def is_site(self, lemma: str) -> bool:
        """Whether a noun names something that stands in a state: what is done to it is done to the state."""
        return self._in_class("site", lemma)

    def is_statement(self, lemma: str) -> bool:
        """True for nouns whose issuer says what they say: "statement", "resolution", "letter"."""
        return self._in_class("statement", lemma) or self._in_class("resolution", lemma)

    def is_issuing(self, lemma: str) -> bool:
        """True for verbs whose subject says what the statement says that is their object."""
        return self._in_class("issuing", lemma)

    def is_border(self, lemma: str) -> bool:
        """True for nouns that two states share: what happens "along the border with X" is towards X."""
        return self._in_class("border", lemma)

    def is_partitive(self, lemma: str) -> bool:
        """True for nouns that stand for what follows "of": "group", "dozens", "majority"."""
        return self._in_class("partitive", lemma)

    def _in_class(self, name: str, lemma: str) -> bool:
        words = self.classes.get(name)
        return words is not None and (lemma in words.alone or (words.anything and lemma in words.by_head))


@lru_cache(maxsize=16384)
def plural(noun: str) -> str:
    """The regular plural. Taggers leave it as the lemma of names and of nouns like "talks", so it is matched too."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    if noun.endswith("man"):
        return noun[:-2] + "en"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun) else "s")


def is_preposition(text: str) -> bool:
    """True for a preposition, also a fixed phrase that begins with one ("out of", "on behalf of")."""
    return text.split(" ")[0] in PREPOSITIONS


def parse_pattern(text: str) -> Pattern:
    """Read "arrest warrant" or "declaration of independence": modifiers, head, one complement after a preposition."""
    words = text.split()
    at = next((i for i, w in enumerate(words) if i and w in PREPOSITIONS), len(words))
    complement = (words[at], words[-1]) if at < len(words) - 1 else None
    return Pattern(words[at - 1], frozenset(words[: at - 1]), complement)


def by_lemma(entries: Iterable[Any], lemmas: Any) -> dict[str, tuple[Any, ...]]:
    """Index entries by each of their lemmas, the most specific first, else in the order of the files."""
    index: dict[str, list[Any]] = {}
    for entry in entries:
        for lemma in sorted(set(lemmas(entry))):
            index.setdefault(lemma, []).append(entry)
    return {lemma: tuple(sorted(index[lemma], key=lambda e: -getattr(e, "specificity", 0))) for lemma in sorted(index)}


def heads(entry: NounEntry | OfficeEntry) -> Iterator[str]:
    """The lemmas under which an entry with noun patterns is found."""
    for pattern in entry.patterns:
        yield pattern.head
        yield plural(pattern.head)
