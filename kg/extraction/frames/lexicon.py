"""Read and check the lexicon: ``lexicon/*.toml``, whose format ``lexicon/README.md`` describes.

``load_lexicon`` expands ``@class`` references and frames and returns frozen data indexed by lemma, the most specific entry first.
An error raises LexiconError, with the file, the entry and the problem.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.extraction.frames.entries import AdjectiveEntry, Frame, Lexicon, NounEntry, VerbEntry, by_lemma, heads
from kg.extraction.frames.inflection import verb_forms
from kg.extraction.frames.table import load_table
from kg.extraction.frames.validation import FIELDS, EntryTable
from kg.extraction.frames.vocabulary import Classes, LexiconError, roles_by_position
from kg.extraction.syntax.phrases import PhraseRestriction, plural

FOLDER = Path(__file__).resolve().parent / "lexicon"
VERB_GROUPS = ("aspect", "modality", "speech")


def load_lexicon(folder: Path | None = None) -> Lexicon:
    """Read and check all ``*.toml`` files of ``folder`` (default: the lexicon of the package)."""
    files = {path.name: _read(path) for path in sorted((folder or FOLDER).glob("*.toml"))}
    if not files:
        raise LexiconError(str(folder or FOLDER), "*.toml", "no lexicon files here; give the folder that holds them")
    classes = Classes(files.pop("classes.toml", {}))
    irregular = files.pop("irregular.toml", {})
    tables = files.pop("frames.toml", {})
    anywhere = tables.pop("anywhere", {})
    frames = {name: Frame(name, roles_by_position({**anywhere, **roles}, "frames.toml", name)) for name, roles in tables.items()}
    groups = {
        section: {name: frozenset(classes.lemmas(lemmas, "light.toml", section)) for name, lemmas in table.items()}
        for section, table in files.pop("light.toml", {}).items()
    }
    found: dict[str, list[Any]] = {kind: [] for kind in FIELDS}
    for file, tables in files.items():
        for kind, entries in tables.items():
            if kind not in FIELDS:
                raise LexiconError(file, f"[[{kind}]]", f"unknown kind of entry; known are {', '.join(FIELDS)}")
            found[kind] += [built for raw in entries for built in EntryTable(file, kind, raw, classes, frames).build()]
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
        table=load_table(),
        groups=groups,
        plurals=_plurals([*classes.words.values(), *(w for e in found["verb"] for w in restrictions(e))], found["noun"]),
        forms=verb_forms([*verbs, *(lemma for name in VERB_GROUPS for lemma in _members(groups, name))], irregular),
    )


def restrictions(entry: VerbEntry) -> list[PhraseRestriction]:
    """Return a verb's restrictions on its arguments."""
    asked = (entry.object, entry.not_object, entry.subject, entry.complement, *(p.words for p in entry.prepositions))
    return [words for words in asked if words is not None]


def _plurals(words: list[PhraseRestriction], nouns: list[NounEntry]) -> dict[str, str]:
    found = {p.head for w in words for p in w.patterns} | {p.head for noun in nouns for p in noun.patterns}
    return {plural(head): head for head in sorted(found)}


def _members(groups: Mapping[str, Mapping[str, frozenset[str]]], section: str) -> list[str]:
    return [lemma for lemmas in groups.get(section, {}).values() for lemma in lemmas]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(path.name, "TOML", f"cannot be read: {error}") from error


def _refuse_duplicates(found: Mapping[str, list[Any]]) -> None:
    """Raise LexiconError for two entries with the same lemma and restrictions, which contradict each other."""
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
