"""A faster forward pass for trained convolutional encoders: words embedded once, layers computed in place.

The stock layers compute what training needs as well (which piece of a maxout won, what a layer was given), into fresh memory, and embed
each occurrence of a word anew. What is computed here is the same but for the rounding of sums. An architecture that is not the one below
keeps its stock layers: spaCy's MultiHashEmbed, or anything else that reads single words, under its MaxoutWindowEncoder with a window of 1.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import NORM, ORTH
from spacy.pipeline import Tok2Vec
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model

from kg.language.parsing.recogniser import NameRecogniser
from kg.language.parsing.recogniser.features import CASE, Codes

Floats = NDArray[np.float32]

_REMEMBERED: Final = 40_000
"""Words whose embeddings are kept: 20 MB at a width of 128."""
_AT_ONCE: Final = 32
"""Words embedded at a time, always as many: how a product of matrices is rounded depends on their sizes."""
_ROWS: Final = 320
"""Rows that go through all layers before the next ones: as many as the processor's nearer caches hold."""
_WORD_ATTRIBUTES: Final = frozenset({"ORTH", "NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE"})
"""Attributes that ORTH and NORM determine."""
_LAYERS: Final = ("expand_window", "maxout", "layernorm", "dropout")
_EPSILON: Final = 1e-8  # as in thinc's LayerNorm


class WordRows:
    """The embeddings of words, each computed when the word is first met. Row 0 is nought: what stands around a sentence."""

    def __init__(self, width: int, embed: Callable[[Sequence[Any]], Floats]) -> None:
        """``embed`` gives a row for each of ``_AT_ONCE`` words, which depends on that word alone."""
        self._embed = embed
        self._places: dict[Hashable, int] = {}
        self.table = np.zeros((1024, width), dtype=np.float32)

    def places(self, words: Sequence[Hashable]) -> list[int]:
        """For each word its row in ``table``; valid until the next call."""
        if len(self._places) > _REMEMBERED:
            self._places.clear()
        new = [word for word in dict.fromkeys(words) if word not in self._places]
        for start in range(0, len(new), _AT_ONCE):
            self._add(new[start : start + _AT_ONCE])
        return [self._places[word] for word in words]

    def _add(self, words: list[Hashable]) -> None:
        first = len(self._places) + 1
        while first + len(words) > len(self.table):
            self.table = np.concatenate([self.table, np.zeros_like(self.table)])
        filled = words + words[-1:] * (_AT_ONCE - len(words))
        self.table[first : first + len(words)] = self._embed(filled)[: len(words)]
        self._places.update((word, first + index) for index, word in enumerate(words))

    def sentences(self, words: Sequence[Hashable], lengths: Iterable[int]) -> list[list[int]]:
        """The places of all words, cut into sentences of these lengths."""
        places = iter(self.places(words))
        return [list(islice(places, length)) for length in lengths]


@dataclass(frozen=True, slots=True)
class Layer:
    """A residual layer: maxout over each row and its two neighbours, then normalised. Pieces stand side by side, not interleaved."""

    weights: Floats  # (3 · width, pieces · width)
    bias: Floats
    scale: Floats
    shift: Floats

    @classmethod
    def of(cls, maxout: Model[Any, Any], norm: Model[Any, Any]) -> Layer:
        """The layer with the parameters of thinc's Maxout and LayerNorm."""
        weights, bias = np.asarray(maxout.get_param("W")), np.asarray(maxout.get_param("b"))
        by_piece = weights.transpose(2, 1, 0).reshape(weights.shape[2], -1)
        scale, shift = (np.asarray(norm.get_param(name)) for name in ("G", "b"))
        return cls(np.ascontiguousarray(by_piece), np.ascontiguousarray(bias.T).ravel(), scale, shift)


