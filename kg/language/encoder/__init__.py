"""Parse sentences with one contextual network: tags, lemmas, tree, names and propositions."""

from kg.language.encoder.folder import PipelineError
from kg.language.encoder.pipeline import load_pipeline
from kg.language.encoder.propositions import Argument, Proposition

__all__ = ["Argument", "PipelineError", "Proposition", "load_pipeline"]
