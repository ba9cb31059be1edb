"""Import spaCy without PyTorch and without its command line, neither of which is used here.

``import spacy`` imports both: ``spacy.cli`` for one function, torch wherever it is installed; together more than half of a
process's start-up time. Packages that use spaCy import this module first; ``spacy.cli`` and torch can be imported as usual
afterwards.
"""

import sys
from types import ModuleType
from typing import Any


def _info(*arguments: Any, **options: Any) -> Any:
    """``spacy.info``, which imports the command line when it is called."""
    from spacy.cli.info import info

    return info(*arguments, **options)


def import_spacy_alone() -> None:
    """Import spaCy as if torch were not installed and its command line were empty, leaving no trace of that."""
    if "spacy" in sys.modules:
        return
    command_line, info = ModuleType("spacy.cli"), ModuleType("spacy.cli.info")
    info.info = _info  # type: ignore[attr-defined]  # the name that spaCy's __init__ imports
    absent: dict[str, ModuleType | None] = {"spacy.cli": command_line, "spacy.cli.info": info}
    if "torch" not in sys.modules:
        absent["torch"] = None  # the import system's marker for a module that cannot be found
    sys.modules.update(absent)  # type: ignore[arg-type]
    try:
        import spacy  # noqa: F401
    finally:
        for name in absent:
            del sys.modules[name]


import_spacy_alone()
