"""Find names that are neither linked nor in the gazetteer: runs of capitalized words, without preceding titles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.facts import Kind
from kg.language.entities.classification import Classifier
from kg.language.entities.clues import Contexts
from kg.language.gazetteer.names import is_acronym, name_words
from kg.language.parsing.tokens import Words

_JOINTS = frozenset(["of", "for", "the", "on", "and", "/", "&"])
_PARTICLES = frozenset(["de", "la", "del", "der", "van", "von", "bin", "ibn", "al", "el", "di", "da", "dos", "du", "y", "ul", "ud", "of"])
_HYPHENS = frozenset(["-", "–"])
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_SYLLABLE = 5
"""Letters of the longest syllable of a hyphenated given name."""
_NOT_NAMES = frozenset(["ADP", "AUX", "CCONJ", "DET", "PART", "PRON", "SCONJ", "VERB", "ADV", "INTJ"])
_OPENERS = frozenset([".", ":", ";", '"', "“", "(", "...", "…", "!", "?"])


@dataclass(frozen=True, slots=True)
class CapitalizedRun:
    """Words ``start:end`` of a passage, written as a name. ``opening``: a single word where any word would be capitalized."""

    passage: int
    start: int
    end: int
    text: str
    opening: bool = False


class RunFinder:
    """Finds runs of capitalized words that are not yet known."""

    def __init__(self, contexts: Contexts, classifier: Classifier):
        lists = contexts.lists
        self._person, self._never, self._soft, self._modifier, self._surnames = (
            lists[name] for name in ("person", "never", "soft", "modifier", "surname")
        )
        self._classifier = classifier
        self.titles = self._person | self._modifier

    def runs(self, words: Words, doc: Doc, fixed: Collection[int], soft: Collection[int]) -> Iterator[CapitalizedRun]:
        """Return runs outside ``fixed`` words (links and names of the article). ``soft`` words (states, nationality words) may belong
        to a run that contains a noun for an institution, place, event or agreement, and are excluded from others."""
        pos = _tags(words, doc)
        loose = self.loose(words, soft)
        for start, end in self._sequences(words, fixed, pos):
            yield from self._cut(words, start, end, loose)

    def loose(self, words: Words, soft: Collection[int]) -> set[int]:
        """Return the words that alone are no name: ``soft`` ones, faiths, parts of the world."""
        return {i for i, word in enumerate(words.lower) if word in self._soft} | set(soft)

    def _sequences(self, words: Words, fixed: Collection[int], pos: Sequence[str]) -> Iterator[tuple[int, int]]:
        start = None
        for i in range(len(words.texts) + 1):
            free = i < len(words.texts) and i not in fixed
            goes_on = free and start is not None and (_numeral(words.texts[i]) or _syllable(words, i - 1))
            inside = goes_on or (free and self._nameword(words, i, pos))
            if inside and start is None:
                start = i
            elif start is not None and not inside and not self._joint(words, start, i, fixed, pos):
                yield start, i
                start = None

    def _nameword(self, words: Words, i: int, pos: Sequence[str]) -> bool:
        text = words.texts[i]
        if _ORDINAL.fullmatch(text):
            return self._numbered(words, i)
        if "_" in text:
            return False  # a file's name
        if not text[0].isupper() or words.lower[i] in self._never:
            return False
        if words.lower[i] in ("al", "el") and words.texts[i + 1 : i + 2] == ("-",):
            return True
        return pos[i] not in _NOT_NAMES or (i > 0 and words.texts[i - 1] not in _OPENERS and len(text) > 3)

    def _numbered(self, words: Words, i: int) -> bool:
        """Whether an ordinal begins the name of a unit or the like: "3rd Engineer Brigade", "7th Army", not "the 5th President"."""
        end = i + 1
        while end < len(words.texts) and words.texts[end][0].isupper():
            end += 1
        return end > i + 1 and self._classifier.kind_of_title(" ".join(words.texts[i + 1 : end])) is Kind.INSTITUTION

    def _joint(self, words: Words, start: int, i: int, fixed: Collection[int], pos: Sequence[str]) -> bool:
        """Whether the word at ``i`` joins two words of one name: "Network of Operators", "Co-ordination Centre", "Mohammed bin Rashid"."""
        if i >= len(words.texts) - 1 or i in fixed or i + 1 in fixed:
            return False
        word, following = words.lower[i], i + 1 + (words.lower[i + 1] == "the")
        if following >= len(words.texts) or following in fixed:
            return False
        if word in _PARTICLES and words.lower[i + 1] == "-" and words.ends[i] == words.starts[i + 1]:
            return i + 2 < len(words.texts) and words.texts[i + 2][0].isupper()
        if word in ("'", "’") and words.lower[i - 1].endswith("s"):
            return self._nameword(words, i + 1, pos)
        if word in _HYPHENS or words.texts[i - 1] in _HYPHENS:
            return self._hyphenated(words, i, pos)
        if word in ("and", "/", "&", "on") and not self._joins_heads(words, start, i):
            return False
        return word in _JOINTS | _PARTICLES and self._nameword(words, following, pos)

    def _joins_heads(self, words: Words, start: int, i: int) -> bool:
        """ "Ministry of Trade and Industry", "Protocol on Trade": the words before denote a class and have a complement, or take "on"."""
        before = words.lower[start:i]
        if words.lower[i] == "on":
            return self._classifier.heads(words.texts[i - 1])
        return any(w in ("of", "for", "on") for w in before[-3:])

    def _hyphenated(self, words: Words, i: int, pos: Sequence[str]) -> bool:
        """Whether a hyphen, or the small word after one, continues a name: "Calmy-Rey", "Co-ordination Centre"."""
        if words.lower[i] in _HYPHENS:
            tight = words.ends[i - 1] == words.starts[i] and words.ends[i] == words.starts[i + 1]
            upper = words.texts[i + 1][0].isupper() or (pos[i + 1] == "PROPN" and words.texts[i - 1][0].isupper()) or _syllable(words, i)
            return tight and (upper or (i + 2 < len(words.texts) and self._nameword(words, i + 2, pos)))
        return self._nameword(words, i + 1, pos) or (words.lower[i + 1] in _HYPHENS and _syllable(words, i + 1))

    def _cut(self, words: Words, start: int, end: int, soft: Collection[int]) -> Iterator[CapitalizedRun]:
        roles = [i for i in range(start, end) if words.lower[i] in self._person]
        if roles and roles[-1] == end - 1 and end - start > 1 and not self._is_title(words, roles[-1], soft):
            roles.pop()  # "Tom King"
        if not roles and start and words.lower[start - 1] in self._person:
            roles = [start - 1]
        if not roles:
            yield from self._parts(words, start, end, soft)
        elif roles[-1] + 1 < end and words.lower[roles[-1] + 1] not in _JOINTS:
            first = roles[-1] + 1
            named = first in soft and first + 1 < end and first + 1 not in soft and not self._classifier.is_nationality(words.texts[first])
            yield from self._parts(words, first, end, () if named else soft)  # "Minister Israel Katz"
        else:
            yield from self._governed(words, roles[-1] + 1, end, soft)

    def _is_title(self, words: Words, role: int, soft: Collection[int]) -> bool:
        """Whether the word before a role noun belongs to a title: "Prime Minister", "Kenyan Ambassador", "Trade Secretary"."""
        before = words.lower[role - 1]
        return role - 1 in soft or before in self._modifier or words.lower[role] not in self._surnames

    def _governed(self, words: Words, start: int, end: int, soft: Collection[int]) -> Iterator[CapitalizedRun]:
        """ "Director of the Centre for Peace": what a title governs is a name if it contains a noun for an institution."""
        while start < end and not words.texts[start][0].isupper():
            start += 1
        whole = _trim(words, start, end)
        if whole is None or whole[1] - whole[0] < 2:
            return
        text = words.passage.text[words.starts[whole[0]] : words.ends[whole[1] - 1]]
        if self._classifier.kind_of_title(text) is Kind.INSTITUTION:
            yield from self._parts(words, start, end, soft)

    def _parts(self, words: Words, start: int, end: int, soft: Collection[int]) -> Iterator[CapitalizedRun]:
        whole = _trim(words, start, end)
        if whole is None:
            return
        hard = [i for i in range(*whole) if i not in soft and words.texts[i][0].isupper()]
        if self._is_whole(words, whole, hard):
            yield run_of(words, self._without_nationality(words, whole, hard), whole[1])
            return
        at = whole[0]
        for i in range(whole[0], whole[1] + 1):
            if i == whole[1] or i in soft:
                part = _trim(words, at, i) if i > at else None
                if part:
                    yield run_of(words, *part)
                at = i + 1

    def _without_nationality(self, words: Words, whole: tuple[int, int], hard: Sequence[int]) -> int:
        """Return the start of a run without a nationality word that locates a place: "Canadian Ellesmere Island"."""
        start, end = whole
        owned = end - start > 2 and start + 1 in hard and self._classifier.is_nationality(words.texts[start])
        rest = words.passage.text[words.starts[start + 1] : words.ends[end - 1]] if owned else ""
        return start + 1 if owned and self._classifier.kind_of_title(rest) is Kind.PLACE else start

    def _is_whole(self, words: Words, whole: tuple[int, int], hard: Sequence[int]) -> bool:
        """Whether the words are one name: none of them soft, or headed by a noun for a class ("European Network of Operators")."""
        start, end = whole
        capitals = sum(words.texts[i][0].isupper() for i in range(start, end))
        if len(hard) == capitals:
            return True
        if capitals < 2:
            return False
        text = words.passage.text[words.starts[start] : words.ends[end - 1]]
        sources = [c.source for c in self._classifier.title(text) if c.kind is not None]
        return any(s == "part-of-state" or (hard and s.startswith("head:")) for s in sources)


def _syllable(words: Words, hyphen: int) -> bool:
    """Whether a hyphen joins two syllables of a given name ("Kim Il-sung", "Chan-o-cha") rather than forming an adjective
    ("Lagos-based")."""
    if not 0 < hyphen < len(words.texts) - 1 or words.texts[hyphen] not in _HYPHENS:
        return False
    left, right = words.texts[hyphen - 1], words.texts[hyphen + 1]
    tight = words.ends[hyphen - 1] == words.starts[hyphen] and words.ends[hyphen] == words.starts[hyphen + 1]
    named = hyphen > 1 and (words.texts[hyphen - 2][0].isupper() or words.texts[hyphen - 2] in _HYPHENS)
    short = len(left) <= _SYLLABLE and len(right) <= _SYLLABLE + 1 and right.isalpha() and right.islower()
    return tight and named and short and not right.endswith(("ed", "ing")) and right not in name_words("compounding")


def _numeral(text: str) -> bool:
    return text.isupper() and set(text) <= set("IVX")


def _tags(words: Words, doc: Doc) -> list[str]:
    """Return the coarse tag of each word; words merged into one token share its tag."""
    tokens = list(doc)
    tags, at = [], 0
    for start in words.starts:
        while at + 1 < len(tokens) and tokens[at + 1].idx <= start:
            at += 1
        tags.append(tokens[at].pos_)
    return tags


def _trim(words: Words, start: int, end: int) -> tuple[int, int] | None:
    while start < end and not words.texts[start][0].isupper() and not _ORDINAL.fullmatch(words.texts[start]):
        start += 1
    while end > start and not words.texts[end - 1][0].isupper() and not (end - start > 2 and words.texts[end - 2] in _HYPHENS):
        end -= 1
    return (start, end) if end > start else None


def run_of(words: Words, start: int, end: int) -> CapitalizedRun:
    """Return the words ``start:end`` as a run."""
    text = words.passage.text[words.starts[start] : words.ends[end - 1]]
    opening = start == 0 or words.texts[start - 1] in _OPENERS
    return CapitalizedRun(words.passage.index, start, end, text, opening and end - start == 1 and not is_acronym(text))
