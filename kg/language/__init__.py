"""The language stage: ``load`` returns a reader, whose ``read`` turns an Article into a Reading."""

import kg._spacy  # noqa: F401  # before the first import of spaCy
from kg.language.reader import LanguageReader, load

__all__ = ["LanguageReader", "load"]
