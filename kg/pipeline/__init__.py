"""Orchestrate a build. The only package that imports all stages."""

from kg.pipeline.building import BuildOptions, Progress, Silence, Summary, build

__all__ = ["BuildOptions", "Progress", "Silence", "Summary", "build"]
