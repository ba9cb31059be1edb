"""Run the network with ONNX Runtime: word pieces in, scores and labels out.

A sentence gets the same scores whatever is in its batch: its padding depends on its own length alone, only sentences with the same
padding are batched, and nothing in the graph mixes the sentences of a batch (``kg.training.model_export``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from kg.language.encoder.word_pieces import SentencePieces

INPUTS = (("numbers", "pieces"), ("kinds", "pieces"), ("words", "pieces"), ("shapes", "word_count"))
"""Sentence × piece: its id (0 for padding), its kind, its word (-1 for none); sentence × word: its shape."""
_WHOLE, _REAL = 7, 1  # onnx.TensorProto.INT64 and FLOAT, which the runtime does not import
OUTPUTS = (
    ("tag", _WHOLE), ("morph", _WHOLE), ("lemma", _WHOLE), ("predicate", _WHOLE), ("name", _REAL), ("arc", _REAL),
    ("relation", _WHOLE), ("role", _WHOLE), ("role_score", _REAL), ("sense", _REAL),
)  # fmt: skip
"""For each word its labels and the scores of its name tags, of its heads (root first), of its sense; for each pair (dependent, head)
the relation; for each pair (predicate, word) the role and its margin over "no role"."""
PADDED_TO = 8
"""Lengths are padded to a multiple of this."""
PIECES_AT_ONCE, PAIRS_AT_ONCE = 2048, 32_768
"""Largest batch in pieces, and in pairs of words, padding included; more needs more memory and is not faster."""


@dataclass(frozen=True, slots=True)
class SentenceScores:
    """The network's output for one sentence; see ``OUTPUTS``."""

    tag: NDArray[np.int64]
    morph: NDArray[np.int64]
    lemma: NDArray[np.int64]
    predicate: NDArray[np.int64]
    name: NDArray[np.float32]
    arc: NDArray[np.float32]
    relation: NDArray[np.int64]
    role: NDArray[np.int64]
    role_score: NDArray[np.float32]
    sense: NDArray[np.float32]


class Network:
    """The network of a file, on one thread."""

    def __init__(self, file: Path) -> None:
        """Load the graph; OSError or ValueError if the file is invalid."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library's exceptions have no public base class
            raise ValueError(f"{file} is no network that ONNX Runtime can load: {str(error).splitlines()[0]}") from error

    def read(self, sentences: Sequence[SentencePieces]) -> list[SentenceScores]:
        """Return the output for each sentence, in order."""
        found: dict[int, SentenceScores] = {}
        for group in _groups(sentences):
            outputs = self._session.run([name for name, _ in OUTPUTS], _inputs([sentences[index] for index in group]))
            for row, index in enumerate(group):
                found[index] = _cut(outputs, row, len(sentences[index].shapes))
        return [found[index] for index in range(len(sentences))]


def _groups(sentences: Sequence[SentencePieces]) -> Iterator[list[int]]:
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, sentence in enumerate(sentences):
        alike[padded(sentence)].append(index)
    for (pieces, words), indices in sorted(alike.items()):
        size = max(1, min(PIECES_AT_ONCE // pieces, PAIRS_AT_ONCE // words**2))
        yield from (indices[start : start + size] for start in range(0, len(indices), size))


def padded(sentence: SentencePieces) -> tuple[int, int]:
    """Return the numbers of pieces and words to which a sentence is padded."""
    pieces, words = (-(-len(part) // PADDED_TO) * PADDED_TO for part in (sentence.numbers, sentence.shapes))
    return pieces, words


def _inputs(sentences: Sequence[SentencePieces]) -> dict[str, NDArray[np.int64]]:
    pieces, words = padded(sentences[0])
    inputs = {name: np.zeros((len(sentences), words if name == "shapes" else pieces), dtype=np.int64) for name, _ in INPUTS}
    inputs["words"][:] = -1
    for row, sentence in enumerate(sentences):
        for name, array in inputs.items():
            values = getattr(sentence, name)
            array[row, : len(values)] = values
    return inputs


def _cut(outputs: Sequence[NDArray[Any]], row: int, words: int) -> SentenceScores:
    parts = {name: array[row, :words] for (name, _), array in zip(OUTPUTS, outputs, strict=True)}
    for name in ("relation", "role", "role_score"):
        parts[name] = parts[name][:, :words]
    parts["arc"] = parts["arc"][:, : words + 1]
    return SentenceScores(**parts)
