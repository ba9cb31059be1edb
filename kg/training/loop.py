"""The training loop: from the sources to weights in a folder, epoch by epoch, so that it can be interrupted and resumed."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from kg.language.encoder.word_pieces import PIECES_FILE, WordPieceReader
from kg.training.examples import Batch, Encoding, Example, batches, fitting
from kg.training.label_inventory import LabelInventory, gather
from kg.training.network import Counts, MultiTaskNetwork, PieceEncoder, load_pretrained
from kg.training.objective import losses
from kg.training.quick_figures import quick_figures
from kg.training.recipe import Recipe, Schedule
from kg.training.sources.conllu import GoldSentence
from kg.training.sources.material import Sources, Varied, name_sentences, training_sentences
from kg.training.sources.propbank import Roleset, read_rolesets

HELD_OUT = 8
"""One in so many sentences of the development parts is held out for monitoring."""
DESCRIBED_WORDS = 24
"""Words read of a roleset's description."""
_DESCRIBED_AT_ONCE = 64


@dataclass(slots=True)
class State:
    """The progress of the training."""

    epoch: int = 0
    step: int = 0
    seconds: float = 0.0


class Training:
    """A training in a folder, which contains its labels, weights, state and log."""

    def __init__(self, sources: Sources, recipe: Recipe, folder: Path, watched: dict[str, Sequence[GoldSentence]] | None = None) -> None:
        """Read the sources; resume the training in the folder, if any. ``watched``: further sentences to report figures for."""
        self.recipe, self.folder = recipe, folder
        folder.mkdir(parents=True, exist_ok=True)
        torch.set_num_threads(recipe.schedule.threads)
        torch.manual_seed(recipe.schedule.seed)
        gold, held_out = training_sentences(sources, HELD_OUT)
        self.gold = fitting(gold, recipe.schedule.longest)
        self.edited, self.other = (fitting(some, recipe.schedule.longest) for some in name_sentences(sources))
        rolesets = read_rolesets(sources.propbank)
        self.inventory = gather(self.gold, rolesets, recipe.rarest)
        self.inventory.save(folder / "labels.json")
        self.encoding = Encoding(self.inventory, WordPieceReader(sources.encoder / PIECES_FILE))
        self.varied = Varied(self.gold, recipe.variants)
        self.plain = {id(sentence): self.encoding(sentence) for sentence in (*self.gold, *self.edited, *self.other)}
        self.watched = {
            name: [self.encoding(s) for s in some if all(word.form.strip() for word in s.words)]
            for name, some in {"held out": held_out, **(watched or {})}.items()
        }
        self.reader = self._reader(sources, rolesets)
        self.steps_per_epoch = sum(1 for _ in batches(self._examples(0), recipe.schedule.batch, random.Random(0)))  # noqa: S311
        self.optimizer = torch.optim.AdamW(_groups(self.reader, recipe.schedule), betas=(0.9, 0.98), fused=True)
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        self.state = State()
        if (folder / "state.json").exists():
            self._take_up()

    def _reader(self, sources: Sources, rolesets: Sequence[Roleset]) -> MultiTaskNetwork:
        encoder = PieceEncoder(self.recipe.sizes.layers)
        load_pretrained(encoder, sources.encoder / "model.safetensors", self.recipe.encoder_sha256)
        encoder.eval()
        bfloat16 = self.recipe.schedule.bfloat16
        if (self.folder / "state.json").exists():
            descriptions = torch.zeros(len(self.inventory.rolesets), encoder.pieces.weight.size(1))  # stored with the weights
        else:
            descriptions = describe(encoder, self.encoding.reader, self.inventory, rolesets, bfloat16=bfloat16)
        reader = MultiTaskNetwork(counts(self.inventory), self.recipe.sizes, descriptions)
        reader.encoder = encoder
        return reader

    def _examples(self, epoch: int) -> list[Example]:
        """Return the examples of an epoch: every gold sentence or a variant of it, WikiGold, a share of the other corpora."""
        rng = random.Random(f"{self.recipe.schedule.seed} {epoch}")  # noqa: S311
        share = rng.sample(self.other, round(len(self.other) * self.recipe.schedule.other_share))
        found = []
        for sentence in (*self.gold, *self.edited, *share):
            varied = self.varied(sentence, rng)
            found.append(self.plain[id(sentence)] if varied is sentence else self.encoding(varied))
        return found

    def run(self) -> None:
        """Train the remaining epochs, saving the state after each."""
        total = self.recipe.schedule.epochs * self.steps_per_epoch
        print(f"{len(self.gold)} sentences, {self.steps_per_epoch} steps in an epoch, {total} in all", flush=True)
        while self.state.epoch < self.recipe.schedule.epochs:
            began = time.perf_counter()
            self._epoch(total)
            self.state.epoch += 1
            self.state.seconds += time.perf_counter() - began
            self._keep()
            self._report()

    def _epoch(self, total: int) -> None:
        schedule = self.recipe.schedule
        rng = random.Random(f"{schedule.seed} order {self.state.epoch}")  # noqa: S311
        torch.manual_seed(schedule.seed * 1000 + self.state.epoch)
        examples = self._examples(self.state.epoch)
        summed: dict[str, float] = {}
        self.reader.train()
        for count, group in enumerate(batches(examples, schedule.batch, rng), 1):
            self._set_rates(total)
            for task, loss in self._step(Batch.of([examples[index] for index in group])).items():
                summed[task] = summed.get(task, 0.0) + loss
            self.state.step += 1
            if count % 100 == 0:
                said = ", ".join(f"{task} {loss / 100:.3f}" for task, loss in summed.items())
                print(f"{time.strftime('%H:%M:%S')} epoch {self.state.epoch} step {self.state.step}: {said}", flush=True)
                summed = {}

    def _set_rates(self, total: int) -> None:
        step = self.state.step
        factor = min(1.0, (step + 1) / self.recipe.schedule.warm_up) * max(0.0, 1 - step / total)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor

    def _step(self, batch: Batch) -> dict[str, float]:
        schedule = self.recipe.schedule
        dropouts = schedule.encoder_dropout, schedule.word_dropout, schedule.head_dropout
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=schedule.bfloat16):
            scores = self.reader(batch.numbers, batch.kinds, batch.there, batch.pool, batch.shapes, dropouts)
            found = losses(self.reader, scores, batch)
        loss = sum((self.recipe.weights[task] * value for task, value in found.items()), start=torch.zeros(()))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.reader.parameters(), schedule.clip)
        self.optimizer.step()
        return {task: value.item() for task, value in found.items()}

    def _report(self) -> None:
        for name, examples in self.watched.items():
            shares = quick_figures(self.reader, examples, self.inventory, bfloat16=self.recipe.schedule.bfloat16)
            said = ", ".join(f"{figure} {100 * share:.2f}" for figure, share in shares.items() if share)
            print(f"epoch {self.state.epoch}, {self.state.seconds:.0f} s, {name}: {said}", flush=True)

    def _keep(self) -> None:
        save_weights(self.reader, self.folder / "weights.safetensors")
        moments = {
            f"{index}.{name}": value for index, state in self.optimizer.state_dict()["state"].items() for name, value in state.items()
        }
        _written(moments, self.folder / "optimizer.safetensors")
        state = {"epoch": self.state.epoch, "step": self.state.step, "seconds": round(self.state.seconds, 1)}
        (self.folder / "state.json").write_text(json.dumps(state) + "\n", encoding="utf-8")

    def _take_up(self) -> None:
        self.state = State(**json.loads((self.folder / "state.json").read_text(encoding="utf-8")))
        load_weights(self.reader, self.folder / "weights.safetensors")
        whole = self.optimizer.state_dict()
        moments = load_file(self.folder / "optimizer.safetensors")
        for key, value in moments.items():
            index, _, name = key.partition(".")
            whole["state"].setdefault(int(index), {})[name] = value
        self.optimizer.load_state_dict(whole)
        print(f"resumed after epoch {self.state.epoch}", file=sys.stderr)


