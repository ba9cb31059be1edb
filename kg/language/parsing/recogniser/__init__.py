"""The recogniser of names: a convolutional tagger with a conditional random field on top, as a component of the pipeline."""

from kg.language.parsing.recogniser.component import NameRecogniser

__all__ = ["NameRecogniser"]
