"""The recogniser's network: embedded features of a word, a convolution over its neighbours, a score for each tag."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
from spacy.ml.models.tok2vec import MaxoutWindowEncoder
from spacy.vocab import Vocab
from thinc.api import HashEmbed, Linear, Maxout, Model, chain, glorot_uniform_init, list2ragged, ragged2list, with_array
from thinc.types import Floats2d, Ragged

from kg.language.parsing.recogniser.features import CASE, VECTOR, Codes
from kg.language.parsing.recogniser.tags import TAGS, Floats

# for each form (see features.FORMS): rows of the hash table, width of the embedding
_EMBEDDINGS: Final = (
    (5000, 96), (500, 24), (3000, 48), (800, 48), (3000, 48), (1000, 24), (4000, 48), (1000, 64), (64, 16), (128, 24), (200, 16)
)  # fmt: skip
_COLUMNS: Final = (*range(VECTOR), CASE)
_VECTOR_WIDTH: Final = 64
_WIDTHS: Final = (*(width for _, width in _EMBEDDINGS), _VECTOR_WIDTH)


def network(vocab: Vocab, width: int, depth: int) -> Model[list[Codes], Ragged]:
    """Scores of the tags for the words of each sentence; word vectors are read from the vocabulary, whose they are."""
    words: Model[Any, Any] = _embedder(vocab, width)
    embedder: Model[Any, Any] = with_array(words)
    encoder = MaxoutWindowEncoder(width, 1, 3, depth)
    scorer: Model[Any, Any] = with_array(Linear(len(TAGS), width, init_W=glorot_uniform_init))
    model: Model[list[Codes], Ragged] = chain(list2ragged(), embedder, ragged2list(), encoder, list2ragged(), scorer)
    model.initialize()
    return model


def chain_scores() -> Model[None, None]:
    """The scores of one tag following another, and of tags at the beginning and the end of a sentence; holds parameters alone."""
    shapes: dict[str, tuple[int, ...]] = {"transitions": (len(TAGS), len(TAGS)), "first": (len(TAGS),), "last": (len(TAGS),)}
    params: dict[str, Any] = {name: np.zeros(shape, dtype=np.float32) for name, shape in shapes.items()}
    return Model("chain_scores", _nothing, params=params)


def chain_params(scores: Model[None, None]) -> tuple[Floats, Floats, Floats]:
    """Of ``chain_scores``: tag × following tag, tag at the beginning, tag at the end."""
    transitions, first, last = (np.asarray(scores.get_param(name)) for name in ("transitions", "first", "last"))
    return transitions, first, last


def _nothing(*_: object) -> tuple[None, Callable[[None], None]]:
    return None, lambda _: None


def _embedder(vocab: Vocab, mixed: int) -> Model[Codes, Floats2d]:
    sizes = enumerate(_EMBEDDINGS)
    tables: list[Model[Any, Any]] = [HashEmbed(nO=width, nV=rows, column=0, seed=11 + index) for index, (rows, width) in sizes]
    projection = Linear(_VECTOR_WIDTH, vocab.vectors.shape[1])
    mixer = Maxout(nO=mixed, nI=sum(_WIDTHS), nP=3, normalize=True, dropout=0.0)
    return Model(
        "word_codes",
        partial(_embed, vocab),
        init=_initialize,
        layers=[*tables, projection, mixer],
        dims={"nO": mixed},
        attrs={"feature_dropout": 0.0},
    )


def _initialize(model: Model[Codes, Floats2d], **_: object) -> None:
    for layer in model.layers:
        layer.initialize()


def _embed(vocab: Vocab, model: Model[Codes, Floats2d], codes: Codes, is_train: bool) -> tuple[Floats2d, Callable[[Floats2d], Codes]]:
    *tables, projection, mixer = model.layers
    keys = codes.astype(np.uint64) + np.uint64(1)
    calls = [table(keys[:, column, None], is_train) for table, column in zip(tables, _COLUMNS, strict=True)]
    calls.append(projection(_vectors(vocab, codes[:, VECTOR]), is_train))
    joined = np.hstack([output for output, _ in calls])
    kept = _kept(len(codes), model.attrs["feature_dropout"] if is_train else 0.0)
    mixed, through_mixer = mixer(joined if kept is None else joined * kept, is_train)

    def backprop(gradient: Floats2d) -> Codes:
        inner = through_mixer(gradient)
        parts = np.split(inner if kept is None else inner * kept, np.cumsum(_WIDTHS)[:-1], axis=1)
        for (_, through), part in zip(calls, parts, strict=True):
            through(np.ascontiguousarray(part))
        return codes

    return mixed, backprop


def _vectors(vocab: Vocab, rows: Codes) -> Floats:
    known = rows > 0
    found = np.zeros((len(rows), vocab.vectors.shape[1]), dtype=np.float32)
    found[known] = vocab.vectors.data[rows[known].astype(np.int64) - 1]
    return found


def _kept(words: int, dropout: float) -> Floats | None:
    """Which features of which word are kept while training: whole features are dropped, so that none is relied on alone."""
    if not dropout:
        return None
    kept = (np.random.random((words, len(_WIDTHS))) >= dropout).astype(np.float32) / (1 - dropout)
    return np.repeat(kept, _WIDTHS, axis=1)
