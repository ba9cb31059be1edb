"""An event under construction."""

from __future__ import annotations

from dataclasses import dataclass

from kg.extraction.events.predicates import Predicate
from kg.extraction.events.roles import Roles
from kg.extraction.frames.matching import lemma
from kg.facts import Interval, Modality


@dataclass(frozen=True)
class EventDraft:
    """An event under construction: the reading of a predicate, still linked to its tokens."""

    predicate: Predicate
    category: str
    roles: Roles
    modality: Modality
    when: Interval | None
    passages: tuple[int, ...]
    cites: tuple[int, ...]
    agreements: tuple[str, ...] = ()
    quote: str | None = None
    rules: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """Whose statement it is, if the text only reports what they say."""
    carried: bool = False
    """Whether the time is inherited from a preceding event."""
    retold: tuple[EventDraft, ...] = ()
    """Other reports of the same event, as read."""

    @property
    def passage(self) -> int:
        """The passage that reports it first."""
        return self.passages[0]

    @property
    def trigger(self) -> str:
        """The lemma of the word that reports the event."""
        token = self.predicate.token
        return token.lower_ if self.predicate.kind == "attribution" else lemma(token)

    @property
    def rule(self) -> str:
        """How the event was read: the kind of predicate, its lexicon entry, and later changes."""
        return " > ".join([f"{self.predicate.kind} {self.predicate.source}", *self.rules])
