"""Export a trained network to the folder that the language stage loads: an ONNX graph with 8-bit weights, and its labels.

Every operation treats each sentence separately, so that its result does not depend on the batch. Activations and sums are in 32
bits: with 8 bits, a last bit rounded differently by another processor can become a whole step and change a label.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kg.language.encoder.folder import LABELS, NETWORK, SENSES
from kg.language.encoder.runtime import INPUTS, OUTPUTS
from kg.language.encoder.word_pieces import PIECES_FILE
from kg.training.label_inventory import LabelInventory
from kg.training.network import HEADS, LAYER_NORM_EPSILON, WIDTH, MultiTaskNetwork

OPSET = 21
IR_VERSION = 10
BLOCK = 32
"""Number of weights that share a scale."""
HIDDEN = -10_000.0
"""Added to scores of padding."""

MIDDLE = 128
"""The code of a weight of 0."""

Floats = NDArray[np.float32]


def export(reader: MultiTaskNetwork, inventory: LabelInventory, tokenizer: Path, folder: Path, *, eight_bits: bool = True) -> None:
    """Write network, labels, senses and word pieces; ``tokenizer`` is the pretrained encoder's ``tokenizer.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    to_onnx(reader, inventory.relations.index("root"), folder / NETWORK, eight_bits=eight_bits)
    (folder / LABELS).write_text(json.dumps(asdict(inventory), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    vectors, biases = reader.roleset_table()
    whole, scales = rounded(vectors.detach().float().numpy())
    with (folder / SENSES).open("wb") as file:
        np.savez_compressed(file, vectors=whole, scales=scales, biases=biases.detach().float().numpy())
    shutil.copyfile(tokenizer, folder / PIECES_FILE)


@dataclass
class Builder:
    """A graph that grows node by node; every method that adds a node returns the name of its output."""

    eight_bits: bool
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: list[onnx.TensorProto] = field(default_factory=list)

    def node(self, kind: str, *inputs: str, outputs: int = 1, name: str = "", **attributes: Any) -> str:
        """Add a node with one output, or return the first of several, which are named with ``.1`` and so on."""
        base = name or f"{kind}_{len(self.nodes)}"
        names = [base, *(f"{base}.{index}" for index in range(1, outputs))]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"node_{base}", **attributes))
        return base

    def constant(self, value: NDArray[Any]) -> str:
        """Add a constant tensor."""
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def numbers(self, *values: int) -> str:
        """Add a row of integers, as for shapes and axes."""
        return self.constant(np.array(values, dtype=np.int64))

    def scalar(self, value: float) -> str:
        """Add a single number."""
        return self.constant(np.array(value, dtype=np.float32))

    def linear(self, x: str, weight: Floats, bias: Floats | None = None) -> str:
        """Add ``x @ weight.T + bias``; ``weight`` is output × input, as in PyTorch."""
        product = self.node("MatMul", x, self._stored(weight) if self.eight_bits else self.constant(weight.T))
        return product if bias is None else self.node("Add", product, self.constant(bias))

    def _stored(self, weight: Floats) -> str:
        """Add weights in eight bits, with a scale per block; ONNX Runtime converts them to 32 bits once, at load time."""
        outputs, inputs = weight.shape
        size = BLOCK if inputs % BLOCK == 0 else inputs
        blocks = weight.reshape(outputs, inputs // size, size)
        scales = (np.maximum(np.abs(blocks).max(-1, keepdims=True), 1e-12) / 127).astype(np.float32)
        whole = (np.rint(blocks / scales) + MIDDLE).astype(np.uint8)
        centred = self.node("Sub", self.node("Cast", self.constant(whole), to=TensorProto.FLOAT), self.scalar(MIDDLE))
        scaled = self.node("Mul", centred, self.constant(scales))
        return self.node("Transpose", self.node("Reshape", scaled, self.numbers(outputs, inputs)), perm=[1, 0])

    def embedding(self, numbers: str, table: Floats) -> str:
        """Add a look-up of rows of a table."""
        if not self.eight_bits or len(table) < 100:
            return self.node("Gather", self.constant(table), numbers)
        whole, scales = rounded(table)
        rows = self.node("Cast", self.node("Gather", self.constant(whole), numbers), to=TensorProto.FLOAT)
        return self.node("Mul", rows, self.node("Gather", self.constant(scales[:, None]), numbers))

    def norm(self, x: str, weight: Floats, bias: Floats) -> str:
        """Add a normalization over the last axis."""
        return self.node("LayerNormalization", x, self.constant(weight), self.constant(bias), axis=-1, epsilon=LAYER_NORM_EPSILON)

    def split(self, x: str, sizes: tuple[int, ...]) -> list[str]:
        """Add a split of the last axis."""
        first = self.node("Split", x, self.numbers(*sizes), outputs=len(sizes), axis=-1)
        return [first, *(f"{first}.{index}" for index in range(1, len(sizes)))]


def rounded(table: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Add a table in eight bits with a scale per row."""
    scales = (np.maximum(np.abs(table).max(-1), 1e-12) / 127).astype(np.float32)
    return np.rint(table / scales[:, None]).astype(np.int8), scales


def to_onnx(reader: MultiTaskNetwork, root_relation: int, path: Path, *, eight_bits: bool = True) -> None:
    """Write the network; ``kg.language.encoder.runtime`` documents inputs and outputs."""
    weights = {name: value.detach().float().numpy() for name, value in reader.state_dict().items()}
    builder = Builder(eight_bits)
    there = builder.node("Cast", builder.node("Greater", "numbers", builder.numbers(0)), to=TensorProto.FLOAT)
    words, present = _words(builder, _encoded(builder, weights, there), weights)
    _word_labels(builder, words, weights, reader)
    _pairs(builder, words, present, weights, reader, root_relation)
    graph = helper.make_graph(
        builder.nodes, "reader",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["sentences", size]) for name, size in INPUTS],
        [helper.make_tensor_value_info(name, kind, None) for name, kind in OUTPUTS],
        builder.weights,
    )  # fmt: skip
    opsets = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="entente")
    beside = path.with_suffix(".new")
    onnx.save(model, beside)
    beside.replace(path)


def _encoded(builder: Builder, weights: dict[str, Floats], there: str) -> str:
    length = builder.node("Shape", "numbers", start=1, end=2)
    places = builder.node("Slice", builder.constant(weights["encoder.positions.weight"]), builder.numbers(0), length, builder.numbers(0))
    x = builder.node("Add", builder.embedding("numbers", weights["encoder.pieces.weight"]), places)
    x = builder.node("Add", x, builder.embedding("kinds", weights["encoder.kinds.weight"]))
    x = builder.norm(x, weights["encoder.norm.weight"], weights["encoder.norm.bias"])
    absent = builder.node("Mul", builder.node("Sub", builder.scalar(1), there), builder.scalar(HIDDEN))
    mask = builder.node("Unsqueeze", absent, builder.numbers(1, 2))
    mix = weights["encoder.mix"]
    shares = np.exp(mix - mix.max()) / np.exp(mix - mix.max()).sum()
    total = ""
    for index, share in enumerate(shares):
        x = _layer(builder, x, mask, {n.removeprefix(f"encoder.layers.{index}."): w for n, w in weights.items()})
        part = builder.node("Mul", x, builder.scalar(float(share)))
        total = builder.node("Add", total, part) if total else part
    return total


def _layer(builder: Builder, x: str, mask: str, weights: dict[str, Floats]) -> str:
    parts = builder.split(builder.linear(x, weights["qkv.weight"], weights["qkv.bias"]), (WIDTH,) * 3)
    shape = builder.numbers(0, 0, HEADS, WIDTH // HEADS)
    query, key, value = (builder.node("Reshape", part, shape) for part in parts)
    query = builder.node("Transpose", builder.node("Mul", query, builder.scalar((WIDTH // HEADS) ** -0.5)), perm=[0, 2, 1, 3])
    fits = builder.node("Add", builder.node("MatMul", query, builder.node("Transpose", key, perm=[0, 2, 3, 1])), mask)
    seen = builder.node("MatMul", builder.node("Softmax", fits, axis=-1), builder.node("Transpose", value, perm=[0, 2, 1, 3]))
    seen = builder.node("Reshape", builder.node("Transpose", seen, perm=[0, 2, 1, 3]), builder.numbers(0, 0, WIDTH))
    x = builder.node("Add", x, builder.linear(seen, weights["out.weight"], weights["out.bias"]))
    x = builder.norm(x, weights["norm1.weight"], weights["norm1.bias"])
    inner = builder.node("Gelu", builder.linear(x, weights["up.weight"], weights["up.bias"]))
    x = builder.node("Add", x, builder.linear(inner, weights["down.weight"], weights["down.bias"]))
    return builder.norm(x, weights["norm2.weight"], weights["norm2.bias"])


def _words(builder: Builder, pieces: str, weights: dict[str, Floats]) -> tuple[str, str]:
    """Return sentence × word × width, the mean of each word's pieces with its shape; and sentence × word, 1 for words and 0 for padding."""
    count = builder.node("Shape", "shapes", start=1, end=2)
    zero, one = (builder.constant(np.array(value, dtype=np.int64)) for value in (0, 1))
    numbers = builder.node("Range", zero, builder.node("Squeeze", count), one)
    rows = builder.node("Unsqueeze", numbers, builder.numbers(0, 2))
    belongs = builder.node("Equal", builder.node("Unsqueeze", "words", builder.numbers(1)), rows)
    pool = builder.node("Cast", belongs, to=TensorProto.FLOAT)
    size = builder.node("ReduceSum", pool, builder.numbers(-1), keepdims=1)
    mean = builder.node("Div", builder.node("MatMul", pool, pieces), builder.node("Max", size, builder.scalar(1)))
    present = builder.node("Squeeze", builder.node("Min", size, builder.scalar(1)), builder.numbers(-1))
    shapes = builder.embedding("shapes", weights["shapes.weight"])
    return builder.node("Concat", mean, shapes, axis=-1), present


def _word_labels(builder: Builder, words: str, weights: dict[str, Floats], reader: MultiTaskNetwork) -> None:
    parts = builder.split(builder.linear(words, weights["labels.weight"], weights["labels.bias"]), reader.label_parts)
    tag, morph, lemma, name, predicate = parts
    for output, scores in (("tag", tag), ("morph", morph), ("lemma", lemma), ("predicate", predicate)):
        builder.node("ArgMax", scores, name=output, axis=-1, keepdims=0)
    builder.node("Identity", name, name="name")


def _pairs(builder: Builder, words: str, present: str, weights: dict[str, Floats], reader: MultiTaskNetwork, root_relation: int) -> None:
    batch = builder.node("Shape", words, start=0, end=1)
    hidden = builder.node("Gelu", builder.linear(words, weights["hidden.weight"], weights["hidden.bias"]))
    dependent, head, dependents, governors, predicates, arguments, sense = builder.split(hidden, reader.hidden_parts)
    root = builder.node("Expand", builder.constant(_root(weights, reader)), builder.node("Concat", batch, builder.numbers(1, 1), axis=0))
    heads = builder.node("Concat", root, head, axis=1)
    arc = weights["arc"]
    scored = builder.linear(dependent, arc[:-1].T, arc[-1])
    arcs = builder.node("MatMul", scored, builder.node("Transpose", heads, perm=[0, 2, 1]))
    absent = builder.node("Mul", builder.node("Sub", builder.scalar(1), present), builder.scalar(HIDDEN))
    padded = builder.node("Pad", absent, builder.numbers(0, 1, 0, 0), builder.scalar(0))
    builder.node("Add", arcs, builder.node("Unsqueeze", padded, builder.numbers(1)), name="arc")
    relation = _pair_scores(builder, dependents, governors, {n.removeprefix("relation."): w for n, w in weights.items()}, root_relation)
    builder.node("ArgMax", relation, name="relation", axis=-1, keepdims=0)
    role = _pair_scores(builder, predicates, arguments, {n.removeprefix("role."): w for n, w in weights.items()}, None)
    builder.node("ArgMax", role, name="role", axis=-1, keepdims=0)
    none = builder.node("Gather", role, builder.constant(np.array(0, dtype=np.int64)), axis=-1)
    builder.node("Sub", builder.node("ReduceMax", role, builder.numbers(-1), keepdims=0), none, name="role_score")
    builder.node("Identity", builder.linear(sense, weights["sense.weight"], weights["sense.bias"]), name="sense")


def _root(weights: dict[str, Floats], reader: MultiTaskNetwork) -> Floats:
    """Return the root as a head: the same in every sentence."""
    before, size = reader.hidden_parts[:2]
    rows = slice(before, before + size)
    value = torch.from_numpy(weights["hidden.weight"][rows] @ weights["root"] + weights["hidden.bias"][rows])
    return torch.nn.functional.gelu(value).numpy()[None, None]


def _pair_scores(builder: Builder, first: str, second: str, weights: dict[str, Floats], never: int | None) -> str:
    """Return sentence × first × second × label. ``never``: a label that no pair gets."""
    bias = weights["both.bias"].copy()
    if never is not None:
        bias[never] = HIDDEN
    left, right = builder.node("Unsqueeze", first, builder.numbers(2)), builder.node("Unsqueeze", second, builder.numbers(1))
    product = builder.node("Mul", left, right)
    scores = builder.node("MatMul", product, builder.constant(weights["both.weight"].T))
    one = builder.linear(first, weights["first.weight"], bias)
    other = builder.linear(second, weights["second.weight"])
    scores = builder.node("Add", scores, builder.node("Unsqueeze", one, builder.numbers(2)))
    return builder.node("Add", scores, builder.node("Unsqueeze", other, builder.numbers(1)))
