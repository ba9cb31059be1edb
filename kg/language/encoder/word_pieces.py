"""Convert words to the network's input: the ids of their word pieces, and their capitalisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

SHAPES = 8
"""How many shapes a word may have; ``shape`` numbers them."""
KINDS = 2 * SHAPES
"""Kinds of piece: the shape of the part between spaces that it belongs to, and whether that is the first of its word."""
PIECES_FILE = "tokenizer.json"
CLS, SEP, UNKNOWN = 101, 102, 100
PIECES_PER_WORD = 32
"""Of a word with more pieces the rest are not read."""
_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class WordPieces:
    """A word's pieces: their numbers in the vocabulary and their kinds, and the word's shape."""

    numbers: tuple[int, ...]
    kinds: tuple[int, ...]
    shape: int


@dataclass(frozen=True, slots=True)
class SentencePieces:
    """A sentence's pieces between the two marks that the network expects.

    ``words`` has the word of each piece, -1 for the marks; ``shapes`` the shape of each word.
    """

    numbers: tuple[int, ...]
    kinds: tuple[int, ...]
    words: tuple[int, ...]
    shapes: tuple[int, ...]


def shape(text: str) -> int:
    """How a word is written: 0 in lower case, 1 with a capital first, 2 in capitals, 3 one capital letter, 4 with digits, 5 and 6 mixed.

    7 is a word without letters and digits.
    """
    if not any(character.isalnum() for character in text):
        return 7
    if any(character.isdigit() for character in text):
        return 4
    if text.islower():
        return 0
    if text.isupper():
        return 2 if len(text) > 1 else 3
    if text[0].isupper():
        return 1 if text[1:].islower() else 5
    return 6


class WordPieceReader:
    """Splits words into pieces with the vocabulary of a ``tokenizer.json``; words that it has seen it remembers, up to a limit."""

    def __init__(self, tokenizer: Path) -> None:
        """Reads the vocabulary; OSError or ValueError where the file is none."""
        try:
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # the library raises a bare Exception
            raise ValueError(f"{tokenizer} is no tokenizer: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._known: dict[str, WordPieces] = {}

    def word(self, text: str) -> WordPieces:
        """The pieces of one word, which may be a name of several words."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[text] = self._split(text)
        return known

    def _split(self, text: str) -> WordPieces:
        numbers: list[int] = []
        kinds: list[int] = []
        for index, part in enumerate(text.split() or [text]):
            found = self._tokenizer.encode(part, add_special_tokens=False).ids or [UNKNOWN]
            numbers += found
            kinds += [shape(part) + SHAPES * (index > 0)] * len(found)
        return WordPieces(tuple(numbers[:PIECES_PER_WORD]), tuple(kinds[:PIECES_PER_WORD]), shape(text))

    def sentence(self, texts: Sequence[str]) -> SentencePieces:
        """The pieces of a sentence's words."""
        numbers, kinds, words = [CLS], [7], [-1]
        shapes = []
        for index, text in enumerate(texts):
            word = self.word(text)
            numbers += word.numbers
            kinds += word.kinds
            words += [index] * len(word.numbers)
            shapes.append(word.shape)
        return SentencePieces((*numbers, SEP), (*kinds, 7), (*words, -1), tuple(shapes))
