"""Validate the closed vocabularies of lexicon files: classes of words, roles by position, kinds of entities."""

from __future__ import annotations

from collections.abc import Mapping

from kg.extraction.syntax.phrases import PhraseRestriction, is_preposition, parse_pattern
from kg.facts import Kind

ROLES = ("actor", "recipient", "host", "mediator", "place", "about", "amount", "topic", "none")
POSITIONS = ("subj", "obj", "obj_owner", "iobj", "xcomp", "ccomp", "poss", "adj")
KINDS = {"#" + kind.value: frozenset({kind}) for kind in Kind} | {
    "#Agent": frozenset({Kind.PERSON, Kind.STATE, Kind.INSTITUTION}),
    "#Body": frozenset({Kind.STATE, Kind.INSTITUTION}),
}


class LexiconError(Exception):
    """An error in a lexicon file: its location, the entry, and the problem."""

    def __init__(self, file: str, entry: str, what: str) -> None:
        super().__init__(f"{file}: {entry}: {what}")
        self.file, self.entry, self.what = file, entry, what


def roles_by_position(roles: Mapping[str, str], file: str, entry: str) -> dict[str, str]:
    """Validate a table of position = role; "to|for" names two positions, "recipient|place" the first role that fits."""
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


class Classes:
    """The named sets of ``classes.toml``; a set may contain others."""

    def __init__(self, tables: Mapping[str, list[str]]) -> None:
        self.tables = tables
        self.words = {name: self.restriction(["@" + name], "classes.toml", name) for name in tables}

    def lemmas(self, items: str | list[str], file: str, entry: str, inside: tuple[str, ...] = ()) -> list[str]:
        """Return the words of a list, with each ``@name`` replaced by its members."""
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

    def restriction(self, items: str | list[str], file: str, entry: str) -> PhraseRestriction:
        """Return what a list of lemmas, classes, ``#Kind`` and ``*`` admits."""
        words = self.lemmas(items, file, entry)
        unknown = [w for w in words if w.startswith("#") and w not in KINDS]
        if unknown:
            raise LexiconError(file, entry, f"unknown entity kind {unknown[0]}; known are {', '.join(KINDS)}")
        kinds = frozenset(kind for w in words if w.startswith("#") for kind in KINDS[w])
        patterns = tuple(parse_pattern(w) for w in dict.fromkeys(words) if w[:1] not in "#*")
        return PhraseRestriction(patterns, kinds, "*" in words)
