"""Load a model folder: the network, its labels, its senses and its word-piece vocabulary."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import EntenteError
from kg.language.encoder.nametags import NameTags
from kg.language.encoder.propositions import Rolesets
from kg.language.encoder.runtime import Network
from kg.language.encoder.word_pieces import PIECES_FILE, WordPieceReader

NETWORK, LABELS, SENSES = "reader.onnx", "labels.json", "senses.npz"
UD_LABELS = frozenset({"nsubj", "obj", "obl", "nmod", "conj", "case", "nsubj:pass", "aux:pass"})
"""Relations that occur in every English treebank of Universal Dependencies."""
_HELP = "Leave --model out for the model that ships with entente, or train one with `entente train`."


class PipelineError(EntenteError):
    """A folder without a model of the encoder, or whose model does not use Universal Dependencies."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels by number: ``morphs`` are "UPOS|features", ``lemmas`` edits (``lemma_edits``); the first of ``roles`` means none."""

    tags: tuple[str, ...]
    morphs: tuple[str, ...]
    relations: tuple[str, ...]
    lemmas: tuple[str, ...]
    names: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """The content of a model folder."""

    network: Network
    pieces: WordPieceReader
    labels: Labels
    names: NameTags
    rolesets: Rolesets


def load_model(folder: Path) -> Model:
    """Load the model of a folder. Raises PipelineError if it is missing, broken or uses another annotation scheme; nothing is unpickled."""
    absent = [name for name in (NETWORK, LABELS, SENSES, PIECES_FILE) if not (folder / name).is_file()]
    if absent:
        what = "is no folder" if not folder.is_dir() else f"holds no model (there is no {', no '.join(absent)})"
        raise PipelineError(f"The language model {str(folder)!r} cannot be loaded: it {what}. {_HELP}")
    try:
        table = json.loads((folder / LABELS).read_text(encoding="utf-8"))
        labels = Labels(**{name: tuple(table[name]) for name in Labels.__slots__})
        model = Model(
            network=Network(folder / NETWORK),
            pieces=WordPieceReader(folder / PIECES_FILE),
            labels=labels,
            names=NameTags(labels.names),
            rolesets=_rolesets(table, folder / SENSES),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PipelineError(f"The language model {str(folder)!r} cannot be loaded ({error}). {_HELP}") from error
    lacking = sorted(UD_LABELS - set(labels.relations))
    if lacking:
        raise PipelineError(
            f"The language model {str(folder)!r} does not speak Universal Dependencies (it lacks the labels {', '.join(lacking)}). {_HELP}"
        )
    return model


def _rolesets(table: dict[str, Any], file: Path) -> Rolesets:
    """Load the senses; their vectors are stored in eight bits with a scale for each."""
    with np.load(file, allow_pickle=False) as arrays:
        vectors: NDArray[np.float32] = arrays["vectors"].astype(np.float32) * arrays["scales"].astype(np.float32)[:, None]
        biases = arrays["biases"].astype(np.float32)
    senses = {lemma: tuple(numbers) for lemma, numbers in table["senses"].items()}
    return Rolesets(tuple(table["rolesets"]), table["known_rolesets"], senses, vectors, biases)
