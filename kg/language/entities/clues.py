"""Find clues to the class of a name in the words around it, without a parse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.language.gazetteer.knowledge_files import read_table
from kg.language.parsing.tokens import Words

_ARTICLES = frozenset({"the", "a", "an", "its", "their", "his", "her"})
_JOINTS = frozenset({"of", "for", "the", "and", "to", "in", "on", "-", "–"})
_POSTED = frozenset({"of", "in", "to", "at"})
_STOPS = frozenset({",", ".", "and", "who", "which", "was", "is", "said", "had", "were", "but", ";", "(", "to", "in", "on", "that"})
_APPOSITION_REACH = 7
_TITLE_REACH = 12
_QUOTES = frozenset('"“”„«»')


class Contexts:
    """Finds clues in the context of a name by the word lists of ``knowledge/contexts.toml``."""

    def __init__(self) -> None:
        self.lists = {name: frozenset(words) for name, words in read_table("contexts").items()}

    def signs(self, words: Words, start: int, end: int) -> Iterator[str]:
        """Return the names of the signs (rows ``sign`` of ``knowledge/classes.toml``) given by the words around ``start:end``."""
        yield from self.before(words, start)
        yield from self.after(words.lower, end)
        if start > 0 and end < len(words.texts) and words.texts[start - 1] in _QUOTES and words.texts[end] in _QUOTES:
            yield "quoted"

    def before(self, words: Words, start: int) -> Iterator[str]:
        """Return the signs given by the words before a name; they apply to every name of a list that begins there."""
        lower, at = words.lower, start - 1
        if at < 0:
            return
        word, previous = lower[at], lower[at - 1] if at else ""
        if word == "the":
            yield "the"
        if self._led(lower, at - (word in _ARTICLES)):
            yield "led"
        if self._titled(words, start):
            yield "title-before"
        elif word in self.lists["institution"]:
            yield "institution-noun"
        elif word in self.lists["place"] or (word == "of" and previous in self.lists["place"]):
            yield "place-noun"
        elif word == "of" and previous in self.lists["life"]:
            yield "life-of"
        else:
            yield from self._preposition(word, previous)

    def _preposition(self, word: str, previous: str) -> Iterator[str]:
        noun = previous if word in _ARTICLES or word in ("of", "in") else word
        if noun in self.lists["join"]:
            yield "joined"
        governor = previous if word in _ARTICLES else word
        if governor == "to" and previous == "according":
            yield "according"
            return
        for sign, name in (("in", "in"), ("at", "at"), ("to", "to"), ("captured", "reach"), ("met", "met")):
            if governor in self.lists[name]:
                yield sign
        if governor == "by":
            yield "by-agent"

    def _led(self, lower: Sequence[str], at: int) -> bool:
        """Whether the preposition at ``at`` introduces what somebody heads or speaks for: "chairman of the X"."""
        return at > 0 and lower[at] in ("of", "for") and lower[at - 1] in self.lists["lead"]

    def _titled(self, words: Words, start: int) -> bool:
        """Whether a role noun governs the name: "President X", "the ambassador, X", "High Representative for Trade and Aid X"."""
        lower, at = words.lower, start - 1
        if lower[at] in self.lists["person"]:
            return True
        if lower[at] == "," and at:
            at -= 1
            if lower[at] in self.lists["person"] or self._posted(words, at):
                return True
        for i in range(at, max(-1, at - _TITLE_REACH), -1):
            if lower[i] in self.lists["person"] and words.texts[i][0].isupper():
                return lower[i + 1] in _JOINTS and lower[at] not in _JOINTS
            if not (words.texts[i][0].isupper() or lower[i] in _JOINTS):
                return False
        return False

    def _posted(self, words: Words, at: int) -> bool:
        """Whether the name that ends at ``at`` is where somebody is posted: "its ambassador in Foo, NAME"."""
        start = at
        while start > 1 and (words.texts[start][0].isupper() or words.lower[start] == "the"):
            start -= 1
        return start < at and words.lower[start] in _POSTED and words.lower[start - 1] in self.lists["person"]

    def after(self, lower: Sequence[str], end: int) -> Iterator[str]:
        """Return the signs given by the words after a name."""
        if end >= len(lower):
            return
        word, following = lower[end], lower[end + 1] if end + 1 < len(lower) else ""
        if word in self.lists["says"]:
            yield "says"
        elif word == "who" or (word == "," and following == "who"):
            yield "relative-who"
        elif word == "(" and following in self.lists["position"]:
            yield "caption-position"
        elif word == ",":
            yield from self._apposition(lower, end + 1)
        else:
            for sign, name in (("place-noun", "place"), ("agreement-noun", "agreement"), ("event-noun", "event")):
                if word in self.lists[name]:
                    yield sign

    def _apposition(self, lower: Sequence[str], at: int) -> Iterator[str]:
        """Return the signs of an apposition: "X, the deputy speaker of …", "X, an airline"."""
        for word in lower[at : at + _APPOSITION_REACH]:
            if word in self.lists["person"]:
                yield "role-apposition"
                return
            if word in self.lists["institution"]:
                yield "institution-noun"
                return
            if word in _STOPS or word.endswith("ing"):
                return
