"""Corrections that people make to what was read: TOML files that every build applies, with author, date and reason.

``correction_files`` reads and checks them, ``corrected_article`` holds one article's statements while they are changed,
``corrected_facts`` and ``corrected_entities`` change them, ``provenance`` records what was said before, ``applying`` does all of it to
the shards of a build, and ``template`` writes the TOML that a page offers to copy.
"""

from __future__ import annotations

from kg.corrections.correction_files import Correction, CorrectionError, read_corrections

__all__ = ["Correction", "CorrectionError", "read_corrections"]
