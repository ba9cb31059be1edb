"""Passages as words, and as Docs in which known names and dates are single tokens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from spacy.attrs import IDX, SENT_START
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.language.gazetteer.matcher import Tokenise
from kg.language.gazetteer.names import fold
from kg.wikitext.article import Passage, PassageKind

_ENDS = frozenset(".!?;")


@dataclass(frozen=True, slots=True)
class Words:
    """A passage split into words: parallel sequences of the words, their offsets in the text, and two spellings of each."""

    passage: Passage
    texts: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    folded: tuple[str, ...]
    lower: tuple[str, ...]

    def inside(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the words covered by the characters ``start:end``, or None."""
        first, last = bisect_right(self.ends, start), bisect_left(self.starts, end)
        return (first, last) if last > first else None


def split(passage: Passage, tokenise: Tokenise) -> Words:
    """Split a passage into words."""
    doc = tokenise(passage.text)
    texts = tuple(token.text for token in doc)
    starts = tuple(doc.to_array(IDX).tolist())
    folded = tuple(fold(t) for t in texts)
    return Words(
        passage=passage,
        texts=texts,
        starts=starts,
        ends=tuple(s + len(t) for s, t in zip(starts, texts, strict=True)),
        folded=folded,
        lower=tuple(f.casefold() for f in folded),
    )


def build_doc(vocab: Vocab, words: Words, merged: Iterable[tuple[int, int]]) -> Doc:
    """Build a Doc of the passage in which each of the word ranges, which must not overlap, is one token. ``doc.text`` is the passage's
    text.

    Sentence boundaries are set where the passage gives them: a sentence is one, a table row has one per cell.
    """
    groups = _groups(len(words.texts), sorted(merged))
    text = words.passage.text
    forms = [text[words.starts[a] : words.ends[b - 1]] for a, b in groups]
    spaces = [words.ends[b - 1] < len(text) and text[words.ends[b - 1]] == " " and _next(words, b) != words.ends[b - 1] for a, b in groups]
    doc = Doc(vocab, words=forms, spaces=spaces)
    _bound(doc, words.passage, [words.starts[a] for a, _ in groups], forms)
    return doc


def settle(doc: Doc) -> None:
    """Correct merged tokens after the parse: a name of several words is a proper noun, a date is a number, and each is its own lemma."""
    for token in doc:
        text = token.text
        if " " in text and " " in text.strip():
            token.pos_, token.tag_ = ("NUM", "CD") if text[-1].isdigit() or text[0].isdigit() else ("PROPN", "NNP")
            token.lemma_ = text


def _next(words: Words, index: int) -> int:
    return words.starts[index] if index < len(words.starts) else -1


def _groups(count: int, merged: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    starts = dict(merged)
    groups, at = [], 0
    while at < count:
        end = starts.get(at, at + 1)
        groups.append((at, end))
        at = end
    return groups


def _bound(doc: Doc, passage: Passage, starts: list[int], forms: list[str]) -> None:
    """Set where sentences begin (1), where they do not (-1), and where the parser may decide (0)."""
    cells = {cell.start for cell in passage.cells}
    free = passage.kind not in (PassageKind.SENTENCE, PassageKind.ROW)
    after = ["", *forms]
    opens = [1 if i == 0 or start in cells else 0 if free and after[i][-1:] in _ENDS else -1 for i, start in enumerate(starts)]
    doc.from_array([SENT_START], np.array(opens, dtype="int64").astype("uint64").reshape(-1, 1))  # type: ignore[arg-type]
