"""Read the compact annotations of sentences, whose format ``sentences/README.md`` defines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import EntenteError

FOLDER = Path(__file__).resolve().parent / "sentences"
CATEGORIES = (
    *("ACCUSE", "AGREE", "AID", "APPOINT", "ASSAULT", "COERCE", "CONCEDE", "CONSULT", "COOPERATE", "DISSOLVE", "ELECT", "ESTABLISH"),
    *("LEGISLATE", "MOBILIZE", "PROTEST", "REJECT", "REQUEST", "RETREAT", "RULE", "SANCTION", "SECEDE", "STATE", "SUPPORT", "THREATEN"),
)
ROLES = ("actor", "recipient", "mediator", "place", "about")
MODALITIES = {"A": "asserted", "N": "negated", "F": "future", "H": "hypothetical", "L": "alleged"}
_COLUMNS = 10
_MARK = re.compile(r"(~?)(\d+)$")
_OCCURRENCE = re.compile(r"(.+)#(\d)$")


class AnnotationError(EntenteError):
    """A line that does not follow the format."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A participant by its accepted names; ``demanded`` is false if it may be left out."""

    names: tuple[str, ...]
    demanded: bool


@dataclass(frozen=True, slots=True)
class AnnotatedEvent:
    """An event of a sentence: its trigger, the ``occurrence``-th word of that form, and what it is accepted as.

    ``date`` is in ISO 8601, empty if there is none, with an "i" before it if it is inferred from other sentences; ``optional``: a
    careful reader could leave the event out.
    """

    trigger: str
    occurrence: int
    categories: tuple[str, ...]
    modality: str
    date: str
    participants: Mapping[str, tuple[Participant, ...]]
    optional: bool


@dataclass(slots=True)
class AnnotatedText:
    """The annotated sentences of a text: the events of each by the character at which it begins."""

    name: str
    sentences: dict[int, list[AnnotatedEvent]] = field(default_factory=dict)


def read_annotations(file: Path) -> Iterator[AnnotatedText]:
    """Yield the annotated texts of a file. Raises AnnotationError with the line that is wrong."""
    text: AnnotatedText | None = None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# "):
            if text is not None:
                yield text
            text = AnnotatedText(line[2:])
        elif line.strip():
            if text is None:
                raise AnnotationError(f"{file}:{number}: there is no heading with the name of a text.")
            try:
                start, event = _line(line)
            except (ValueError, KeyError) as error:
                raise AnnotationError(f"{file}:{number}: {error}") from None
            events = text.sentences.setdefault(start, [])
            if event is not None:
                events.append(event)
    if text is not None:
        yield text


def _line(line: str) -> tuple[int, AnnotatedEvent | None]:
    cells = re.split(r"\s+\|\s+", line.strip())
    mark = _MARK.match(cells[0])
    if mark is None or len(cells) not in (1, _COLUMNS):
        raise ValueError(f"a line has 1 or {_COLUMNS} cells, the first with the position of the sentence; here there are {len(cells)}")
    if len(cells) == 1:
        return int(mark[2]), None
    word = _OCCURRENCE.match(cells[1])
    categories = tuple(name for name in re.split(r"[/|]", cells[2]) if name in CATEGORIES)
    if not categories:
        raise ValueError(f"no category of events in {cells[2]!r}")
    modality, date = MODALITIES[cells[3][:1]], cells[4].strip("-") and cells[4]
    participants = {role: tuple(_participants(cell)) for role, cell in zip(ROLES, cells[5:], strict=True)}
    trigger, occurrence = (word[1], int(word[2])) if word else (cells[1], 1)
    return int(mark[2]), AnnotatedEvent(trigger, occurrence, categories, modality, date, participants, bool(mark[1]))


def _participants(cell: str) -> Iterator[Participant]:
    for part in re.split(r"\s*;\s*", cell):
        names = tuple(name.strip().lstrip("?") for name in part.split("|"))
        known = tuple(name for name in names if name not in ("", "-", "null"))
        if known:
            yield Participant(known, demanded="null" not in names and not part.startswith("?"))
