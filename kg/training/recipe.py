"""The hyperparameters of the training, from ``recipe.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

RECIPE = Path(__file__).resolve().parent / "recipe.toml"


@dataclass(frozen=True, slots=True)
class Variants:
    """Probabilities of changing a sentence in certain ways before it is shown."""

    merged: float
    merge_span: float
    other_name: float
    other_quotes: float
    british: float
    lower: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of the network: layers of the encoder, and widths of the heads."""

    layers: int
    shape: int
    arc: int
    relation: int
    role: int
    sense: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the network is trained; ``recipe.toml`` explains each value."""

    seed: int
    epochs: int
    batch: int
    longest: int
    other_share: float
    encoder_rate: float
    head_rate: float
    layer_decay: float
    warm_up: int
    weight_decay: float
    clip: float
    encoder_dropout: float
    word_dropout: float
    head_dropout: float
    bfloat16: bool
    threads: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """All hyperparameters."""

    schedule: Schedule
    sizes: Sizes
    variants: Variants
    weights: dict[str, float]
    rarest: dict[str, int]
    encoder_sha256: str

    @classmethod
    def read(cls, path: Path = RECIPE) -> Recipe:
        """Read the recipe from a TOML file."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            schedule=Schedule(**table["schedule"]),
            sizes=Sizes(**table["sizes"]),
            variants=Variants(**table["variants"]),
            weights=table["weights"],
            rarest=table["rarest"],
            encoder_sha256=table["encoder"]["sha256"],
        )
