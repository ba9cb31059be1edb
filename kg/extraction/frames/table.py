"""The frames table: the categories and roles of PropBank rolesets (``table/*.tsv``, format in ``README.md``).

An error raises LexiconError, with the file, the row and the problem.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.extraction.frames.nouns import load_nouns
from kg.extraction.frames.vocabulary import KINDS, ROLES, LexiconError
from kg.extraction.syntax.phrases import is_preposition
from kg.facts import Kind

FOLDER = Path(__file__).resolve().parent
NO_ACT = FOLDER / "none.txt"
SUPPORT = ("@1", "@2")
"""Categories of rows of support verbs: the act of their argument 1 is by their subject (@1) or towards it (@2)."""
POSITIONS = {"0": "subj", "1": "obj", "owner": "obj_owner"}
"""The names of arguments 0 and 1, and of the owner of argument 1, in rules; other numbers keep theirs."""
FLAGS = frozenset({"clause", "noun", "several", "act"})
"""Test values besides classes, lemmas and kinds; "noun" tests the predicate, "act" a noun that reports an act itself."""


@dataclass(frozen=True, slots=True)
class ArgumentTest:
    """A test of the arguments in ``positions``: that one (or none) is of these classes, lemmas or kinds, or that there is none."""

    positions: tuple[str, ...]
    words: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    flags: frozenset[str] = frozenset()
    negative: bool = False
    absent: bool = False

    @property
    def is_typed(self) -> bool:
        """Whether it restricts an argument other than the subject, by words or by kind."""
        return bool(self.words | self.kinds) and self.positions != ("subj",) and not self.negative

    @property
    def weight(self) -> int:
        """Its specificity: words before kinds, other arguments before the subject, required before excluded."""
        if self.negative or self.absent or self.positions == ("subj",):
            return 1
        return 4 if self.words and not self.kinds else 3 if self.words else 2


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """The category of a roleset whose arguments pass ``tests``; ``source`` is its name in ``ent:rule``."""

    source: str
    rolesets: tuple[str, ...]
    category: str
    roles: Mapping[str, str]
    tests: tuple[ArgumentTest, ...]
    example: str

    @property
    def is_typed(self) -> bool:
        """Whether its arguments alone determine the sense."""
        return any(t.is_typed for t in self.tests)

    @property
    def specificity(self) -> int:
        """The more tests a row has, the earlier it is tried; rows of support verbs come last."""
        return sum(t.weight for t in self.tests) - 100 * (self.category in SUPPORT)


@dataclass(frozen=True, slots=True)
class FrameTable:
    """All rows by roleset, and by lemma with particle ("call_off"), the most specific first; and the nouns' classes."""

    rows: Mapping[str, tuple[Row, ...]]
    nouns: Mapping[str, frozenset[str]]
    by_lemma: Mapping[str, tuple[Row, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Collect the rows of all senses of each lemma."""
        found: dict[str, dict[Row, None]] = {}
        for roleset, rows in self.rows.items():
            found.setdefault(roleset.rpartition(".")[0], {}).update(dict.fromkeys(rows))
        object.__setattr__(self, "by_lemma", {lemma: tuple(sorted(rows, key=lambda r: -r.specificity)) for lemma, rows in found.items()})


def load_table(folder: Path = FOLDER) -> FrameTable:
    """Read and check ``patterns.toml`` and ``table/*.tsv`` of ``folder``."""
    patterns = tomllib.loads((folder / "patterns.toml").read_text(encoding="utf-8"))
    anywhere = _roles(patterns.pop("anywhere", {}), "patterns.toml", "anywhere")
    frames = {name: anywhere | _roles(roles, "patterns.toml", name) for name, roles in patterns.items()}
    rows: dict[str, list[Row]] = {}
    for path in sorted((folder / "table").glob("*.tsv")):
        for row in _rows(path, frames):
            for roleset in row.rolesets:
                rows.setdefault(roleset, []).append(row)
    if not rows:
        raise LexiconError(str(folder / "table"), "*.tsv", "no frames here; give the folder that holds them")
    return FrameTable(
        {r: tuple(sorted(found, key=lambda row: -row.specificity)) for r, found in rows.items()}, load_nouns(folder / "nouns.txt")
    )


def _rows(path: Path, frames: Mapping[str, Mapping[str, str]]) -> Iterator[Row]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        entry, fields = f"line {number}", line.split("\t")
        if len(fields) != 5:
            raise LexiconError(path.name, entry, f"a row has five fields with tabs between them, this one {len(fields)}")
        rolesets, category, frame, tests, example = fields
        name, *changes = frame.split()
        if name not in frames and category not in SUPPORT:
            raise LexiconError(path.name, entry, f"unknown frame {name!r}; known are {', '.join(frames)}")
        changed = _roles(dict(change.rpartition("=")[::2] for change in changes), path.name, entry)
        yield Row(
            source=f"{path.stem}:{number}",
            rolesets=tuple(rolesets.split()),
            category=category,
            roles={**frames.get(name, {}), **changed},
            tests=tuple(_tests(tests, path.name, entry)),
            example=example,
        )


def _roles(roles: Mapping[str, str], file: str, entry: str) -> dict[str, str]:
    """Return roles by position, as named in rules.

    "content": filled by the agents of the clause, or by the owners of the noun, in that argument.
    """
    found: dict[str, str] = {}
    for positions, value in roles.items():
        for position in positions.split("|"):
            if not (position.isdigit() or position in ("owner", "poss", "adj") or is_preposition(position)):
                raise LexiconError(file, entry, f"unknown position {position!r}")
            if "content" in value.split("|"):
                found |= {"obj": "recipient|topic", "ccomp": "recipient", "obj_owner": "recipient"}
                continue
            unknown = [role for role in value.split("|") if role not in ROLES]
            if unknown:
                raise LexiconError(file, entry, f"unknown role {unknown[0]!r}; known are {', '.join(ROLES)}, content")
            found[POSITIONS.get(position, position)] = value
    return found


def _tests(text: str, file: str, entry: str) -> Iterator[ArgumentTest]:
    """Parse "0:#State,leader & 1!goods & 2-"."""
    for part in filter(None, (p.strip() for p in text.split("&"))):
        if part == "noun":
            yield ArgumentTest((), flags=frozenset({"noun"}))
            continue
        at = next((i for i, c in enumerate(part) if c in ":!-"), None)
        if at is None:
            raise LexiconError(file, entry, f"cannot read {part!r}: write positions, one of ':', '!', '-', and what they must (not) be")
        names = part[:at].split("|")
        positions = tuple(POSITIONS.get(p, p) for p in names if p != "noun")
        words = frozenset(w.strip() for w in part[at + 1 :].split(",") if w.strip())
        unknown = [w for w in words if w.startswith("#") and w not in KINDS]
        if unknown:
            raise LexiconError(file, entry, f"unknown kind {unknown[0]!r}; known are {', '.join(KINDS)}")
        kinds = frozenset(kind for w in words if w.startswith("#") for kind in KINDS[w])
        plain = frozenset(w for w in words if not w.startswith("#")) | ({"noun"} if "noun" in names else set())
        yield ArgumentTest(positions, plain - FLAGS, kinds, plain & FLAGS, part[at] == "!", part[at] == "-")


def load_none(path: Path = NO_ACT) -> frozenset[str]:
    """Return the rolesets that were examined and report no event (``none.txt``), in which "abandon.01,02" stands for two."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    entries = (word.rpartition(".") for line in lines for word in line.split())
    return frozenset(f"{lemma}{dot}{sense}" for lemma, dot, senses in entries for sense in senses.split(","))
