"""The whole recipe, from invented sources to a working model: requires PyTorch and the pretrained encoder, the extra ``training``."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from kg.language.encoder import load_pipeline
from kg.language.encoder.pipeline import SHIPPED
from kg.language.encoder.word_pieces import PIECES_FILE
from kg.training import training_run
from kg.training.recipe import Recipe
from kg.training.sources.material import Sources
from tests.training import made_up

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'entente[training]'", exc_type=ImportError)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """Invented treebanks, and an encoder of one layer with random weights."""
    from safetensors.torch import save_file

    from kg.training.network import INNER, POSITIONS, VOCABULARY, WIDTH

    folder = tmp_path_factory.mktemp("sources")
    made_up.write(folder)
    torch.manual_seed(1)
    sizes = {"query": (WIDTH, WIDTH), "key": (WIDTH, WIDTH), "value": (WIDTH, WIDTH)}
    layer = {f"attention.self.{part}": size for part, size in sizes.items()}
    layer |= {"attention.output.dense": (WIDTH, WIDTH), "intermediate.dense": (INNER, WIDTH), "output.dense": (WIDTH, INNER)}
    table = {f"encoder.layer.0.{name}.weight": torch.randn(*size) * 0.05 for name, size in layer.items()}
    table |= {f"encoder.layer.0.{name}.bias": torch.zeros(size[0]) for name, size in layer.items()}
    for name in ("embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"):
        table |= {f"{name}.LayerNorm.weight": torch.ones(WIDTH), f"{name}.LayerNorm.bias": torch.zeros(WIDTH)}
    rows = {"word_embeddings": VOCABULARY, "position_embeddings": POSITIONS, "token_type_embeddings": 2}
    table |= {f"embeddings.{name}.weight": torch.randn(count, WIDTH) * 0.05 for name, count in rows.items()}
    encoder = folder / "encoder"
    encoder.mkdir()
    save_file(table, encoder / "model.safetensors")
    (encoder / PIECES_FILE).write_bytes((SHIPPED / PIECES_FILE).read_bytes())
    return Sources(folder / "treebanks", folder / "propbank", encoder)


@pytest.fixture(scope="module")
def recipe(sources: Sources) -> Recipe:
    """A recipe that learns the invented sentences in seconds."""
    real = Recipe.read()
    return replace(
        real,
        schedule=replace(real.schedule, epochs=6, batch=300, warm_up=5, encoder_rate=1e-3, bfloat16=False, threads=1),
        sizes=replace(real.sizes, layers=1, arc=32, relation=32, role=32, sense=32),
        rarest={"lemmas": 1, "roles": 1},
        encoder_sha256=hashlib.sha256((sources.encoder / "model.safetensors").read_bytes()).hexdigest(),
    )


@pytest.fixture(scope="module")
def trained(sources: Sources, recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a completed training."""
    output = tmp_path_factory.mktemp("trained")
    training_run.train(sources, output, recipe)
    return output


def test_the_trained_model_reads(trained):
    doc = load_pipeline(_speaking_ud(trained / "model"))("Dora saw Cy in Bern.")
    assert [(token.tag_, token.dep_, token.head.i) for token in doc] == [
        ("NNP", "nsubj", 1), ("VBD", "ROOT", 1), ("NNP", "obj", 1), ("IN", "case", 4), ("NNP", "obl", 1), (".", "punct", 1)
    ]  # fmt: skip
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Dora", "PER"), ("Cy", "PER"), ("Bern", "LOC")]
    [found] = doc._.propositions
    assert (found.predicate, found.roleset, found.fallback) == (1, "see.01", False)
    assert {(a.label, a.head) for a in found.arguments} == {("ARG0", 0), ("ARG1", 2), ("ARGM-LOC", 4)}


def _speaking_ud(folder: Path) -> Path:
    """Return the folder, with the relations that a pipeline requires added."""
    labels = folder / "labels.json"
    text = labels.read_text(encoding="utf-8")
    if "nsubj:pass" not in text:
        wanted = '"nmod", "conj", "nsubj:pass", "aux:pass"'
        labels.write_text(text.replace('"relations":[', '"relations":[', 1).replace('],"lemmas"', f", {wanted}]" + ',"lemmas"', 1))
    return folder


def test_a_training_that_was_broken_off_ends_as_if_it_had_not_been(sources, recipe, trained, tmp_path):
    from kg.training.loop import Training

    class StoppedError(Exception):
        pass

    class Stopping(Training):
        def _report(self) -> None:
            if self.state.epoch == 2:
                raise StoppedError

    with pytest.raises(StoppedError):
        Stopping(sources, recipe, tmp_path / "training").run()
    training_run.train(sources, tmp_path, recipe)
    for name in ("reader.onnx", "senses.npz"):
        assert (tmp_path / "model" / name).read_bytes() == (trained / "model" / name).read_bytes()


def test_another_encoder_is_refused(sources, recipe, tmp_path):
    from kg.training.network import EncoderFileError

    with pytest.raises(EncoderFileError, match="is not the pinned encoder: its SHA-256 is"):
        training_run.train(sources, tmp_path, replace(recipe, encoder_sha256="0" * 64))
    with pytest.raises(EncoderFileError, match="is missing"):
        training_run.train(replace(sources, encoder=tmp_path), tmp_path / "out", recipe)


def test_the_shipped_model_is_not_trained_over(sources, recipe):
    with pytest.raises(training_run.TrainingError, match="holds the shipped model"):
        training_run.train(sources, SHIPPED, recipe)
