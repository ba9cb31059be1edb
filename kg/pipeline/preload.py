"""Imported once by the process that worker processes are forked from, so that each of them starts with the stages at hand."""

import kg.extraction
import kg.graph
import kg.language
import kg.wikitext  # noqa: F401
