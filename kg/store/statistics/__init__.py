"""Counts of a build, made while its sorted quads stream by."""