class Encoder:
    """Convolutional layers over the words of sentences."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers
        self.width = len(layers[0].scale)
        self._mean = np.full(self.width, 1 / self.width, dtype=np.float32)
        self._reserve(_ROWS)

    def _reserve(self, rows: int) -> None:
        pieces = len(self._layers[0].bias)
        sizes = (self.width, 3 * self.width, pieces, self.width)
        self._rows, self._windows, self._pieces, self._best = (np.zeros((rows, size), dtype=np.float32) for size in sizes)

    def __call__(self, words: WordRows, sentences: Sequence[Sequence[int]]) -> list[Floats]:
        """The encoded words of each sentence, given the places of their embeddings; between two there are as many noughts as layers."""
        found: list[Floats] = []
        start, padding = 0, [0] * len(self._layers)
        while start < len(sentences):
            end, places = start, padding
            while end < len(sentences) and (end == start or len(places) + len(sentences[end]) + len(padding) <= _ROWS):
                places = [*places, *sentences[end], *padding]
                end += 1
            found += self._encoded(words.table, places, [len(sentence) for sentence in sentences[start:end]])
            start = end
        return found

    def _encoded(self, table: Floats, places: list[int], lengths: list[int]) -> list[Floats]:
        if len(places) > len(self._rows):
            self._reserve(len(places))
        rows = self._rows[: len(places)]
        np.take(table, places, axis=0, out=rows, mode="clip")  # clip: the default mode copies what it is to fill
        for layer in self._layers:
            self._apply(layer, rows)
        found, at = [], len(self._layers)
        for length in lengths:
            found.append(rows[at : at + length].copy())
            at += length + len(self._layers)
        return found

    def _apply(self, layer: Layer, rows: Floats) -> None:
        count, width = rows.shape
        windows, pieces, best = self._windows[:count], self._pieces[:count], self._best[:count]
        windows[0, :width] = windows[-1, 2 * width :] = 0
        windows[1:, :width] = rows[:-1]
        windows[:, width : 2 * width] = rows
        windows[:-1, 2 * width :] = rows[1:]
        np.matmul(windows, layer.weights, out=pieces)
        pieces += layer.bias
        np.maximum(pieces[:, :width], pieces[:, width : 2 * width], out=best)
        for start in range(2 * width, pieces.shape[1], width):
            np.maximum(best, pieces[:, start : start + width], out=best)
        best -= (best @ self._mean)[:, None]
        variance = np.einsum("ij,ij->i", best, best) / np.float32(width) + np.float32(_EPSILON)
        best *= (1 / np.sqrt(variance))[:, None]
        best *= layer.scale
        best += layer.shift
        rows += best


def encoder_of(model: Model[Any, Any]) -> Encoder | None:
    """The encoder with the parameters of spaCy's MaxoutWindowEncoder, None where the model is another, or its window is not 1."""
    leaves = [node for node in model.walk(order="dfs_pre") if not node.layers]
    names = tuple(node.name for node in leaves)
    if model.ops.name != "numpy" or not names or names != _LAYERS * (len(names) // len(_LAYERS)):
        return None
    maxouts, norms = leaves[1::4], leaves[2::4]
    width = maxouts[0].get_dim("nO")
    same = all(node.get_dim("nO") == width and node.get_dim("nI") == 3 * width and node.get_dim("nP") > 1 for node in maxouts)
    if not same or any(node.attrs["window_size"] != 1 for node in leaves[::4]):
        return None
    return Encoder([Layer.of(maxout, norm) for maxout, norm in zip(maxouts, norms, strict=True)])


def quicken_vectors(component: Tok2Vec, vocab: Vocab) -> bool:
    """Let the component compute in the faster way; False, and nothing changed, where its architecture is another."""
    model = component.model
    if not {"embed", "encode"} <= set(model.ref_names):
        return False
    embed, encoder = model.get_ref("embed"), encoder_of(model.get_ref("encode"))
    readers = [node.attrs["columns"] for node in embed.walk() if node.name == "extract_features"]
    if encoder is None or len(readers) != 1 or not set(readers[0]) <= _WORD_ATTRIBUTES or vocab.vectors.attr not in (ORTH, NORM):
        return False

    def embedded(words: Sequence[tuple[int, int]]) -> Floats:
        doc = Doc(vocab, words=[vocab.strings[orth] for orth, _ in words])
        doc.from_array([NORM], np.array([norm for _, norm in words], dtype=np.uint64).reshape(-1, 1))  # type: ignore[arg-type]
        return np.asarray(embed.predict([doc])[0])

    rows = WordRows(encoder.width, embedded)

    def forward(_: Model[Any, Any], docs: Sequence[Doc], is_train: bool) -> tuple[list[Floats], Callable[..., Any]]:
        if is_train:
            return model(docs, is_train)
        words = [tuple(pair) for doc in docs for pair in doc.to_array([ORTH, NORM]).reshape(-1, 2).tolist()]
        return encoder(rows, rows.sentences(words, map(len, docs))), _untrained

    component.model = Model("quick_tok2vec", forward, dims={"nO": encoder.width}, layers=[model], ops=model.ops)
    return True


def quicken_names(recogniser: NameRecogniser) -> bool:
    """Let the recogniser score words in the faster way; False, and nothing changed, where its network is another."""
    embedding, encode, scorer = (recogniser.network.layers[index] for index in (1, 3, 5))
    encoder = encoder_of(encode)
    if encoder is None:
        return False
    embedder, linear = embedding.layers[0], scorer.layers[0]
    weights, bias = (np.asarray(linear.get_param(name)) for name in ("W", "b"))
    rows = WordRows(encoder.width, lambda keys: embedder.predict(np.frombuffer(b"".join(keys), dtype=np.uint32).reshape(-1, CASE + 1)))

    def scores(sentences: Sequence[Codes]) -> Floats:
        codes = np.concatenate(sentences)
        words = codes.view(f"V{codes.itemsize * codes.shape[1]}").ravel().tolist()
        return np.concatenate(encoder(rows, rows.sentences(words, map(len, sentences)))) @ weights.T + bias

    recogniser.scores = scores
    return True


def _untrained(*_: object) -> list[Doc]:
    return []
