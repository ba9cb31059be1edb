"""The state of the discourse before a sentence, frozen, from which the resolvers read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kg.extraction.events.drafts import EventDraft
from kg.extraction.frames.entries import Lexicon
from kg.extraction.syntax.phrases import NounPhrase
from kg.facts import Entity, Kind, Modality
from kg.language.entities.bilateral import relations_of
from kg.language.reading import PassageDoc, Reading
from kg.wikitext.article import PassageKind


@dataclass(frozen=True, slots=True)
class Discourse:
    """What is known when a passage begins.

    ``serves`` maps persons to the states that they serve; ``target`` is the state in the title of an article on restrictions,
    ``own`` that in the title of an article on the foreign relations of one state;
    ``told`` has the events of the section so far, in order.
    """

    reading: Reading
    lexicon: Lexicon
    serves: Mapping[str, str]
    target: str | None
    own: str | None
    passage: PassageDoc
    told: tuple[EventDraft, ...] = ()

    @property
    def sides(self) -> tuple[str, ...]:
        """The two states that the section is about, or ()."""
        return self.passage.sides

    @property
    def entities(self) -> Mapping[str, Entity]:
        """The entities of the article."""
        return self.reading.entities

    @property
    def dated(self) -> list[EventDraft]:
        """The dated events of the section so far."""
        return [d for d in self.told if d.when is not None and d.modality is Modality.ASSERTED]

    def state_of(self, key: str) -> str | None:
        """Return the state that an entity is, serves or belongs to."""
        entity = self.entities[key]
        return key if entity.kind is Kind.STATE else self.serves.get(key) or entity.country

    def other_side(self, keys: Sequence[str]) -> str | None:
        """Return the side other than that of all these; None if they are not all of one side."""
        own = {self.state_of(key) for key in keys}
        others = [side for side in self.sides if side not in own]
        return others[0] if len(self.sides) == 2 and len(own) == len(others) == 1 and own <= {*self.sides} else None

    def enter(self, passage: PassageDoc) -> Discourse:
        """Return the state when the next passage begins: a new section forgets the events of the previous one."""
        same = passage.passage.section == self.passage.passage.section and passage.sides == self.sides
        return replace(self, passage=passage, told=self.told if same else ())

    def after(self, events: Sequence[EventDraft]) -> Discourse:
        """Return the state after the events of the passage; captions, rows and items stand alone."""
        if self.passage.passage.kind is not PassageKind.SENTENCE:
            return self
        return replace(self, told=(*self.told, *events))


def beginning(reading: Reading, serves: Mapping[str, str], lexicon: Lexicon) -> Discourse:
    """Return the state before the first passage."""
    return Discourse(reading, lexicon, serves, _target(reading, lexicon), _own(reading), reading.passages[0])


def _own(reading: Reading) -> str | None:
    """Return the state in a title such as "Foreign relations of X"."""
    name = relations_of(reading.article.title)
    states = (e for e in reading.entities.values() if e.kind is Kind.STATE)
    return next((e.key for e in states if name in (e.label, *e.names)), None)


def _target(reading: Reading, lexicon: Lexicon) -> str | None:
    """Return the only state against which restrictions are in the article's title ("Sanctions against X", "Embargo of Y")."""
    words = reading.article.title.lower().split()
    states = [e for e in reading.entities.values() if e.kind is Kind.STATE and e.label in reading.article.title]
    restrictions = [w for w in words if lexicon.classes["restriction"].admits(NounPhrase(w.removesuffix("s")))]
    return states[0].key if len(states) == 1 and restrictions else None
