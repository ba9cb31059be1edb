"""Validate a table of a lexicon file field by field and turn it into an entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.extraction.frames.entries import AdjectiveEntry, Context, Frame, NounEntry, OfficeEntry, VerbEntry
from kg.extraction.frames.vocabulary import KINDS, ROLES, Classes, LexiconError, roles_by_position
from kg.extraction.syntax.phrases import NounPattern, PhraseRestriction, Preposition, is_preposition, parse_pattern
from kg.facts import Modality

CLAUSES = ("that", "to", "ing", "quote", "any")
VOICES = ("active", "passive")
CODE = re.compile(r"[A-Z]+(-[a-z]+)*")
Entry = VerbEntry | NounEntry | AdjectiveEntry | OfficeEntry | Context
FIELDS = {
    kind: frozenset(fields.split())
    for kind, fields in {
        "verb": "lemma object not_object subject not_subject complement particle with clause voice intransitive several "
        "optional_object category frame roles modality needs",
        "noun": "lemma category frame roles light inverse alone with modality needs",
        "adjective": "lemma role category frame roles clause with modality needs",
        "office": "lemma role bodies",
        "context": "outer inner verbs category auxiliary negated same_subject",
    }.items()
}


def _first(items: str | Sequence[str]) -> list[str]:
    """Return the first of a list or the only one, as a list; empty if there is none."""
    return [items] if isinstance(items, str) else list(items[:1])


@dataclass(frozen=True)
class EntryTable:
    """A table of a file being turned into an entry."""

    file: str
    kind: str
    raw: Mapping[str, Any]
    classes: Classes
    frames: Mapping[str, Frame]

    @property
    def name(self) -> str:
        """Lemma and restrictions, as in the file: "recall+@envoy"."""
        raw = self.raw
        parts = _first(raw.get("lemma") or raw.get("outer") or "?")
        for key in ("particle", "subject", "object", "complement", "clause", "voice"):
            parts += _first(raw.get(key, ()))
        parts += [f"{preposition} {_first(items)[0]}" for preposition, items in raw.get("with", {}).items()]
        parts += [key for key in ("intransitive", "several", "alone", "light", "inverse", "optional_object") if raw.get(key)]
        parts += [f"not {_first(raw[key])[0]}" for key in ("not_object", "not_subject") if raw.get(key)]
        return "+".join(parts)

    def build(self) -> list[Entry]:
        """Return the validated entry; for a noun, one for each pattern, since their specificity may differ."""
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
        """Return an error that names this entry."""
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
        bodies = self._words("bodies") or PhraseRestriction(kinds=KINDS["#Body"])
        return OfficeEntry(
            source=self.source,
            patterns=self._patterns(),
            office=not self._flag("role"),
            bodies=bodies.kinds,
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
        roles = {**self.frames[frame].roles, **roles_by_position(self.raw.get("roles", {}), self.file, self.name)}
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

    def _words(self, key: str) -> PhraseRestriction | None:
        return self.classes.restriction(self.raw[key], self.file, self.name) if key in self.raw else None

    def _list(self, key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.classes.lemmas(self.raw.get(key, []), self.file, self.name)))

    def _lemmas(self) -> tuple[str, ...]:
        lemmas = self._list("lemma")
        if spaced := [lemma for lemma in lemmas if " " in lemma]:
            raise self.error(f"{spaced[0]!r} is more than a word: use particle, object or with")
        return lemmas

    def _patterns(self) -> tuple[NounPattern, ...]:
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
