"""Figures as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.evaluation.tally import Figure


def table(title: str, figures: Mapping[str, Figure]) -> Iterator[str]:
    """The lines of one article's table, under its title."""
    yield title
    for name, figure in figures.items():
        if "share" in figure:
            yield f"  {name:<11} {figure['share']:.3f}  of {figure['of']:.0f}"
        else:
            numbers = "  ".join(f"{key} {figure[key]:.3f}" for key in ("F", "P", "R"))
            yield f"  {name:<11} {numbers}  gold {figure['gold']:.0f}  found {figure['found']:.0f}"
