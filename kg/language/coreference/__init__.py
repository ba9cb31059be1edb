"""Rule-based coreference, tuned for precision: resolve pronouns and definite descriptions to entities."""

from __future__ import annotations

from kg.language.coreference.resolve import Cast, resolve_article

__all__ = ["Cast", "resolve_article"]
