"""What stands beside a name: clues to its class from the words before and after it, without a parse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.language.knowledge_files import read_table
from kg.language.tokens import Words

_ARTICLES = frozenset({"the", "a", "an", "its", "their", "his", "her"})
_APPOSITION_REACH = 7
_QUOTES = frozenset('"“”„«»')


class Contexts:
    """Reads the surroundings of a name by the word lists of ``knowledge/contexts.toml``."""

    def __init__(self) -> None:
        table = read_table("contexts")
        self.lists = {name: frozenset(words) for name, words in table.items()}

    def signs(self, words: Words, start: int, end: int) -> Iterator[str]:
        """The names of the signs (rows ``sign`` of ``knowledge/classes.toml``) that the words around ``start:end`` give."""
        yield from self._before(words.lower, start)
        yield from self._after(words.lower, end)
        if _quoted(words.texts, start, end):
            yield "quoted"

    def _before(self, lower: Sequence[str], start: int) -> Iterator[str]:
        at = start - 1
        if at < 0:
            return
        word = lower[at]
        noun = lower[at - 1] if word == "of" and at else ""
        if word in self.lists["person"]:
            yield "title-before"
        elif word in self.lists["institution"]:
            yield "institution-noun"
        elif noun in self.lists["place"] or word in self.lists["place"]:
            yield "place-noun"
        elif noun in ("member", "members", "membership") or word in self.lists["join"]:
            yield "joined"
        elif word in self.lists["in"] or (word in _ARTICLES and at and lower[at - 1] in self.lists["in"]):
            yield "in"
        elif word in self.lists["at"]:
            yield "at"
        elif word in self.lists["reach"]:
            yield "captured"
        elif word == "by" or (word in _ARTICLES and at and lower[at - 1] == "by"):
            yield "by-agent"
        if word in _ARTICLES and at and lower[at - 1] in self.lists["join"]:
            yield "joined"

    def _after(self, lower: Sequence[str], end: int) -> Iterator[str]:
        if end >= len(lower):
            return
        word = lower[end]
        if word in self.lists["says"]:
            yield "says"
        elif word == "who" or (word == "," and lower[end + 1 : end + 2] == ("who",)):
            yield "relative-who"
        elif word in self.lists["place"]:
            yield "place-noun"
        elif word in self.lists["agreement"]:
            yield "agreement-noun"
        elif word in self.lists["event"]:
            yield "event-noun"
        elif word == ",":
            yield from self._apposition(lower, end + 1)

    def _apposition(self, lower: Sequence[str], at: int) -> Iterator[str]:
        """Signs of "X, the deputy speaker of …", "X, an airline": a noun that follows the comma before anything but words of a noun phrase."""
        for word in lower[at : at + _APPOSITION_REACH]:
            if word in self.lists["person"]:
                yield "role-apposition"
                return
            if word in self.lists["institution"]:
                yield "institution-noun"
                return
            if word in (",", ".", "and", "who", "which", "was", "is", "said", "had", "were", "but", ";", "(", "to", "in", "on"):
                return


def _quoted(texts: Sequence[str], start: int, end: int) -> bool:
    return 0 < start and end < len(texts) and texts[start - 1] in _QUOTES and texts[end] in _QUOTES
