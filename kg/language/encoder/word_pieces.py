"""Convert words to the network's input: the ids of their word pieces, and their capitalisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

SHAPES = 8
"""Number of word shapes; ``shape`` numbers them."""
KINDS = 2 * SHAPES
"""Kinds of piece: the shape of its whitespace-delimited part, and whether that is the first of the word."""
PIECES_FILE = "tokenizer.json"
CLS, SEP, UNKNOWN = 101, 102, 100
PIECES_PER_WORD = 32
"""Further pieces of a word are dropped."""
_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class WordPieces:
    """A word's pieces: their ids and kinds, and the word's shape."""

    numbers: tuple[int, ...]
    kinds: tuple[int, ...]
    shape: int


@dataclass(frozen=True, slots=True)
class SentencePieces:
    """A sentence's pieces between the two special tokens that the network expects.

    ``words`` has the word of each piece, -1 for special tokens; ``shapes`` the shape of each word.
    """

    numbers: tuple[int, ...]
    kinds: tuple[int, ...]
    words: tuple[int, ...]
    shapes: tuple[int, ...]


def shape(text: str) -> int:
    """Return the shape of a word: 0 lower case, 1 capitalized, 2 all capitals, 3 one capital letter, 4 with digits, 5 and 6 mixed
    case.

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
    """Splits words into pieces with the vocabulary of a ``tokenizer.json``, with a cache of limited size."""

    def __init__(self, tokenizer: Path) -> None:
        """Read the vocabulary; OSError or ValueError if the file is invalid."""
        try:
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # the library raises a bare Exception
            raise ValueError(f"{tokenizer} is no tokenizer: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._known: dict[str, WordPieces] = {}

    def word(self, text: str) -> WordPieces:
        """Return the pieces of one word, which may be a name of several words."""
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
        """Return the pieces of a sentence's words."""
        numbers, kinds, words = [CLS], [7], [-1]
        shapes = []
        for index, text in enumerate(texts):
            word = self.word(text)
            numbers += word.numbers
            kinds += word.kinds
            words += [index] * len(word.numbers)
            shapes.append(word.shape)
        return SentencePieces((*numbers, SEP), (*kinds, 7), (*words, -1), tuple(shapes))
