"""Rules from parsed sentences to facts: events, agreements, offices and statements."""

from kg.extraction.extract import extract

__all__ = ["extract"]
