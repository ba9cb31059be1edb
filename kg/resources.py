"""Where the files that travel with the package are: the ontology, the canned queries and the seed articles.

They stand at the top of a checkout and inside the package (``kg/_data``) of an installed wheel.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource_folder(name: str) -> Path:
    """The folder ``ontology``, ``queries`` or ``seeds``; FileNotFoundError where the installation lacks it."""
    for folder in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The folder {name!r} is missing from this installation: reinstall entente.")
