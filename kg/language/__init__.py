"""The language stage: ``load`` gives a reader, whose ``read`` turns an Article into a Reading."""

from kg.language.reader import LanguageReader, load

__all__ = ["LanguageReader", "load"]
