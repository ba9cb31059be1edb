"""Passages as words and Docs, and parsed Docs as plain objects."""
