"""Read correction files (``corrections/*.toml``). README.md in this folder describes the format.

A correction names an article, quotes words of the sentence, says what it corrects, and has an author, date and reason. Every error
that can be detected without the graph is reported here: unknown keys, categories, roles, classes and dates.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kg.corrections.times import interval
from kg.errors import EntenteError
from kg.facts import Kind, Modality
from kg.graph.namespaces import CAT

ACTIONS = ("retract", "replace", "add", "same", "not_same")
REQUIRED = ("action", "article", "quote", "author", "date", "reason")
EVENT_ROLES = ("actor", "recipient", "mediator", "place", "about")
AGREEMENT_ROLES = ("party", "signatory", "mediator", "place")
TENURE_ROLES = ("holder", "office", "organization")
KEYS: Mapping[str, tuple[str, ...]] = {
    "event": ("category", "trigger", "date", "modality", *EVENT_ROLES),
    "agreement": ("name", "date", *AGREEMENT_ROLES),
    "tenure": (*TENURE_ROLES, "earliest", "latest"),
    "entity": ("name", "class", "label"),
}
"""What can be corrected, with the keys that identify and change it."""
NAMES = frozenset({"name", *EVENT_ROLES, *AGREEMENT_ROLES, *TENURE_ROLES})
"""Keys whose values name entities."""
TARGETS: Mapping[str, tuple[str, ...]] = {
    "retract": ("event", "agreement", "tenure"),
    "replace": ("event", "agreement", "tenure", "entity"),
    "add": ("event", "agreement", "tenure"),
    "same": ("entity",),
    "not_same": ("entity",),
}
NEEDED_TO_ADD: Mapping[str, tuple[str, ...]] = {"event": ("category",), "agreement": ("name",), "tenure": ("holder", "office")}


class CorrectionError(EntenteError):
    """A correction that cannot be read, or, with ``--strict``, one that does not fit its article."""


@dataclass(frozen=True, slots=True)
class Name:
    """An entity as named in a correction; ``kind`` is its class, for one that the article does not name."""

    text: str
    kind: str = ""


Value = str | tuple[Name, ...]
"""Text (a category, a date, a trigger), or entities."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction. ``target`` is the kind of resource, ``subject`` identifies it, and ``change`` is what it should state.

    ``place`` is the file and the number in it, for messages.
    """

    action: str
    article: str
    quote: str
    target: str
    subject: Mapping[str, Value]
    change: Mapping[str, Value]
    author: str
    date: date
    reason: str
    place: str = ""

    @property
    def digest(self) -> str:
        """16 hexadecimal digits derived from its content, wherever it is written."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()[:16]

    @property
    def canonical(self) -> str:
        """Its content as text, independent of file, order of keys, and spacing of the quotation."""
        said = [self.action, self.article, self.quote, self.target, _plain(self.subject), _plain(self.change), self.author, self.reason]
        return json.dumps([self.date.isoformat(), *said], ensure_ascii=False, sort_keys=True)

    def names(self, key: str, changed: bool = False) -> tuple[Name, ...]:
        """Return the entities under a key of ``subject`` or ``change``."""
        value = (self.change if changed else self.subject).get(key, ())
        return value if isinstance(value, tuple) else ()

    def text(self, key: str, changed: bool = False) -> str:
        """Return the text under a key of ``subject`` or ``change``; empty if there is none."""
        value = (self.change if changed else self.subject).get(key, "")
        return value if isinstance(value, str) else ""


def _plain(values: Mapping[str, Value]) -> dict[str, Any]:
    return {key: value if isinstance(value, str) else [[name.text, name.kind] for name in value] for key, value in values.items()}


def read_corrections(folders: Iterable[Path]) -> list[Correction]:
    """Read all corrections in files or folders of ``*.toml``, without duplicates, in the order of application: by date, then content.

    The order of files, and of corrections in a file, does not matter. CorrectionError names the file and the number of an invalid
    correction.
    """
    found: dict[str, Correction] = {}
    for path in _files(folders):
        for correction in _read(path):
            found.setdefault(correction.canonical, correction)
    return [found[key] for key in sorted(found)]


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from sorted(folder.glob("*.toml"))
        elif folder.exists():
            yield folder
        else:
            raise CorrectionError(f"{folder}: no such file or folder of corrections.")


