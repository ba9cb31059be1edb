"""Orchestrate a build. The only package that imports all stages."""

from kg.pipeline.building import build
from kg.pipeline.options import BuildOptions, Progress, Silence, Summary

__all__ = ["BuildOptions", "Progress", "Silence", "Summary", "build"]
