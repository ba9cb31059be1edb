"""Gold sentences as numbers, and batches of them as tensors."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kg.language.encoder.lemma_edits import lemma_script
from kg.language.encoder.word_pieces import SentencePieces, WordPieceReader
from kg.training.label_inventory import LabelInventory, morph
from kg.training.sources.conllu import GoldSentence

OPEN = -100
"""The label of a word whose right label is unknown; nothing is learnt from it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence's pieces and labels. ``propositions``: predicate, roles of all words, possible rolesets, the right one first."""

    pieces: SentencePieces
    labels: NDArray[np.int64]
    """Six rows: tag, morph, lemma, name, head (0 the root, words from 1), relation."""
    propositions: tuple[tuple[int, NDArray[np.int64], tuple[int, ...]], ...] | None

    def __len__(self) -> int:
        return len(self.pieces.numbers)


TAG, MORPH, LEMMA, NAME, HEAD, RELATION = range(6)


class Encoding:
    """Encodes sentences as examples."""

    def __init__(self, inventory: LabelInventory, reader: WordPieceReader) -> None:
        self.inventory, self.reader = inventory, reader
        self._tags, self._morphs, self._relations, self._lemmas, self._names, self._roles, self._rolesets = (
            {label: number for number, label in enumerate(labels)}
            for labels in (
                inventory.tags, inventory.morphs, inventory.relations, inventory.lemmas,
                inventory.names, inventory.roles, inventory.rolesets,
            )
        )  # fmt: skip

    def __call__(self, sentence: GoldSentence) -> Example:
        """Return the sentence as numbers."""
        words = sentence.words
        labels = np.full((6, len(words)), OPEN, dtype=np.int64)
        if sentence.parsed:
            for index, word in enumerate(words):
                labels[TAG, index] = self._tags.get(word.xpos, OPEN)
                labels[MORPH, index] = self._morphs.get(morph(word), OPEN)
                labels[RELATION, index] = self._relations.get(word.deprel, OPEN)
                labels[HEAD, index] = 0 if word.head == index else word.head + 1
                if " " not in word.form:
                    labels[LEMMA, index] = self._lemmas.get(lemma_script(word.form, word.lemma), OPEN)
        if sentence.names is not None:
            self._name_labels(sentence, labels[NAME])
        return Example(self.reader.sentence([word.form for word in words]), labels, self._propositions(sentence))

    def _name_labels(self, sentence: GoldSentence, row: NDArray[np.int64]) -> None:
        row[:] = 0
        row[sorted(sentence.unsure)] = OPEN
        for name in sentence.names or ():
            places = "U" if name.end - name.start == 1 else "B" + "I" * (name.end - name.start - 2) + "L"
            for index, place in enumerate(places, name.start):
                row[index] = self._names.get(f"{place}-{name.label}", OPEN)

    def _propositions(self, sentence: GoldSentence) -> tuple[tuple[int, NDArray[np.int64], tuple[int, ...]], ...] | None:
        if sentence.propositions is None:
            return None
        found = []
        for proposition in sentence.propositions:
            roles = np.zeros(len(sentence.words), dtype=np.int64)
            for label, word in proposition.arguments:
                roles[word] = self._roles.get(label, OPEN)
            right = self._rolesets.get(proposition.roleset)
            possible = self.inventory.senses.get(sentence.words[proposition.predicate].lemma.lower(), ())
            senses = () if right is None else (right, *(number for number in possible if number != right))
            found.append((proposition.predicate, roles, senses))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of examples; ``propositions`` are (sentence, predicate, roles, senses), for all that ``annotated`` sentences have."""

    numbers: Tensor
    kinds: Tensor
    there: Tensor
    pool: Tensor
    shapes: Tensor
    labels: Tensor
    annotated: Tensor
    sentences: Tensor
    predicates: Tensor
    roles: Tensor
    senses: Tensor

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Batch:
        """Return a batch, padded to the longest example."""
        count, pieces, words = len(examples), max(map(len, examples)), max(e.labels.shape[1] for e in examples)
        numbers, kinds = np.zeros((count, pieces), dtype=np.int64), np.zeros((count, pieces), dtype=np.int64)
        there, pool = np.zeros((count, pieces), dtype=bool), np.zeros((count, words, pieces), dtype=np.float32)
        shapes, labels = np.zeros((count, words), dtype=np.int64), np.full((6, count, words), OPEN, dtype=np.int64)
        for index, example in enumerate(examples):
            length, size = len(example), example.labels.shape[1]
            numbers[index, :length], kinds[index, :length], there[index, :length] = example.pieces.numbers, example.pieces.kinds, True
            shapes[index, :size], labels[:, index, :size] = example.pieces.shapes, example.labels
            pool[index, example.pieces.words[1:-1], np.arange(1, length - 1)] = 1
        pool /= np.maximum(pool.sum(-1, keepdims=True), 1)
        flat = [(i, *proposition) for i, example in enumerate(examples) for proposition in example.propositions or ()]
        roles = np.full((len(flat), words), OPEN, dtype=np.int64)
        senses = np.full((len(flat), max((len(f[3]) for f in flat), default=0)), OPEN, dtype=np.int64)
        for index, (_, _, row, possible) in enumerate(flat):
            roles[index, : len(row)], senses[index, : len(possible)] = row, possible
        return cls(
            numbers=torch.from_numpy(numbers), kinds=torch.from_numpy(kinds), there=torch.from_numpy(there), pool=torch.from_numpy(pool),
            shapes=torch.from_numpy(shapes), labels=torch.from_numpy(labels),
            annotated=torch.tensor([example.propositions is not None for example in examples]),
            sentences=torch.tensor([f[0] for f in flat], dtype=torch.long), predicates=torch.tensor([f[1] for f in flat], dtype=torch.long),
            roles=torch.from_numpy(roles), senses=torch.from_numpy(senses),
        )  # fmt: skip


def batches(examples: Sequence[Example], size: int, rng: random.Random | None) -> Iterator[list[int]]:
    """Yield groups of examples of similar length with up to ``size`` pieces, padding included; in random order if there is a generator."""
    jitter: Callable[[], float] = (lambda: 4 * rng.random()) if rng else (lambda: 0.0)
    order = sorted(range(len(examples)), key=lambda index: len(examples[index]) + jitter())
    groups: list[list[int]] = [[]]
    longest = 0
    for index in order:
        longest = max(longest, len(examples[index]))
        if groups[-1] and longest * (len(groups[-1]) + 1) > size:
            groups.append([])
            longest = len(examples[index])
        groups[-1].append(index)
    if rng:
        rng.shuffle(groups)
    yield from (group for group in groups if group)


def fitting(sentences: Iterable[GoldSentence], longest: int) -> list[GoldSentence]:
    """Return the non-empty sentences of at most a number of words."""
    return [s for s in sentences if 0 < len(s.words) <= longest and all(word.form.strip() for word in s.words)]
