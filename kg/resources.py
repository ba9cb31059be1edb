"""Locate the files that ship with the package: the ontology, the canned queries and the seed articles.

They are at the top of a checkout, and inside the package (``kg/_data``) in an installed wheel.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource_folder(name: str) -> Path:
    """Return the folder ``ontology``, ``queries`` or ``seeds``; FileNotFoundError if the installation lacks it."""
    for folder in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The folder {name!r} is missing from this installation: reinstall entente.")
