"""Extraction rules from parsed sentences to facts: events, agreements, offices and statements."""

import kg._spacy  # noqa: F401  # before the first import of spaCy
from kg.extraction.extract import extract
from kg.extraction.judgement.statement import stated

__all__ = ["extract", "stated"]
