"""Find known names in tokenized text: a trie over folded, lower-cased words, then a check of capitalization."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from spacy.tokens import Doc

from kg.language.gazetteer.names import fold

Tokenise = Callable[[str], Doc]
Split = Callable[[str], tuple[str, ...]]
"""Splits a name into folded words, as texts are split."""


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling of a name: ``words`` folded with their case; ``loose`` allows lower case in all words but the first."""

    words: tuple[str, ...]
    payload: Any
    loose: bool = False

    def fits(self, words: Sequence[str]) -> bool:
        """Whether the folded words of a text match this form: acronyms exactly, names capitalized."""
        if len(words) == 1:
            return words[0] == self.words[0]
        return all(_same(form, word, self.loose and i > 0) for i, (form, word) in enumerate(zip(self.words, words, strict=True)))


def _same(form: str, word: str, loose: bool) -> bool:
    if form == word or not form[:1].isupper():
        return True
    if len(form) > 1 and form.isupper():
        return False
    return loose or word[:1].isupper()


class Matcher:
    """Forms by their words. ``add`` them, then ``find`` them in the folded words of a text."""

    def __init__(self) -> None:
        self._root: dict[str | None, Any] = {}

    def add(self, form: Form) -> None:
        """Add a form."""
        node = self._root
        for word in form.words:
            node = node.setdefault(word.casefold(), {})
        node.setdefault(None, []).append(form)

    def find(self, words: Sequence[str], lower: Sequence[str]) -> Iterator[tuple[int, int, Form]]:
        """Return (start, end, form) of every occurrence, overlapping ones too; ``lower`` is ``words`` in lower case."""
        root = self._root
        for start in [i for i, word in enumerate(lower) if word in root]:
            node, at = root[lower[start]], start
            while node is not None:
                at += 1
                for form in node.get(None, ()):
                    if form.fits(words[start:at]):
                        yield start, at, form
                node = node.get(lower[at]) if at < len(lower) else None


def splitter(tokenise: Tokenise, remembered: int = 2**15) -> Split:
    """Return a function that splits names with the tokenizer of the texts, with a cache, since the same names recur."""

    @lru_cache(maxsize=remembered)
    def split(name: str) -> tuple[str, ...]:
        return tuple(fold(token.text) for token in tokenise(name) if not token.is_space)

    return split


def form_of(text: str, payload: Any, split: Split, loose: bool = False) -> Form:
    """Return the form of a spelling."""
    return Form(split(text), payload, loose)
