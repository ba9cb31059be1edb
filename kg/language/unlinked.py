"""Names that no link and no gazetteer gives: runs of capitalised words, with what titles stand before them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.language.classes import Classifier
from kg.language.contexts import Contexts
from kg.language.names import is_acronym
from kg.language.tokens import Words

_JOINTS = frozenset({"of", "for", "the", "on", "and", "de", "la", "del", "der", "van", "von", "bin", "ibn", "al", "el", "di", "da", "dos", "du", "y", "-", "–", "/", "&"})
_NOT_NAMES = frozenset({"ADP", "AUX", "CCONJ", "DET", "PART", "PRON", "SCONJ", "VERB", "ADV", "INTJ", "PUNCT", "SYM"})


@dataclass(frozen=True, slots=True)
class Run:
    """Words ``start:end`` of a passage are written as a name. ``titled``: a role noun stands before them inside the capitalised words."""

    passage: int
    start: int
    end: int
    text: str
    titled: bool = False
    opening: bool = False


class RunFinder:
    """Finds runs of capitalised words that are not yet known."""

    def __init__(self, contexts: Contexts, classifier: Classifier):
        self._person, self._modifier = contexts.lists["person"], contexts.lists["modifier"]
        self._never = contexts.lists["never"]
        self._classifier = classifier

    def runs(self, words: Words, doc: Doc, fixed: Collection[int], soft: Collection[int]) -> Iterator[Run]:
        """Runs outside ``fixed`` words (links and names of the article). ``soft`` words (states, nationality words) may belong to a
        run that ends in a word for an institution, place, event or agreement, and are left out of others."""
        pos = _tags(words, doc)
        for start, end in self._sequences(words, fixed, pos):
            yield from self._cut(words, start, end, soft)

    def _sequences(self, words: Words, fixed: Collection[int], pos: Sequence[str]) -> Iterator[tuple[int, int]]:
        start = None
        for i in range(len(words.texts) + 1):
            inside = i < len(words.texts) and i not in fixed and self._nameword(words, i, pos)
            if inside and start is None:
                start = i
            elif start is not None and not inside and not self._joint(words, i, fixed, pos):
                yield start, i
                start = None

    def _nameword(self, words: Words, i: int, pos: Sequence[str]) -> bool:
        text = words.texts[i]
        if not text[0].isupper() or words.lower[i] in self._never:
            return False
        return pos[i] not in _NOT_NAMES or (pos[i] != "PUNCT" and i > 0 and words.texts[i - 1][-1:].isalnum() and len(text) > 3)

    def _joint(self, words: Words, i: int, fixed: Collection[int], pos: Sequence[str]) -> bool:
        """Whether a small word at ``i`` joins two words of one name ("Network of Operators", "Council of the Union")."""
        if i >= len(words.texts) - 1 or words.lower[i] not in _JOINTS or i in fixed:
            return False
        if words.lower[i] in ("and", "/", "&", "on") and not self._classifier.heads(words.texts[i - 1]):
            return words.lower[i] == "and" and self._inner_and(words, i)
        following = i + 1 + (words.lower[i + 1] == "the")
        return following < len(words.texts) and following not in fixed and self._nameword(words, following, pos)

    def _inner_and(self, words: Words, i: int) -> bool:
        """ "Ministry of Trade and Industry": an "of" or "for" stands before in the same run of words."""
        return any(words.lower[j] in ("of", "for") for j in range(max(0, i - 3), i)) and i + 1 < len(words.texts) and words.texts[i + 1][0].isupper()

    def _cut(self, words: Words, start: int, end: int, soft: Collection[int]) -> Iterator[Run]:
        role = max((i for i in range(start, end) if words.lower[i] in self._person), default=None)
        if role is not None:
            titled_from = self._after_role(words, role, end)
            if titled_from < end:
                yield from self._parts(words, titled_from, end, soft, titled=True)
            return
        yield from self._parts(words, start, end, soft, titled=False)

    def _after_role(self, words: Words, role: int, end: int) -> int:
        """Where the name begins after a title: "Minister for Trade and Industry John Doe" begins after what the title governs."""
        at = role + 1
        if at < end and words.lower[at] in ("of", "for", "to", "in", "on"):
            return end
        return at

    def _parts(self, words: Words, start: int, end: int, soft: Collection[int], titled: bool) -> Iterator[Run]:
        whole = _trim(words, start, end)
        if whole is None:
            return
        head = not titled and whole[1] - whole[0] > 1 and self._heads(words, *whole)
        if not any(i in soft for i in range(*whole)) or (head and any(i not in soft for i in range(*whole))):
            yield _run(words, *whole, titled)
            return
        at = whole[0]
        for i in range(whole[0], whole[1] + 1):
            if i == whole[1] or i in soft:
                part = _trim(words, at, i) if i > at else None
                if part:
                    yield _run(words, *part, titled)
                at = i + 1

    def _heads(self, words: Words, start: int, end: int) -> bool:
        text = words.passage.text[words.starts[start] : words.ends[end - 1]]
        return any(c.kind is not None and c.source.startswith(("head:", "part-of")) for c in self._classifier.title(text))


def _tags(words: Words, doc: Doc) -> list[str]:
    """The coarse tag of each word; words merged into one token share its tag."""
    tags, token = [], 0
    for start in words.starts:
        while token + 1 < len(doc) and doc[token + 1].idx <= start:
            token += 1
        tags.append(doc[token].pos_)
    return tags


def _trim(words: Words, start: int, end: int) -> tuple[int, int] | None:
    while start < end and (not words.texts[start][0].isupper()):
        start += 1
    while end > start and not words.texts[end - 1][0].isupper():
        end -= 1
    return (start, end) if end > start else None


def _run(words: Words, start: int, end: int, titled: bool) -> Run:
    text = words.passage.text[words.starts[start] : words.ends[end - 1]]
    opening = start == 0 or words.texts[start - 1] in ".:;\"“("
    return Run(words.passage.index, start, end, text, titled, opening and end - start == 1 and not is_acronym(text))
