"""Judgement of extracted facts: allegations, plausibility, duplicates, confidence."""
