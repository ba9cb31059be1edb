"""Variants of gold sentences that resemble the pipeline's input: merged names and dates, curly quotes, British spelling.

At run time, the language stage merges known names and dates into single tokens before the parse; ``merged`` does the same to gold
trees. All choices come from the given random generator.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from kg.training.sources.conllu import GoldProposition, GoldSentence, NameSpan, Word

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"
)  # fmt: skip
_DATE = re.compile(rf"(?:\d{{1,2}}\|)?(?:{'|'.join(_MONTHS)})(?:\|\d{{1,2}})?(?:\|,)?(?:\|\d{{4}})?$")
_CURLY = {'"': "“”", "'": "‘’", "“": '"', "”": '"', "‘": "'", "’": "'", "''": "”", "``": "“", "-": "–", "--": "—"}
_MERGED_TAGS = {
    "DATE": ("NUM", "CD", "NumForm=Digit|NumType=Card"),
    "NNPS": ("PROPN", "NNPS", "Number=Plur"),
    "NNP": ("PROPN", "NNP", "Number=Sing"),
}
_BRITISH_FILE = Path(__file__).resolve().parent / "british.toml"


def mergeable(sentence: GoldSentence) -> list[NameSpan]:
    """Return the names and dates (label DATE) of several words that are connected in the tree, without overlaps."""
    found = [_without_article(sentence.words, name) for name in sentence.names or ()]
    taken = {index for name in sentence.names or () for index in range(name.start, name.end)}
    found += [date for date in _dates(sentence.words) if not taken & set(range(date.start, date.end))]
    whole = (name for name in found if _spaced(sentence.words, name) and _root(sentence.words, name) is not None)
    return sorted(whole, key=lambda name: name.start)


def _without_article(words: Sequence[Word], name: NameSpan) -> NameSpan:
    return replace(name, start=name.start + (words[name.start].upos == "DET"))


def _spaced(words: Sequence[Word], name: NameSpan) -> bool:
    return any(word.space_after for word in words[name.start : name.end - 1])


def _dates(words: Sequence[Word]) -> list[NameSpan]:
    dates: list[NameSpan] = []
    for start in range(len(words)):
        if dates and start < dates[-1].end:
            continue
        for end in range(min(start + 5, len(words)), start + 1, -1):
            if words[end - 1].form != "," and _DATE.match("|".join(word.form for word in words[start:end])):
                dates.append(NameSpan(start, end, "DATE"))
                break
    return dates


def _root(words: Sequence[Word], name: NameSpan) -> int | None:
    """Return the only word of the span that is attached outside it, or is the root, if nothing outside depends on another one."""
    inside = range(name.start, name.end)
    roots = [index for index in inside if words[index].head not in inside or words[index].head == index]
    others = [index for index, word in enumerate(words) if index not in inside and word.head in inside and word.head not in roots]
    return roots[0] if len(roots) == 1 and not others else None


def merged(sentence: GoldSentence, spans: Sequence[NameSpan]) -> GoldSentence:
    """Merge each span into one word in the place of its root; spans are sorted and do not overlap."""
    new_index: list[int] = []
    groups: list[tuple[int, int, NameSpan | None]] = []
    starts = {span.start: span for span in spans}
    index = 0
    while index < len(sentence.words):
        span = starts.get(index)
        end = span.end if span else index + 1
        new_index += [len(groups)] * (end - index)
        groups.append((index, end, span))
        index = end
    words = tuple(_group(sentence.words, start, end, span, new_index) for start, end, span in groups)
    merged_words = frozenset(index for index, (_, _, span) in enumerate(groups) if span is not None)
    names = None
    if sentence.names is not None:
        names = tuple(NameSpan(new_index[name.start], new_index[name.end - 1] + 1, name.label) for name in sentence.names)
    return replace(
        sentence,
        words=words,
        names=names,
        unsure=frozenset(new_index[unsure] for unsure in sentence.unsure),
        propositions=None if sentence.propositions is None else _moved(sentence.propositions, new_index, merged_words),
    )


def _moved(propositions: Sequence[GoldProposition], new_index: Sequence[int], merged_words: frozenset[int]) -> tuple[GoldProposition, ...]:
    """Renumber the words of propositions; a merged word is not a predicate, and fills one role of another."""
    found = []
    for proposition in propositions:
        predicate = new_index[proposition.predicate]
        if predicate in merged_words:
            continue
        roles: dict[int, str] = {}
        for label, word in proposition.arguments:
            if new_index[word] != predicate:
                roles.setdefault(new_index[word], label)
        found.append(GoldProposition(predicate, proposition.roleset, tuple((label, word) for word, label in roles.items())))
    return tuple(found)


def _group(words: Sequence[Word], start: int, end: int, span: NameSpan | None, new_index: Sequence[int]) -> Word:
    if span is None:
        return replace(words[start], head=new_index[words[start].head])
    root = words[_root(words, span) or start]
    form = "".join(word.form + " " * word.space_after for word in words[start : end - 1]) + words[end - 1].form
    kind = "DATE" if span.label == "DATE" else "NNPS" if root.xpos == "NNPS" else "NNP"
    upos, xpos, feats = _MERGED_TAGS[kind]
    return Word(form, form, upos, xpos, feats, new_index[root.head], root.deprel, words[end - 1].space_after)


def with_other_names(sentence: GoldSentence, names: dict[str, list[str]], chance: float, rng: random.Random) -> GoldSentence:
    """Replace single-word names (merged ones included), each with a given probability, by another name of their kind."""
    words = list(sentence.words)
    for name in sentence.names or ():
        if name.end - name.start == 1 and words[name.start].upos == "PROPN" and names.get(name.label) and rng.random() < chance:
            form = rng.choice(names[name.label])
            words[name.start] = replace(words[name.start], form=form, lemma=form)
    return replace(sentence, words=tuple(words))


def with_other_date_form(sentence: GoldSentence, rng: random.Random) -> GoldSentence:
    """Write merged dates of day, month and year in the other order half of the time."""
    words = list(sentence.words)
    for index, word in enumerate(words):
        match = re.fullmatch(r"([A-Z][a-z]+) (\d{1,2}) ?, (\d{4})", word.form)
        if match and rng.random() < 0.6:
            form = f"{match[2]} {match[1]} {match[3]}"
            words[index] = replace(word, form=form, lemma=form)
    return replace(sentence, words=tuple(words))


def with_other_quotes(sentence: GoldSentence) -> GoldSentence:
    """Exchange straight and curly quotation marks, hyphens between spaces and dashes, straight and typographic apostrophes."""
    opened: set[str] = set()
    words = []
    for word in sentence.words:
        form = word.form
        if form in {'"', "'"} and word.upos == "PUNCT":
            form = _CURLY[form][form in opened]
            opened ^= {word.form}
        elif form in _CURLY and word.upos == "PUNCT":
            form = _CURLY[form]
        elif "'" in form and len(form) > 1:
            form = form.replace("'", "’")
        words.append(replace(word, form=form, lemma=form if word.upos == "PUNCT" and word.lemma == word.form else word.lemma))
    return replace(sentence, words=tuple(words))


@cache
def _british() -> tuple[tuple[re.Pattern[str], str], ...]:
    table = tomllib.loads(_BRITISH_FILE.read_text(encoding="utf-8"))
    return tuple((re.compile(pattern), spelling) for pattern, spelling in table["spelling"].items())


def british(text: str) -> str:
    """Return a word in British spelling."""
    for pattern, spelling in _british():
        text = pattern.sub(spelling, text)
    return text


def with_british_spelling(sentence: GoldSentence) -> GoldSentence:
    """Replace American spellings of common words, in forms and lemmas; names are left alone."""
    words = tuple(
        word if word.upos == "PROPN" else replace(word, form=british(word.form), lemma=british(word.lemma)) for word in sentence.words
    )
    return replace(sentence, words=words)