def counts(inventory: LabelInventory) -> Counts:
    """Return the number of labels of each kind."""
    kinds = ("tags", "morphs", "relations", "lemmas", "names", "roles", "rolesets")
    return Counts(**{kind: len(getattr(inventory, kind)) for kind in kinds}, known_rolesets=inventory.known_rolesets)


@torch.no_grad()
def describe(
    encoder: PieceEncoder, pieces: WordPieceReader, inventory: LabelInventory, rolesets: Sequence[Roleset], *, bfloat16: bool
) -> Tensor:
    """Embed each roleset's description: the mean of the encoder's last layer, normalized; zeros if there is none."""
    texts = {roleset.roleset: roleset.description for roleset in rolesets}
    found = torch.zeros(len(inventory.rolesets), encoder.pieces.weight.size(1))
    described = [
        (number, pieces.sentence(texts[name].split()[:DESCRIBED_WORDS])) for number, name in enumerate(inventory.rolesets) if name in texts
    ]
    described.sort(key=lambda item: len(item[1].numbers))
    for start in range(0, len(described), _DESCRIBED_AT_ONCE):
        some = described[start : start + _DESCRIBED_AT_ONCE]
        longest = max(len(sentence.numbers) for _, sentence in some)
        numbers = torch.tensor([[*s.numbers, *[0] * (longest - len(s.numbers))] for _, s in some])
        there = torch.tensor([[True] * len(s.numbers) + [False] * (longest - len(s.numbers)) for _, s in some])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
            x = encoder(numbers, torch.zeros_like(numbers), there, 0.0, mixed=False).float() * there[..., None]
        means = x.sum(1) / there.sum(1, keepdim=True)
        found[[number for number, _ in some]] = nn.functional.normalize(means, dim=-1)
    return found


def save_weights(reader: MultiTaskNetwork, path: Path) -> None:
    """Write the weights, for ``load_weights``."""
    _written(reader.state_dict(), path)


def load_weights(reader: MultiTaskNetwork, path: Path) -> None:
    """Load the weights of a file into the network."""
    reader.load_state_dict(load_file(path))


def _written(table: dict[str, Tensor], path: Path) -> None:
    beside = path.with_suffix(".new")
    save_file({name: value.contiguous() for name, value in table.items()}, beside)
    beside.replace(path)


def _groups(reader: MultiTaskNetwork, schedule: Schedule) -> list[dict[str, Any]]:
    """Return the parameters with their learning rates: lower for lower layers of the encoder; no decay of vectors."""
    layers = len(reader.encoder.layers)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in reader.named_parameters():
        if name.startswith("encoder.layers."):
            depth = layers - 1 - int(name.split(".")[2])
            rate = schedule.encoder_rate * schedule.layer_decay**depth
        elif name.startswith("encoder.") and not name.startswith(("encoder.kinds", "encoder.mix")):
            rate = schedule.encoder_rate * schedule.layer_decay**layers
        else:
            rate = schedule.head_rate
        decay = schedule.weight_decay if parameter.dim() > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": parameters, "lr": rate, "weight_decay": decay} for (rate, decay), parameters in groups.items()]
