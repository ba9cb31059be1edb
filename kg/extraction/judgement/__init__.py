"""Judgement of extracted facts: duplicates across an article."""
