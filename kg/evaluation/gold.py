"""Load gold files, the facts of an article as annotated by hand, and match their names with the graph.

``tests/evaluation/ANNOTATION.md`` describes the format.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.errors import EntenteError
from kg.evaluation.article_graph import ScoredArticle
from kg.evaluation.normalization import folded

Gold = dict[str, Any]
"""A gold file, or one entry of it, as parsed from JSON."""

_PLURALS = {"actor": "actors", "recipient": "recipients", "mediator": "mediators"}
_ENTRIES: dict[str, dict[str, tuple[type, ...]]] = {
    "entities": {"names": (list,), "class": (str,)},
    "events": {
        "anchor": (str,),
        "category": (list,),
        "actors": (list,),
        "recipients": (list,),
        "mediators": (list, type(None)),
        "about": (list, type(None)),
        "cites": (list, type(None)),
        "date": (str, type(None)),
        "place": (str, type(None)),
        "modality": (str, type(None)),
        "quote": (str, type(None)),
    },
    "agreements": {
        "names": (list,),
        "parties": (list,),
        "mediators": (list, type(None)),
        "date": (str, type(None)),
        "place": (str, type(None)),
    },
    "tenures": {"holder": (str,), "office": (list,), "organization": (str, type(None))},
}
"""The types of an entry's values in each part; optional values may be omitted. Lists contain strings."""
_FILLED = frozenset({"names", "category", "office"})
"""Lists that must not be empty."""


class GoldError(EntenteError):
    """An invalid gold file."""


def read_gold(path: Path) -> Gold:
    """Read the annotation in a file; GoldError if it is invalid."""
    try:
        gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GoldError(f"{path}: not JSON ({error}).") from error
    missing = [part for part in ("article", *_ENTRIES) if not isinstance(gold, dict) or part not in gold]
    if missing:
        raise GoldError(f"{path}: not a gold file: it lacks {', '.join(missing)}; see tests/evaluation/ANNOTATION.md.")
    for part in _ENTRIES:
        entries = gold[part] if isinstance(gold[part], list) else [None]
        for number, entry in enumerate(entries, 1):
            wrong = _wrong(entry, _ENTRIES[part])
            if wrong:
                raise GoldError(f"{path}: {part}, entry {number}: {wrong}; see tests/evaluation/ANNOTATION.md.")
    return gold


def _wrong(entry: object, fields: dict[str, tuple[type, ...]]) -> str:
    """Return what is wrong with an entry; empty if nothing is."""
    if not isinstance(entry, dict):
        return "no object"
    for name, kinds in fields.items():
        value = entry.get(name)
        if not isinstance(value, kinds):
            return f"{name} is missing" if value is None else f"{name} is a {type(value).__name__}"
        if isinstance(value, list) and not all(isinstance(each, str) for each in value):
            return f"{name} contains a value that is not a string"
        if name in _FILLED and not value:
            return f"{name} is empty"
    return ""


def accepted_dates(entry: Gold) -> set[str]:
    """Return the accepted dates: ``2018-06-17|2018-06`` gives two."""
    return set((entry.get("date") or "").split("|")) - {"", "null"}


def stated_dates(entry: Gold) -> set[str]:
    """Return the accepted dates if the text states one; empty if it is only inferred from context."""
    return accepted_dates(entry) if entry.get("date_basis", "stated") == "stated" else set()


def role_names(entry: Gold, role: str) -> list[str]:
    """Return the names of an event's entry in a role (``actor``, ``place``, …), each with its alternatives (``A|B``)."""
    value = entry.get(_PLURALS.get(role, role))
    return value if isinstance(value, list) else [value] if value else []


def is_demanded(name: str) -> bool:
    """Whether a role's name must be found: ``X|null`` is optional."""
    return not name.endswith("|null")


class GoldNames:
    """The names of the gold entities of one article: any name of an entity stands for all of them."""

    def __init__(self, gold: Gold, graph: ScoredArticle) -> None:
        self.graph = graph
        self._known: dict[str, set[str]] = {}
        for entity in gold["entities"]:
            forms = {folded(name) for name in entity["names"]}
            for form in forms:
                self._known.setdefault(form, set()).update(forms)

    def refer(self, node: str, name: str) -> bool:
        """Whether a gold name (``A|B`` for either) refers to a node of the graph."""
        forms: set[str] = set()
        for part in map(folded, name.split("|")):
            forms |= self._known.get(part, {part})
        return bool(self.graph.names.get(node, {folded(node.rsplit("/", 1)[-1])}) & forms)

    def take(self, nodes: list[str], name: str) -> str | None:
        """Remove the node that a gold name refers to from a list and return it; None if there is none."""
        hit = next((node for node in nodes if self.refer(node, name)), None)
        if hit is not None:
            nodes.remove(hit)
        return hit
