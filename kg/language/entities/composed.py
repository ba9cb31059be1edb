"""Find names composed of known words: "the 1974 invasion of Cyprus", "the Lagos–Cotonou highway", "Sino-Indian"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.language.entities.clues import Contexts
from kg.language.entities.inventory import Find, Inventory
from kg.language.entities.scanners import BODY, GAZETTEER
from kg.language.parsing.tokens import Words

_HYPHENS = ("-", "–")
_MOST_BETWEEN = 4


def composed_finds(inventory: Inventory, contexts: Contexts, passages: Sequence[Words]) -> Iterator[Find]:
    """Return finds of events named by year, places joined by a hyphen, and states in combining forms; add their items."""
    for words in passages:
        for i, lower in enumerate(words.lower):
            if len(lower) == 4 and lower.isdigit():
                yield from _happening(inventory, contexts, words, i)
            elif lower in contexts.lists["joined_place"]:
                yield from _joined_place(inventory, words, i)
            elif words.lower[i + 1 : i + 2] in (("-",), ("–",)):
                yield from _prefix(inventory, words, i)


def _happening(inventory: Inventory, contexts: Contexts, words: Words, year: int) -> Iterator[Find]:
    """ "1974 Turkish invasion of Cyprus": year, names, a noun for an event.

    A name after it with "of" or "in" belongs to the event's name, and is also a mention of its own.
    """
    at = year + 1
    while at < len(words.texts) and at - year <= _MOST_BETWEEN and words.texts[at][0].isupper():
        at += 1
    if words.lower[at : at + 1] == () or words.lower[at] not in contexts.lists["happening"]:
        return
    end = noun = at + 1
    if words.lower[end : end + 1] in (("of",), ("in",)):
        name = end + 1 + (words.lower[end + 1 : end + 2] == ("the",))
        last = name
        while last < len(words.texts) and words.texts[last][0].isupper():
            last += 1
        end = last if last > name else end
    if end > year + 2 and any(t[0].isupper() for t in words.texts[year:end]):
        whole = _find(inventory, words, year, end, "happening")
        yield replace(whole, end=words.ends[noun - 1])


def _joined_place(inventory: Inventory, words: Words, noun: int) -> Iterator[Find]:
    """ "Lagos–Cotonou highway": two capitalized words with a hyphen before the noun, neither of them a state."""
    if noun < 3 or words.texts[noun - 2] not in _HYPHENS:
        return
    left, right = words.texts[noun - 3], words.texts[noun - 1]
    gazetteer = inventory.gazetteer
    states = any(gazetteer.state(t) or gazetteer.nationality(t) for t in (left, right))
    if left[0].isupper() and right[0].isupper() and not states:
        yield _find(inventory, words, noun - 3, noun + 1, "joined-place")


def _prefix(inventory: Inventory, words: Words, first: int) -> Iterator[Find]:
    """ "Sino-Indian": the combining form refers to its state if a nationality word follows."""
    key = inventory.gazetteer.prefix(words.texts[first])
    following = words.texts[first + 2] if first + 2 < len(words.texts) else ""
    if key is not None and following and inventory.gazetteer.nationality(following):
        item = inventory.add(key, page=False)
        yield Find(words.passage.index, words.starts[first], words.ends[first], item.key, "nationality", GAZETTEER, True)


def _find(inventory: Inventory, words: Words, start: int, end: int, rule: str) -> Find:
    text = words.passage.text[words.starts[start] : words.ends[end - 1]]
    item = inventory.add(text, page=False)
    item.forms[text] = rule
    return Find(words.passage.index, words.starts[start], words.ends[end - 1], item.key, rule, BODY)
