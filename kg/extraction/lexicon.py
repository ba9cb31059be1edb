"""Reads and checks the lexicon: ``lexicon/*.toml``, whose format ``lexicon/README.md`` describes.

``load_lexicon`` expands ``@class`` references and frames and returns frozen data indexed by lemma, the most specific
entry first. A mistake raises LexiconError, which names the file, the entry and what is wrong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.extraction.entries import (
    AdjectiveEntry,
    Context,
    Frame,
    Lexicon,
    NounEntry,
    OfficeEntry,
    Pattern,
    Preposition,
    VerbEntry,
    Words,
    by_lemma,
    heads,
    is_preposition,
    parse_pattern,
    plural,
)
from kg.extraction.inflection import verb_forms
from kg.facts import Kind, Modality

FOLDER = Path(__file__).resolve().parent / "lexicon"
ROLES = ("actor", "recipient", "host", "mediator", "place", "about", "amount", "topic", "none")
POSITIONS = ("subj", "obj", "obj_owner", "iobj", "xcomp", "ccomp", "poss", "adj")
CLAUSES = ("that", "to", "ing", "quote", "any")
VOICES = ("active", "passive")
KINDS = {"#" + kind.value: frozenset({kind}) for kind in Kind} | {
    "#Agent": frozenset({Kind.PERSON, Kind.STATE, Kind.INSTITUTION}),
    "#Body": frozenset({Kind.STATE, Kind.INSTITUTION}),
}
VERB_GROUPS = ("aspect", "modality", "speech")
CODE = re.compile(r"[A-Z]+(-[a-z]+)*")
Entry = VerbEntry | NounEntry | AdjectiveEntry | OfficeEntry | Context
FIELDS = {
    kind: frozenset(fields.split())
    for kind, fields in {
        "verb": "lemma object not_object subject not_subject complement particle with clause voice intransitive several "
        "optional_object category frame roles modality needs",
        "noun": "lemma category frame roles light inverse alone with modality needs",
        "adjective": "lemma role category frame roles clause with modality needs",
        "office": "lemma role bodies portfolio represents",
        "context": "outer inner verbs category auxiliary negated same_subject",
    }.items()
}


class LexiconError(Exception):
    """A mistake in a lexicon file: where it stands, in which entry, what is wrong."""

    def __init__(self, file: str, entry: str, what: str) -> None:
        super().__init__(f"{file}: {entry}: {what}")
        self.file, self.entry, self.what = file, entry, what


def load_lexicon(folder: Path | None = None) -> Lexicon:
    """Read and check all ``*.toml`` files of ``folder`` (default: the lexicon of the package)."""
    files = {path.name: _read(path) for path in sorted((folder or FOLDER).glob("*.toml"))}
    if not files:
        raise LexiconError(str(folder or FOLDER), "*.toml", "no lexicon files here; give the folder that holds them")
    classes = _Classes(files.pop("classes.toml", {}))
    irregular = files.pop("irregular.toml", {})
    tables = files.pop("frames.toml", {})
    anywhere = tables.pop("anywhere", {})
    frames = {name: Frame(name, _roles({**anywhere, **roles}, "frames.toml", name)) for name, roles in tables.items()}
    groups = {
        section: {name: frozenset(classes.lemmas(lemmas, "light.toml", section)) for name, lemmas in table.items()}
        for section, table in files.pop("light.toml", {}).items()
    }
    found: dict[str, list[Any]] = {kind: [] for kind in FIELDS}
    for file, tables in files.items():
        for kind, entries in tables.items():
            if kind not in FIELDS:
                raise LexiconError(file, f"[[{kind}]]", f"unknown kind of entry; known are {', '.join(FIELDS)}")
            found[kind] += [built for raw in entries for built in _Entry(file, kind, raw, classes, frames).build()]
    _refuse_duplicates(found)
    verbs = by_lemma(found["verb"], lambda e: e.lemmas)
    return Lexicon(
        frames=frames,
        classes=classes.words,
        verbs_by_lemma=verbs,
        nouns_by_lemma=by_lemma(found["noun"], heads),
        adjectives_by_lemma=by_lemma(found["adjective"], lambda e: e.lemmas),
        offices_by_lemma=by_lemma(found["office"], heads),
        contexts=tuple(found["context"]),
        groups=groups,
        plurals=_plurals([*classes.words.values(), *(w for e in found["verb"] for w in restrictions(e))], found["noun"]),
        forms=verb_forms([*verbs, *(lemma for name in VERB_GROUPS for lemma in _members(groups, name))], irregular),
    )


def restrictions(entry: VerbEntry) -> list[Words]:
    """What a verb asks of its arguments."""
    asked = (entry.object, entry.not_object, entry.subject, entry.complement, *(p.words for p in entry.prepositions))
    return [words for words in asked if words is not None]


def _plurals(words: list[Words], nouns: list[NounEntry]) -> dict[str, str]:
    found = {p.head for w in words for p in w.patterns} | {p.head for noun in nouns for p in noun.patterns}
    return {plural(head): head for head in sorted(found)}


def _members(groups: Mapping[str, Mapping[str, frozenset[str]]], section: str) -> list[str]:
    return [lemma for lemmas in groups.get(section, {}).values() for lemma in lemmas]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(path.name, "TOML", f"cannot be read: {error}") from error


def _roles(roles: Mapping[str, str], file: str, entry: str) -> dict[str, str]:
    """Check a table of position = role; "to|for" names two positions, "recipient|place" the first role that fits."""
    table: dict[str, str] = {}
    for positions, value in roles.items():
        for position in positions.split("|"):
            if position not in POSITIONS and not is_preposition(position):
                raise LexiconError(file, entry, f"unknown position {position!r}")
            table[position] = value
        for role in value.split("|"):
            if role not in ROLES:
                raise LexiconError(file, entry, f"unknown role {role!r}; known are {', '.join(ROLES)}")
    return table


def _refuse_duplicates(found: Mapping[str, list[Any]]) -> None:
    """Two entries with one lemma and the same restrictions contradict each other."""
    seen: dict[tuple[Any, ...], str] = {}
    asked: tuple[Any, ...]
    for entry in found["verb"]:
        asked = (entry.object, entry.not_object, entry.subject, entry.not_subject, entry.complement)
        asked += (entry.prepositions, entry.particle, entry.clause, entry.voice, entry.intransitive, entry.several)
        _refuse_second(seen, [(lemma, *asked) for lemma in entry.lemmas], entry)
    for entry in found["noun"] + found["office"]:
        asked = (type(entry),)
        if isinstance(entry, NounEntry):
            asked += (entry.prepositions, entry.light, entry.inverse, entry.alone)
        _refuse_second(seen, [(pattern, *asked) for pattern in entry.patterns], entry)
    for entry in found["adjective"]:
        asked = (AdjectiveEntry, entry.role is None, entry.clause, entry.prepositions)
        _refuse_second(seen, [(lemma, *asked) for lemma in entry.lemmas], entry)


def _refuse_second(seen: dict[tuple[Any, ...], str], keys: list[tuple[Any, ...]], entry: Any) -> None:
    for key in keys:
        if key in seen:
            what = f"{key[0]!r} has an entry with the same restrictions already: {seen[key]}"
            raise LexiconError(entry.source.split(":")[0] + ".toml", entry.source, what)
        seen[key] = entry.source


class _Classes:
    """The named sets of ``classes.toml``; a set may contain others."""

    def __init__(self, tables: Mapping[str, list[str]]) -> None:
        self.tables = tables
        self.words = {name: self.restriction(["@" + name], "classes.toml", name) for name in tables}

    def lemmas(self, items: str | list[str], file: str, entry: str, inside: tuple[str, ...] = ()) -> list[str]:
        """The words of a list, with each ``@name`` replaced by its members."""
        words: list[str] = []
        for item in [items] if isinstance(items, str) else items:
            if not item.startswith("@"):
                words.append(item)
            elif item[1:] not in self.tables:
                raise LexiconError(file, entry, f"unknown class {item!r}; add it to classes.toml")
            elif item in inside:
                raise LexiconError(file, entry, f"the class {item!r} contains itself")
            else:
                words += self.lemmas(self.tables[item[1:]], "classes.toml", item, (*inside, item))
        if any(word != word.lower() for word in words if word[:1] not in "#*"):
            raise LexiconError(file, entry, f"lemmas are lower case: {', '.join(w for w in words if w != w.lower())}")
        return words

    def restriction(self, items: str | list[str], file: str, entry: str) -> Words:
        """What a list of lemmas, classes, ``#Kind`` and ``*`` admits."""
        words = self.lemmas(items, file, entry)
        unknown = [w for w in words if w.startswith("#") and w not in KINDS]
        if unknown:
            raise LexiconError(file, entry, f"unknown entity kind {unknown[0]}; known are {', '.join(KINDS)}")
        kinds = frozenset(kind for w in words if w.startswith("#") for kind in KINDS[w])
        patterns = tuple(parse_pattern(w) for w in dict.fromkeys(words) if w[:1] not in "#*")
        return Words(patterns, kinds, "*" in words)