def _read(path: Path) -> Iterator[Correction]:
    if not path.is_file() and path != Path(os.devnull):  # /dev/null stands for no corrections at all
        raise CorrectionError(f"{path}: neither a file nor a folder (a pipe or device); give a file.")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise CorrectionError(f"{path}: not UTF-8 (byte {error.start}). Save it as UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise CorrectionError(f"{path}: not TOML: {error}.") from None
    rows = content.pop("correction", [])
    if content or not isinstance(rows, list):
        raise CorrectionError(f"{path}: the file may contain only [[correction]] tables.")
    for number, row in enumerate(rows, 1):
        yield _correction(row, f"{path}, correction {number}")


def _correction(row: Any, place: str) -> Correction:
    _check_keys(row, (*REQUIRED, "with", *KEYS), place)
    for key in REQUIRED:
        if key not in row:
            raise CorrectionError(f"{place}: {key!r} is missing; every correction has {', '.join(REQUIRED)}.")
    action = _one_of(row["action"], ACTIONS, "action", place)
    targets = [key for key in KEYS if key in row]
    if len(targets) != 1 or targets[0] not in TARGETS[action]:
        raise CorrectionError(f"{place}: {action!r} needs one of {', '.join(TARGETS[action])}.")
    target = targets[0]
    subject = _values(row[target], target, place)
    change = _values(row.get("with", {}), target, f"{place}, with")
    correction = Correction(
        action=action,
        article=" ".join(_text(row, "article", place).split()),
        quote=" ".join(_text(row, "quote", place).split()),
        target=target,
        subject=subject,
        change=change,
        author=_text(row, "author", place),
        date=_day(row["date"], place),
        reason=_text(row, "reason", place),
        place=place,
    )
    _check_sense(correction)
    return correction


def _check_sense(correction: Correction) -> None:
    """Check that an action has what it needs, and nothing that it cannot use."""
    place, action, target = correction.place, correction.action, correction.target
    needs_change = action in ("replace", "same", "not_same")
    if needs_change and not correction.change:
        raise CorrectionError(f"{place}: {action!r} needs 'with', the new values.")
    if not needs_change and correction.change:
        raise CorrectionError(f"{place}: {action!r} takes no 'with'.")
    if action == "add":
        for key in NEEDED_TO_ADD[target]:
            if not correction.subject.get(key):
                raise CorrectionError(f"{place}: an {target} to add needs {key!r}.".replace("an tenure", "a tenure"))
    elif not correction.subject:
        raise CorrectionError(f"{place}: {target!r} is empty: say what distinguishes the {target} from others of the sentence.")
    if target in ("entity", "agreement") and len(correction.names("name")) != 1:
        raise CorrectionError(f"{place}: {target!r} needs one 'name'.")
    if action in ("same", "not_same") and len(correction.names("name", changed=True)) != 1:
        raise CorrectionError(f"{place}: 'with' needs one 'name'.")
    if action == "replace" and "name" in correction.change:
        raise CorrectionError(f"{place}: a name is changed by 'label', or by the actions 'same' and 'not_same'.")


def _values(row: Any, target: str, place: str) -> dict[str, Value]:
    place = f"{place}, {target}"
    _check_keys(row, KEYS[target], place)
    return {key: _value(key, value, place) for key, value in row.items()}


def _value(key: str, value: Any, place: str) -> Value:
    if key in NAMES:
        return tuple(_name(item, key, place) for item in (value if isinstance(value, list) else [value]))
    text = value.isoformat() if isinstance(value, date) else value
    if not isinstance(text, str):
        raise CorrectionError(f"{place}: {key!r} must be text in quotation marks.")
    if key == "category" and text not in CAT:
        raise CorrectionError(f"{place}: there is no event category {text!r}; the page of categories lists them.")
    if key == "modality":
        _one_of(text, [str(mode) for mode in Modality], key, place)
    if key == "class":
        _one_of(text, [str(kind) for kind in Kind], key, place)
    if key in ("date", "earliest", "latest") and text and interval(text) is None:
        raise CorrectionError(f"{place}: {key} {text!r} is not a date: write 2013-04-19, 2013-04, 2013, or 2013-04-19/2013-05-02.")
    return " ".join(text.split())


def _name(item: Any, key: str, place: str) -> Name:
    if isinstance(item, str) and item.strip():
        return Name(" ".join(item.split()))
    if isinstance(item, dict) and set(item) == {"name", "class"} and isinstance(item["name"], str) and item["name"].strip():
        return Name(" ".join(item["name"].split()), _one_of(item["class"], [str(kind) for kind in Kind], "class", place))
    new = '{ name = "…", class = "Person" } for one that the article does not name'
    raise CorrectionError(f"{place}: {key!r} must be a name, a list of names, or {new}.")


def _check_keys(row: Any, known: Sequence[str], place: str) -> None:
    if not isinstance(row, dict):
        raise CorrectionError(f"{place}: expected a table, {{ … }}.")
    for key in row:
        if key not in known:
            close = get_close_matches(key, known, n=1)
            meant = f" Did you mean {close[0]!r}?" if close else f" There are: {', '.join(known)}."
            raise CorrectionError(f"{place}: there is no key {key!r}.{meant}")


def _one_of(value: Any, known: Sequence[str], key: str, place: str) -> str:
    if value not in known:
        raise CorrectionError(f"{place}: {key} {value!r} is not one of {', '.join(known)}.")
    return str(value)


def _text(row: Mapping[str, Any], key: str, place: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise CorrectionError(f"{place}: {key!r} must be text, and not empty.")
    return value.strip()


def _day(value: Any, place: str) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise CorrectionError(f"{place}: 'date' is the day of the correction, such as 2026-11-30.") from None
