"""Find titles next to names: the words of an office, their head, and the office.

Titles are found on the surface, because these noun phrases are where parsers are least reliable.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from kg.extraction.frames.entries import Lexicon, OfficeEntry
from kg.extraction.frames.fillers import Fillers
from kg.extraction.frames.matching import lemma
from kg.extraction.syntax.function_words import function_words
from kg.extraction.syntax.phrases import NounPhrase, parse_pattern
from kg.facts import Kind
from kg.language.reading import Mention

OPENERS = (",", "(", "–", "—", ":")
STOPS = frozenset({",", ")", "(", ";", ".", ":", "|", "“", '"'})
NOMINAL_WORDS = frozenset({"ADP", "DET", "ADJ", "NOUN", "PROPN", "CCONJ", "PRON", "PART"})
RELATIVE_TAGS = frozenset({"WP", "WDT", "WP$", "WRB"})
REACH = 14
"""Longest title in tokens ("EU High Representative for Foreign Affairs and Security Policy")."""


@dataclass(frozen=True, slots=True)
class Title:
    """An office as named in the text: the words, their head, its entry, and what they say about the holder."""

    words: tuple[Token, ...]
    head: Token
    entry: OfficeEntry
    former: bool
    acting: bool
    naming: frozenset[int]
    """Tokens that name the body to which the office belongs."""
    signature: frozenset[str]
    """The lemmas that identify the office: deputy, prime, minister."""


def office_entry(words: list[Token], head: Token, lexicon: Lexicon) -> OfficeEntry | None:
    """Return the entry of an office whose head is ``head`` and whose other words are ``words``."""
    if head.pos_ not in ("NOUN", "PROPN", "ADJ"):
        return None
    if " " in head.text.strip():  # a linked name that is itself an office: "Minister of Foreign Affairs"
        pattern = parse_pattern(head.lower_)
        complements = frozenset([pattern.complement] if pattern.complement else [])
        phrase = NounPhrase(pattern.head, modifiers=pattern.modifiers, complements=complements)
    else:
        others = frozenset(lemma(w) for w in words if w != head)
        phrase = NounPhrase(lemma(head), modifiers=others, complements=frozenset(("of", w) for w in others))
    entries = lexicon.offices_by_lemma.get(phrase.head, ())
    return next((e for e in entries if any(p.matches(phrase) for p in e.patterns)), None)


def title_before(mention: Mention, fillers: Fillers) -> Title | None:
    """ "Danish Prime Minister NAME", "the president of France, NAME"."""
    doc = fillers.passage.doc
    at = mention.start - 1
    apposed = at > 0 and doc[at].text == ","
    at -= apposed
    words: list[Token] = []
    while at >= 0 and len(words) < REACH and _in_title(doc[at], fillers):
        words.insert(0, doc[at])
        at -= 1
    head = next((w for w in reversed(words) if _is_office(w, words, mention.start - apposed, fillers)), None)
    if head is None:
        return None
    head = _governing_office(head, words, fillers)
    if apposed and "Plur" in head.morph.get("Number", []) and head.nbor(1).lower_ in function_words("locative"):
        return None  # "a meeting of presidents in Foo, A and B": where they met
    first = words.index(head)
    while first and _modifies_title(words[first - 1]):
        first -= 1
    while words[first] != head and words[first].pos_ in ("PUNCT", "PART"):
        first += 1
    return _title(words[first:], head, fillers)


def _governing_office(head: Token, words: list[Token], fillers: Fillers) -> Token:
    """ "minister of justice NAME": the office whose portfolio includes the last office word."""
    before = [w for w in words if w.i < head.i]
    if len(before) < 2 or before[-1].lower_ not in ("of", "for"):
        return head
    return before[-2] if office_entry(before[:-1], before[-2], fillers.lexicon) is not None else head


def _modifies_title(word: Token) -> bool:
    """Whether a word may precede an office as part of its title; a plural noun ends what precedes it."""
    return (word.pos_ in ("ADJ", "NOUN", "PROPN", "PART") and word.tag_ != "NNS") or word.text in ("-", "–")


def _is_office(word: Token, words: list[Token], end: int, fillers: Fillers) -> bool:
    """Whether a word left of a name is an office to which the words up to the name belong."""
    if office_entry([w for w in words if w.i <= word.i], word, fillers.lexicon) is None:
        return False
    return word.i == end - 1 or fillers.passage.doc[word.i + 1].lower_ in function_words("office")


def title_after(mention: Mention, fillers: Fillers) -> Title | None:
    """ "NAME, Minister for X,", "NAME (president of Y)", "NAME, then foreign minister of Z"."""
    doc = fillers.passage.doc
    at = mention.end
    if at >= len(doc) or (doc[at].text not in OPENERS and doc[at].lower_ != "as"):
        return None
    words: list[Token] = []
    for token in doc[at + 1 : at + 1 + REACH]:
        if token.text in STOPS or token.pos_ in ("VERB", "SCONJ") or (token.pos_ == "AUX" and not words):
            break
        if token.tag_ in RELATIVE_TAGS:
            break
        words.append(token)
    if len(words) > 1 and _is_person(words[0], fillers) and words[1].text in ("'s", "’s"):
        words = words[2:]  # "NAME, OTHER's special envoy"
    people = [w for w in words if _is_person(w, fillers)]
    if people:
        words = words[: words.index(people[0])]
        if words and words[-1].i == people[0].i - 1 and words[-1].pos_ in ("NOUN", "PROPN"):
            return None  # the title of the next one in a list
        while words and words[-1].pos_ in ("CCONJ", "PUNCT", "DET"):
            words.pop()
    for n, head in enumerate(words):
        compound = n + 1 < len(words) and words[n + 1].pos_ in ("NOUN", "PROPN") and head.dep_ != "nmod"
        if not compound and office_entry([w for w in words if w.i <= head.i], head, fillers.lexicon) is not None:
            return _title(words, head, fillers)
        part = "-" in (head.text, *(w.text for w in words[n + 1 : n + 2]))  # "vice-chairman"
        if head.pos_ == "NOUN" and not part and head.dep_ not in ("compound", "nmod:desc", "nmod:poss", "nmod"):
            return None
    return None


def _in_title(token: Token, fillers: Fillers) -> bool:
    if token.text in STOPS or _is_person(token, fillers) or any(t.start <= token.i < t.end for t in fillers.passage.times):
        return False
    if fillers.lexicon.group("period", lemma(token)):
        return False
    if token.pos_ == "NUM" and token.text.isalpha():
        return True
    return token.pos_ in ("ADJ", "NOUN", "PROPN", "PART", "ADP", "DET", "CCONJ") or token.text in ("-", "–")


def _is_person(token: Token, fillers: Fillers) -> bool:
    mention = fillers.mention(token)
    return mention is not None and Kind.PERSON in fillers.kinds(token) and not mention.coreferent


def _title(words: list[Token], head: Token, fillers: Fillers) -> Title | None:
    """Return the office with head ``head`` among ``words``, without its surroundings; None for a mere description."""
    lexicon = fillers.lexicon
    before = [w for w in words if w.i <= head.i]
    entry = office_entry(before, head, lexicon)
    if entry is None or not entry.office:
        return None
    after = _complement([w for w in words if w.i > head.i], fillers)
    if any((m := fillers.mention(w)) is not None and m.coreferent and w.pos_ != "PRON" for w in after):
        after = []  # "the foreign ministers of the two countries"
    while after and after[-1].pos_ in ("ADP", "DET", "CCONJ", "PART", "PRON", "ADV"):
        after.pop()
    words = before + after
    ways = {lexicon.group("tenure", lemma(w)) or lexicon.group("tenure", w.lower_) for w in words}
    naming = frozenset(w.i for w in words if (m := fillers.mention(w)) is not None and not m.coreferent)
    own = [w for w in words if w.i <= head.i and (w.i not in naming or w == head)]
    kept = [w for w in own if w.pos_ in ("NOUN", "PROPN", "ADJ") and not lexicon.group("tenure", w.lower_)]
    signature = frozenset(lemma(w) for w in kept)
    return Title(tuple(words), head, entry, "former" in ways, "acting" in ways, naming, signature)


def title_of_words(words: list[Token], fillers: Fillers) -> Title | None:
    """Return the office in words that stand alone (a cell, an infobox field)."""
    head = next((w for w in reversed(words) if office_entry(words, w, fillers.lexicon)), None)
    return _title(words, head, fillers) if head is not None else None


def _complement(after: list[Token], fillers: Fillers) -> list[Token]:
    """Return the part of the words after an office that complements it (of, for, to)."""
    joined = 0  # "editor-in-chief": hyphenated words belong to the head
    while joined + 1 < len(after) and after[joined].text == "-":
        joined += 2
    if after[joined:] and (after[joined].lower_ not in function_words("office") or not _is_nominal(after[joined + 1 :])):
        return after[:joined]
    for n, word in enumerate(after[joined:], joined):
        foreign = (word.pos_ == "ADP" and word.lower_ not in function_words("office")) or word.tag_ in RELATIVE_TAGS
        if foreign or (word.lower_ == "in" and not any(fillers.mention(w) for w in after[n + 1 : n + 3])):
            return after[:n]
        if any(t.start <= word.i < t.end for t in fillers.passage.times):
            return after[: max(n - 1, 0)]
    return after


def _is_nominal(words: list[Token]) -> bool:
    return bool(words) and words[0].pos_ in ("DET", "ADJ", "NOUN", "PROPN", "PRON", "NUM")


def title_at(head: Token, fillers: Fillers) -> Title | None:
    """Return the office in the words around an office noun."""
    return _title(_surface(head), head, fillers)


def _surface(head: Token) -> list[Token]:
    """Return the words around an office noun: its modifiers to the left, possible complements to the right."""
    doc, first, last = head.doc, head.i, head.i
    while first and _modifies_title(doc[first - 1]):
        first -= 1
    while last + 1 < min(len(doc), head.i + REACH) and (doc[last + 1].pos_ in NOMINAL_WORDS or doc[last + 1].text in ("-", "–")):
        last += 1
    return list(doc[first : last + 1])
