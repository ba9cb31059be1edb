"""Trains the recogniser of names, in rounds over different corpora, as ``names.toml`` says."""

from __future__ import annotations

import random
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from thinc.api import Adam, Model, Optimizer, set_dropout_rate
from thinc.types import Ragged

from kg.errors import EntenteError
from kg.language.parsing.recogniser import NameRecogniser
from kg.language.parsing.recogniser.features import in_sentence
from kg.language.parsing.recogniser.network import chain_params
from kg.language.parsing.recogniser.tags import padded
from kg.language.training.chain import chances
from kg.language.training.evaluate import NAME_LABELS
from kg.language.training.samples import Sample, Variants, allowed_tags

SETTINGS = Path(__file__).resolve().parent / "names.toml"
# sentences are put together with others of like length from as many
_POOL = 2000
_REPORTS = 4
_LEAST_RATE = 0.03


class NoNamesError(EntenteError):
    """A round that has nothing to learn names from."""


def settings(path: Path = SETTINGS) -> dict[str, Any]:
    """The settings in a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def train_names(
    recogniser: NameRecogniser, corpora: Mapping[str, Sequence[Sample]], dev: Sequence[Sample], chosen: Mapping[str, Any]
) -> None:
    """Trains the recogniser in place; after each round its weights are the averages of the round's.

    ``corpora`` are those that the settings in ``chosen`` name, all or some; on ``dev`` the progress is reported, nothing else.
    """
    training = chosen["training"]
    rng = random.Random(training["seed"])  # noqa: S311
    np.random.seed(training["seed"])
    known = [sample for samples in corpora.values() for sample in samples if not sample.fixed]
    trainer = _Trainer(recogniser, Variants.of(known, chosen["variants"]), training, rng, dev)
    for number, plan in enumerate(chosen["round"], 1):
        pool = [sample for name in plan["corpora"] for sample in corpora.get(name, ())]
        if not pool:
            raise NoNamesError(f"No sentence of {', '.join(plan['corpora'])} has names: do the files of names belong to these treebanks?")
        trainer.round(number, pool, plan["epochs"], plan["learn_rate"])


@dataclass(frozen=True, slots=True)
class _Trainer:
    recogniser: NameRecogniser
    variants: Variants
    training: Mapping[str, Any]
    rng: random.Random
    dev: Sequence[Sample]

    @property
    def nodes(self) -> list[Model[Any, Any]]:
        return [*self.recogniser.network.walk(), *self.recogniser.chain.walk()]

    def round(self, number: int, pool: Sequence[Sample], epochs: float, rate: float) -> None:
        began, total = time.perf_counter(), sum(map(len, pool)) * epochs
        optimizer = Adam(rate, L2=self.training["weight_decay"], L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
        seen, reported = 0, 0
        for step, batch in enumerate(self._batches(pool), 1):
            optimizer.learn_rate = rate * min(1, step / self.training["warm_up"]) * max(_LEAST_RATE, 1 - seen / total)
            self._step(batch, optimizer)
            seen += sum(map(len, batch))
            if seen * _REPORTS >= total * (reported + 1):
                reported += 1
                with self.recogniser.network.use_params(optimizer.averages), self.recogniser.chain.use_params(optimizer.averages):
                    found = self._figures()
                print(f"round {number}, step {step}, {time.perf_counter() - began:.0f} s: {found}", file=sys.stderr, flush=True)
            if seen >= total:
                break
        for node in self.nodes:
            for name in node.param_names:
                node.set_param(name, optimizer.averages[node.id, name])

    def _batches(self, pool: Sequence[Sample]) -> Iterator[list[Sample]]:
        """The samples without end, in batches of about as many words, those of like length together."""
        while True:
            mixed = self.rng.sample(list(pool), len(pool))
            batches: list[list[Sample]] = []
            for start in range(0, len(mixed), _POOL):
                batch: list[Sample] = []
                for sample in sorted(mixed[start : start + _POOL], key=len):
                    batch.append(sample)
                    if sum(map(len, batch)) >= self.training["batch"]:
                        batches.append(batch)
                        batch = []
                batches += [batch] if batch else []
            self.rng.shuffle(batches)
            yield from batches

    def _step(self, batch: Sequence[Sample], optimizer: Optimizer) -> None:
        self._drop(self.training["dropout"], self.training["feature_dropout"])
        network, chain = self.recogniser.network, self.recogniser.chain
        chosen = [self.variants(sample, self.rng) for sample in batch]
        lengths = [len(sample) for sample in chosen]
        scores, backprop = network.begin_update([in_sentence(sample.codes) for sample in chosen])
        table = padded(np.asarray(scores.data), lengths)
        right = np.zeros(table.shape, dtype=bool)
        right[:, :, 0] = True
        for index, sample in enumerate(chosen):
            right[: len(sample), index] = allowed_tags(sample)
        params = chain_params(chain)
        every, wanted = (chances(table, lengths, allowed, *params) for allowed in (np.ones_like(right), right))
        wrong = (every.tags - wanted.tags) / len(batch)
        lasts = wrong[np.asarray(lengths) - 1, np.arange(len(lengths))]
        pairs = (every.pairs - wanted.pairs) / len(batch)
        gradients: dict[str, Any] = {"first": wrong[0].sum(axis=0), "last": lasts.sum(axis=0), "transitions": pairs}
        for name, gradient in gradients.items():
            chain.inc_grad(name, gradient.astype(np.float32))
        rows: Any = np.concatenate([wrong[:length, index] for index, length in enumerate(lengths)]).astype(np.float32)
        sizes: Any = np.asarray(lengths, dtype=np.int32)
        backprop(Ragged(rows, sizes))
        network.finish_update(optimizer)
        chain.finish_update(optimizer)
        self._drop(0.0, 0.0)

    def _drop(self, hidden: float, features: float) -> None:
        network = self.recogniser.network
        set_dropout_rate(network, hidden)
        for node in network.walk():
            if "feature_dropout" in node.attrs:
                node.attrs["feature_dropout"] = features

    def _figures(self) -> str:
        """F, precision and recall of the names in the development part, as its samples have them."""
        found = self.recogniser.names([in_sentence(sample.codes) for sample in self.dev])
        right = ours = there = 0
        for sample, names in zip(self.dev, found, strict=True):
            gold = {(name.start, name.end, name.label) for name in sample.names if name.label in NAME_LABELS}
            marked = {name for name in names if name[2] in NAME_LABELS}
            right, ours, there = right + len(gold & marked), ours + len(marked), there + len(gold)
        return f"names F {2 * right / max(1, ours + there):.1%}, P {right / max(1, ours):.1%}, R {right / max(1, there):.1%}"