def _first(items: str | Sequence[str]) -> list[str]:
    """The first of a list or the only one, as a list; empty where there is none."""
    return [items] if isinstance(items, str) else list(items[:1])


@dataclass(frozen=True)
class _Entry:
    """One table of a file on its way to an entry."""

    file: str
    kind: str
    raw: Mapping[str, Any]
    classes: _Classes
    frames: Mapping[str, Frame]

    @property
    def name(self) -> str:
        """Lemma and restrictions, as they stand in the file: "recall+@envoy"."""
        raw = self.raw
        parts = _first(raw.get("lemma") or raw.get("outer") or "?")
        for key in ("particle", "subject", "object", "complement", "clause", "voice"):
            parts += _first(raw.get(key, ()))
        parts += [f"{preposition} {_first(items)[0]}" for preposition, items in raw.get("with", {}).items()]
        parts += [key for key in ("intransitive", "several", "alone", "light", "inverse", "optional_object") if raw.get(key)]
        parts += [f"not {_first(raw[key])[0]}" for key in ("not_object", "not_subject") if raw.get(key)]
        return "+".join(parts)

    def build(self) -> list[Entry]:
        """The checked entry; that of a noun once for each of its patterns, since one may be more specific than another."""
        unknown = [key for key in self.raw if key not in FIELDS[self.kind]]
        if unknown:
            raise self.error(f"unknown field {unknown[0]!r}; known are {', '.join(sorted(FIELDS[self.kind]))}")
        if self.kind != "context" and not self.raw.get("lemma"):
            raise self.error("has no lemma")
        builders: dict[str, Callable[[], Entry]] = {
            "verb": self._verb,
            "noun": self._noun,
            "adjective": self._adjective,
            "office": self._office,
            "context": self._context,
        }
        entry = builders[self.kind]()
        if isinstance(entry, NounEntry | OfficeEntry):
            return [replace(entry, patterns=(pattern,)) for pattern in entry.patterns]
        return [entry]

    def error(self, what: str) -> LexiconError:
        """An error that says where this entry stands."""
        return LexiconError(self.file, self.name, what)

    def _verb(self) -> VerbEntry:
        return VerbEntry(
            lemmas=self._lemmas(),
            category=self._category(),
            object=self._words("object"),
            not_object=self._words("not_object"),
            subject=self._words("subject"),
            not_subject=self._words("not_subject"),
            complement=self._words("complement"),
            particle=self._list("particle"),
            voice=self._choice("voice", VOICES),
            clause=self._choice("clause", CLAUSES),
            intransitive=self._flag("intransitive"),
            several=self._flag("several"),
            optional_object=self._flag("optional_object"),
            **self._common(),
        )

    def _noun(self) -> NounEntry:
        light, inverse = frozenset(self._list("light")), frozenset(self._list("inverse"))
        if not (light or inverse or self._flag("alone")):
            raise self.error("can never be found: give light verbs, or alone = true")
        return NounEntry(
            patterns=self._patterns(),
            category=self._category(),
            light=light,
            inverse=inverse,
            alone=self._flag("alone"),
            **self._common(),
        )

    def _adjective(self) -> AdjectiveEntry:
        role = self._choice("role", ROLES)
        if (role is None) == ("category" not in self.raw):
            raise self.error("needs either a role (in its noun's event) or a category (of its own)")
        if role is not None:
            return AdjectiveEntry(self.source, self._lemmas(), role, prepositions=self._prepositions())
        clause = self._choice("clause", CLAUSES)
        return AdjectiveEntry(lemmas=self._lemmas(), category=self._category(), clause=clause, **self._common())

    def _office(self) -> OfficeEntry:
        bodies = self._words("bodies") or Words(kinds=KINDS["#Body"])
        return OfficeEntry(
            source=self.source,
            patterns=self._patterns(),
            office=not self._flag("role"),
            bodies=bodies.kinds,
            portfolio=self._flag("portfolio"),
            represents=self._flag("represents"),
        )

    def _context(self) -> Context:
        return Context(
            source=self.source,
            outer=frozenset(self.raw.get("outer", ())),
            inner=frozenset(self.raw.get("inner", ())),
            verbs=frozenset(self._list("verbs")),
            category=self._category(),
            auxiliary=self._choice("auxiliary", ("future", "hypothetical", "obligation")),
            negated=self.raw.get("negated"),
            same_subject=self.raw.get("same_subject"),
        )

    @property
    def source(self) -> str:
        """The name of the entry in ``ent:rule``."""
        return f"{self.file.removesuffix('.toml')}:{self.name}"

    def _common(self) -> dict[str, Any]:
        frame = str(self.raw.get("frame"))
        if frame not in self.frames:
            raise self.error(f"unknown frame {frame!r}; known are {', '.join(self.frames)}")
        modality = self._choice("modality", tuple(Modality))
        needs = self._list("needs")
        if {role for need in needs for role in need.split("|")} - set(ROLES):
            raise self.error(f"needs an unknown role: {', '.join(needs)}")
        roles = {**self.frames[frame].roles, **_roles(self.raw.get("roles", {}), self.file, self.name)}
        return {
            "source": self.source,
            "roles": {position: role for position, role in roles.items() if role != "none"},
            "prepositions": self._prepositions(),
            "modality": Modality(modality) if modality else None,
            "needs": needs,
        }

    def _prepositions(self) -> tuple[Preposition, ...]:
        found = []
        for names, items in self.raw.get("with", {}).items():
            if unknown := [name for name in names.split("|") if not is_preposition(name)]:
                raise self.error(f"unknown preposition {unknown[0]!r}")
            found.append(Preposition(tuple(names.split("|")), self.classes.restriction(items, self.file, self.name)))
        return tuple(found)

    def _words(self, key: str) -> Words | None:
        return self.classes.restriction(self.raw[key], self.file, self.name) if key in self.raw else None

    def _list(self, key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.classes.lemmas(self.raw.get(key, []), self.file, self.name)))

    def _lemmas(self) -> tuple[str, ...]:
        lemmas = self._list("lemma")
        if spaced := [lemma for lemma in lemmas if " " in lemma]:
            raise self.error(f"{spaced[0]!r} is more than a word: use particle, object or with")
        return lemmas

    def _patterns(self) -> tuple[Pattern, ...]:
        return tuple(parse_pattern(text) for text in self._list("lemma"))

    def _flag(self, key: str) -> bool:
        if not isinstance(value := self.raw.get(key, False), bool):
            raise self.error(f"{key} is true or false, not {value!r}")
        return value

    def _choice(self, key: str, choices: tuple[str, ...]) -> str | None:
        value = self.raw.get(key)
        if value is not None and value not in choices:
            raise self.error(f"{key} is one of {', '.join(choices)}, not {value!r}")
        return value

    def _category(self) -> str:
        code = self.raw.get("category", "")
        if not CODE.fullmatch(code):
            raise self.error(f"category {code!r} is not a code such as AGREE or SANCTION-expel")
        return str(code)
