"""Corrections that people make to the extracted facts: TOML files that every build applies, with author, date and reason.

``correction_files`` reads and checks them, ``corrected_article`` indexes one article's statements for changing, ``corrected_facts``
and ``corrected_entities`` change them, ``provenance`` records the statements that were removed, ``applying`` applies all of it to
the shards of a build, and ``template`` writes the TOML that a page offers to copy.
"""

from __future__ import annotations

from kg.corrections.correction_files import Correction, CorrectionError, read_corrections

__all__ = ["Correction", "CorrectionError", "read_corrections"]
