"""Dependency trees: arguments of predicates, noun phrases, function words, and repairs of common parse errors."""
