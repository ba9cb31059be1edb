"""Derive names for GUM from the nested mentions in its ``Entity=`` column.

GUM annotates every mention ("the two ministers of Finland"); a name in the sense of Universal NER is the proper noun in a mention
with its parts. Words that look like names but are in no such mention (GUM has none for nationality words) are left open, so that
nothing is learnt about them from GUM.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kg.training.sources.conllu import GoldSentence, NameSpan, Word

LABELS = {"person": "PER", "organization": "ORG", "place": "LOC", "event": "OTH", "object": "OTH", "abstract": "OTH"}
_BRACKET = re.compile(r"\((?P<id>\d+)-(?P<type>[a-z]+)[^()]*(?P<single>\))?|(?P<close>\d+)\)")
_INSIDE = frozenset({"of", "for", "and", "the", "de", "la", "del", "von", "van", "al", "on", "in", "-", "'s", "’s", "."})


def with_gum_names(sentence: GoldSentence) -> GoldSentence:
    """Return the sentence with the names in its ``Entity=`` mentions; outer mentions win over nested ones."""
    names: list[NameSpan] = []
    for start, end, kind in sorted(_mentions(sentence), key=lambda mention: (mention[0] - mention[1], mention[0])):
        name = _name(sentence.words, start, end, kind)
        if name and all(name.end <= other.start or name.start >= other.end for other in names):
            names.append(name)
    covered = {index for name in names for index in range(name.start, name.end)}
    unsure = frozenset(index for index, word in enumerate(sentence.words) if index not in covered and _looks_proper(word))
    return replace(sentence, names=tuple(sorted(names, key=lambda name: name.start)), unsure=unsure)


def _mentions(sentence: GoldSentence) -> list[tuple[int, int, str]]:
    open_mentions: dict[str, list[tuple[int, str]]] = {}
    mentions = []
    for index, word in enumerate(sentence.words):
        entity = next((part[7:] for part in word.misc.split("|") if part.startswith("Entity=")), "")
        for match in _BRACKET.finditer(entity):
            if match["single"]:
                mentions.append((index, index + 1, match["type"]))
            elif match["id"]:
                open_mentions.setdefault(match["id"], []).append((index, match["type"]))
            elif open_mentions.get(match["close"]):
                start, kind = open_mentions[match["close"]].pop()
                mentions.append((start, index + 1, kind))
    return mentions


def _name(words: tuple[Word, ...], start: int, end: int, kind: str) -> NameSpan | None:
    head = next((i for i in range(start, end) if not start <= words[i].head < end or words[i].head == i), None)
    if kind not in LABELS or head is None or words[head].upos != "PROPN":
        return None
    first = head
    while first > start and _belongs(words, first - 1, head):
        first -= 1
    while first < head and not _capital(words[first]):
        first += 1
    last = head
    while last + 1 < end and _belongs(words, last + 1, head):
        last += 1
    while last > head and not _capital(words[last]):
        last -= 1
    return NameSpan(first, last + 1, LABELS[kind])


def _belongs(words: tuple[Word, ...], index: int, head: int) -> bool:
    word = words[index]
    if word.form.lower() in _INSIDE:
        return True
    linked = word.deprel.split(":")[0] in {"compound", "flat", "amod", "nmod", "nummod", "goeswith", "conj"}
    return linked and _capital(word) and (index < head or word.deprel.split(":")[0] != "conj" or words[head].xpos == "NNPS")


def _capital(word: Word) -> bool:
    return word.form[:1].isupper() or (word.form[:1].isdigit() and word.upos == "PROPN")


def _looks_proper(word: Word) -> bool:
    return word.upos == "PROPN" or (word.upos in {"ADJ", "NOUN"} and word.form[:1].isupper())
