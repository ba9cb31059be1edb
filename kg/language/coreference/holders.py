"""Collect the office holders that the article mentions: "Turkish foreign minister X", "X, President of Y"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.facts import Kind
from kg.language.coreference.wordlists import CorefWords
from kg.language.reading import Mention, PassageDoc

_LEAD = re.compile(
    r"^(?:,? who (?:had been|was|is|has been|became|had become|(?:took|had taken) office as) |, )"
    r"(?:(?:the|then|now|a|by|former|current|outgoing|new|also) )*",
    re.IGNORECASE,
)
_ADJOINS = re.compile(r"(?:'s|’s)?\s*(?:(?!and |or |with |to |by |as |in |for |from )[a-z]+(?:-[a-z]+)?\s)?$")
_OF = re.compile(r" of (?:the )?")


@dataclass(frozen=True, slots=True)
class Holder:
    """An attestation in passage ``passage`` that a person holds an office (a number of ``role.offices``), of ``state`` if given."""

    person: str
    office: int
    state: str | None
    passage: int


@dataclass(frozen=True, slots=True)
class _Scene:
    """A passage's text with the states in it, by the offsets of their beginnings and ends, and the offsets where names of ``people``
    begin."""

    index: int
    text: str
    starts: Mapping[int, tuple[int, str]]
    ends: Mapping[int, tuple[int, str]]
    people: frozenset[int]


class Holders:
    """All attested office holders of an article, and the states of its persons."""

    def __init__(self, words: CorefWords, kinds: Mapping[str, Kind]):
        self._kinds, self._offices = kinds, words.offices
        self._wordings = sorted(words.offices, key=lambda w: (-len(w), w))
        self.attested: list[Holder] = []
        self.country: dict[str, str] = {}

    def read(self, passages: Sequence[PassageDoc]) -> None:
        """Collect the attestations of all passages."""
        for passage in passages:
            scene = self._scene(passage)
            for mention in passage.mentions:
                if len(mention.keys) == 1 and self._kinds[mention.keys[0]] is Kind.PERSON and not mention.coreferent:
                    start, end = _characters(passage, mention)
                    found = [*self._left(scene, start, end), *self._right(scene, end)]
                    self.attested += [Holder(mention.keys[0], office, state, scene.index) for office, state in found]
        for holder in self.attested:
            if holder.state is not None:
                self.country.setdefault(holder.person, holder.state)

    def note(self, person: str, like: str, state: str | None, passage: int) -> None:
        """Record that a person holds the same office as another: "X's successor, Y", "his Danish counterpart, Y"."""
        for office in self.offices_of(like, passage)[:1]:
            self.attested.append(Holder(person, office, state, passage))
        if state is not None:
            self.country.setdefault(person, state)

    def _scene(self, passage: PassageDoc) -> _Scene:
        starts, ends, people = {}, {}, set()
        for m in passage.mentions:
            if len(m.keys) == 1 and self._kinds[m.keys[0]] is Kind.PERSON and not m.coreferent:
                people.add(passage.doc[m.start].idx)
            if len(m.keys) == 1 and self._kinds[m.keys[0]] is Kind.STATE and not m.coreferent:
                start, end = _characters(passage, m)
                starts[start], ends[end] = (end, m.keys[0]), (start, m.keys[0])
        return _Scene(passage.passage.index, passage.doc.text, starts, ends, frozenset(people))

    def _left(self, scene: _Scene, start: int, end: int) -> Iterator[tuple[int, str | None]]:
        """ "Ghana's foreign minister, X", "the president of France, X", "President X of Peru"."""
        left = scene.text[:start].rstrip(" ,")
        wording = self._ending(left)
        if wording is not None:
            at = len(left) - len(wording)
            yield self._offices[wording], self._state_before(scene, at) or self._state_after(scene, end)
            return
        if len(left) in scene.ends:
            before, state = scene.ends[len(left)]
            head = re.sub(r" of (?:the )?$", "", scene.text[:before])
            wording = self._ending(head) if len(head) < before else None
            if wording is not None:
                yield self._offices[wording], state

    def _right(self, scene: _Scene, end: int) -> Iterator[tuple[int, str | None]]:
        """ "X, Ghana's foreign minister", "X, who had been president of Peru"."""
        lead = _LEAD.match(scene.text[end:])
        if lead is None:
            return
        at, state = end + lead.end(), None
        if at in scene.starts:
            at, state = scene.starts[at]
            at += len(scene.text[at:]) - len(scene.text[at:].removeprefix("'s").removeprefix("’s").lstrip())
        wording = self._beginning(scene.text[at : at + 40])
        if wording is None:
            return
        if at + len(wording) + 1 in scene.people:
            return  # the title of the next one in a list
        yield self._offices[wording], self._state_after(scene, at + len(wording)) or state

    @staticmethod
    def _state_after(scene: _Scene, at: int) -> str | None:
        """Return the state after "of" at an offset of the text."""
        after = _OF.match(scene.text, at)
        return scene.starts[after.end()][1] if after is not None and after.end() in scene.starts else None

    def _beginning(self, text: str) -> str | None:
        """Return the longest office that a text begins with."""
        lower = text.casefold()
        return next((w for w in self._wordings if lower.startswith(w) and not lower[len(w) : len(w) + 1].isalnum()), None)

    def _ending(self, text: str) -> str | None:
        """Return the longest office that a text ends with."""
        tail = text[-40:].casefold()
        return next((w for w in self._wordings if tail.endswith(w) and not tail[: -len(w)][-1:].isalnum()), None)

    def _state_before(self, scene: _Scene, at: int) -> str | None:
        for end in sorted(scene.ends, reverse=True):
            if end <= at and at - end < 24 and _ADJOINS.match(scene.text[end:at]):
                return scene.ends[end][1]
        return None

    def holder(self, office: int, state: str | None, passage: int, reach: int) -> str | None:
        """Return the holder of an office of a state (None: of any) attested nearest to a passage, at most ``reach`` passages away."""
        fitting = [h for h in self.attested if h.office == office and (state is None or self.state_of(h) == state)]
        near = sorted(fitting, key=lambda h: (abs(h.passage - passage), h.passage > passage))
        return near[0].person if near and abs(near[0].passage - passage) <= reach else None

    def holds(self, person: str, office: int, state: str | None) -> bool:
        """Whether the article attests anywhere that a person holds an office, of that state if given."""
        return any(h.person == person and h.office == office and (state is None or self.state_of(h) == state) for h in self.attested)

    def of_state(self, offices: Collection[int], state: str) -> set[str]:
        """Return the attested holders of a state's offices."""
        return {h.person for h in self.attested if h.office in offices and self.state_of(h) == state}

    def state_of(self, holder: Holder) -> str | None:
        """Return the state of an office: as attested, or the state of the person elsewhere in the article."""
        return holder.state or self.country.get(holder.person)

    def offices_of(self, person: str, passage: int) -> list[int]:
        """Return the offices of a person, those attested nearest to the passage first."""
        mine = sorted((h for h in self.attested if h.person == person), key=lambda h: (abs(h.passage - passage), h.passage))
        return list(dict.fromkeys(h.office for h in mine))


def _characters(passage: PassageDoc, mention: Mention) -> tuple[int, int]:
    last = passage.doc[mention.end - 1]
    return passage.doc[mention.start].idx, last.idx + len(last)
