"""Tokenisation, tagging, parsing and lemmatisation of passages."""
