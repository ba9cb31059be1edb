"""Coreference: pronouns and descriptions lead to who is meant, by rules that rather say nothing than something wrong."""

from __future__ import annotations

from kg.language.coreference.resolve import Cast, resolve_article

__all__ = ["Cast", "resolve_article"]
