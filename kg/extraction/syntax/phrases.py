"""Noun phrases of a sentence, and the restrictions of lexicon entries on them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache

from kg.facts import Kind

PREPOSITIONS = frozenset(
    """about above according across after against along alongside amid among around as at before behind below between beyond by
    concerning despite due during except following for from in inside into near of off on onto opposite out outside over
    regarding through throughout to toward towards under until upon via with within without""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """An argument: its head, modifiers and complements ("of", "emergency") as lemmas, and its kinds."""

    head: str
    modifiers: frozenset[str] = frozenset()
    complements: frozenset[tuple[str, str]] = frozenset()
    kinds: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class NounPattern:
    """A noun with required modifiers or complement: "warrant", "arrest warrant", "state of emergency"."""

    head: str
    modifiers: frozenset[str] = frozenset()
    complement: tuple[str, str] | None = None

    def matches(self, phrase: NounPhrase) -> bool:
        """Whether the phrase has this head, these modifiers and this complement."""
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
        """Its specificity."""
        return 1 + len(self.modifiers) + (self.complement is not None)


@dataclass(frozen=True, slots=True)
class PhraseRestriction:
    """A restriction on an argument: noun patterns, entity kinds, or anything at all ("*")."""

    patterns: tuple[NounPattern, ...] = ()
    kinds: frozenset[Kind] = frozenset()
    anything: bool = False
    by_head: Mapping[str, tuple[NounPattern, ...]] = field(init=False, repr=False, compare=False)
    alone: Set[str] = field(init=False, repr=False, compare=False)
    """The heads that need no modifier or complement."""

    def __post_init__(self) -> None:
        """Sort the patterns by the heads that they match: a class of nouns may have hundreds."""
        by_head: dict[str, tuple[NounPattern, ...]] = {}
        for pattern in self.patterns:
            for head in {pattern.head, plural(pattern.head)}:
                by_head[head] = (*by_head.get(head, ()), pattern)
        object.__setattr__(self, "by_head", by_head)
        alone = {pattern.head for pattern in self.patterns if not pattern.modifiers and pattern.complement is None}
        object.__setattr__(self, "alone", alone | set(map(plural, alone)))

    def admits(self, phrase: NounPhrase) -> bool:
        """Whether the phrase satisfies the restriction."""
        return self.anything or bool(self.kinds & phrase.kinds) or any(p.matches(phrase) for p in self.by_head.get(phrase.head, ()))

    @property
    def weight(self) -> int:
        """Its specificity."""
        return 1 if self.anything else 2 if self.kinds else 3 + min((p.weight for p in self.patterns), default=1)


@dataclass(frozen=True, slots=True)
class Preposition:
    """A required prepositional argument: one of ``names`` with a noun that ``words`` admits."""

    names: tuple[str, ...]
    words: PhraseRestriction

    @property
    def weight(self) -> int:
        """Its specificity, including the preposition itself."""
        return 1 + self.words.weight


@lru_cache(maxsize=16384)
def plural(noun: str) -> str:
    """Return the regular plural. Taggers leave it as the lemma of names and of nouns like "talks", so it is matched too."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    if noun.endswith("man"):
        return noun[:-2] + "en"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun) else "s")


def is_preposition(text: str) -> bool:
    """Whether a text is a preposition, or a fixed phrase that begins with one ("out of", "on behalf of")."""
    return text.split(" ")[0] in PREPOSITIONS


def parse_pattern(text: str) -> NounPattern:
    """Parse "arrest warrant" or "declaration of independence": modifiers, head, one complement after a preposition."""
    words = text.split()
    at = next((i for i, w in enumerate(words) if i and w in PREPOSITIONS), len(words))
    complement = (words[at], words[-1]) if at < len(words) - 1 else None
    return NounPattern(words[at - 1], frozenset(words[: at - 1]), complement)
