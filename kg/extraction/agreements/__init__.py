"""Agreements and their terms."""
