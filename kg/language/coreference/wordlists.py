"""The word lists of ``knowledge/coreference.toml``, inverted for lookup."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kg.facts import Kind
from kg.language.gazetteer.knowledge_files import read_table


@dataclass(frozen=True, slots=True)
class CorefWords:
    """Lookup tables: ``pronouns`` by word to he/she/it/they, ``pair`` and ``definite`` by lemma to what they refer to, ``leading`` the
    offices that ``leader`` may refer to, ``reflexive`` the pronouns bound by the subject of their clause."""

    pronouns: dict[str, str]
    reflexive: frozenset[str]
    pair: dict[str, str]
    bare_pair: frozenset[str]
    determiners: frozenset[str]
    collectives: frozenset[str]
    numbers: dict[str, int]
    grouping: frozenset[str]
    becoming: frozenset[str]
    definite: dict[str, Kind]
    open: frozenset[str]
    indefinite: frozenset[str]
    offices: dict[str, int]
    leader: str
    leading: frozenset[int]
    counterparts: frozenset[str]
    short_roles: frozenset[str]
    neighbours: frozenset[str]
    successors: frozenset[str]
    bodies: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]
    expletive: frozenset[str]


@cache
def coref_words() -> CorefWords:
    """Return the tables, read once."""
    table = read_table("coreference")
    pair, definite, role = table["pair"], table["definite"], table["role"]
    offices = {wording: number for number, wordings in enumerate(role["offices"]) for wording in wordings}
    return CorefWords(
        pronouns={word: kind for kind, words in table["pronoun"].items() for word in words},
        reflexive=frozenset(table["reflexive"]["words"]),
        pair={noun: kind for kind in ("state", "official", "person", "institution") for noun in pair[kind]},
        bare_pair=frozenset(pair["bare"]),
        determiners=frozenset(pair["determiner"]),
        collectives=frozenset(pair["collective"]),
        numbers={word: number for number, word in enumerate(table["group"]["numbers"], start=3)},
        grouping=frozenset(table["group"]["nouns"]),
        becoming=frozenset(table["group"]["becoming"]),
        definite={noun: kind for kind in (Kind.AGREEMENT, Kind.EVENT, Kind.INSTITUTION, Kind.STATE) for noun in definite[kind.value]},
        open=frozenset(definite["open"]),
        indefinite=frozenset(table["introduced"]["indefinite"]),
        offices=offices,
        leader=role["leader"],
        leading=frozenset(offices[wording] for wording in role["leading"]),
        counterparts=frozenset(role["counterpart"]),
        short_roles=frozenset(role["short"]),
        neighbours=frozenset(role["neighbour"]),
        successors=frozenset(role["successor"]),
        bodies=frozenset(table["body"]["nouns"]),
        female=frozenset(table["gender"]["female"]),
        male=frozenset(table["gender"]["male"]),
        expletive=frozenset(table["expletive"]["verbs"]),
    )
