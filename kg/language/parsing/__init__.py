"""Passages as words and Docs, and read Docs as plain objects."""
