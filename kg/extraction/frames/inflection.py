"""Inflected forms of the lexicon's verbs, so that a verb is found whatever lemma a statistical lemmatizer assigns.

Regular forms follow Quirk et al., A Comprehensive Grammar of the English Language (1985), 3.5–3.10; irregular ones are in
``lexicon/irregular.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from spacy.tokens import Doc

from kg.extraction.frames.entries import Lexicon

VERBS = frozenset({"VERB", "AUX"})


def verb_forms(lemmas: Iterable[str], irregular: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return each form of the verbs with its possible lemmas: "founded" → found, "found" → find, found."""
    found: dict[str, list[str]] = {}
    for lemma in sorted(set(lemmas)):
        for form in {lemma, *irregular.get(lemma, ()), *_regular(lemma, lemma not in irregular)}:
            found.setdefault(form, []).append(lemma)
    return {form: tuple(found[form]) for form in sorted(found)}


def third_person(verb: str) -> str:
    """Return the regular form of a verb in the third person singular: "meet" → "meets", "carry" → "carries"."""
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if re.search(r"(s|x|z|ch|sh|o)$", verb) else "s")


def _regular(verb: str, past: bool) -> Iterator[str]:
    """Return the forms in -s, -ing and, unless the past is irregular, -ed; a final consonant may be doubled (travelled)."""
    yield third_person(verb)
    if re.search(r"[^aeiou]y$", verb):
        stems = {verb + "ing"} | ({verb[:-1] + "ied"} if past else set())
    else:
        bases = [re.sub(r"e$", "", verb)]
        if re.search(r"[aeiou][bdglmnprt]$", verb):
            bases.append(verb + verb[-1])
        endings = ("ing", "ed") if past else ("ing",)
        stems = {base + ending for base in bases for ending in endings}
        stems |= {verb + "ing"} if verb.endswith(("ee", "oe", "ye")) else set()
    yield from stems


def mend_lemmas(doc: Doc, lexicon: Lexicon) -> None:
    """Correct the lemmas of a passage to those of the lexicon, if the model's lemma is not in it.

    Of two verbs with the same form, the one that takes the adjacent particle is chosen: "wound up" is of wind.
    """
    for token in doc:
        candidates = lexicon.forms.get(token.lower_, ()) if token.pos_ in VERBS else ()
        if len(candidates) > 1:
            particles = {c.lower_ for c in token.children if c.dep_ == "compound:prt"}
            fitting = [lemma for lemma in candidates if particles & _particles(lemma, lexicon)]
            candidates = tuple(fitting) or candidates
        if token.pos_ == "NOUN" and token.lower_ in lexicon.plurals:
            candidates = (lexicon.plurals[token.lower_], token.lower_)
        if candidates and token.lemma_.lower() not in candidates:
            token.lemma_ = candidates[0]


def _particles(lemma: str, lexicon: Lexicon) -> set[str]:
    return {p for entry in lexicon.verbs_by_lemma.get(lemma, ()) for p in entry.particle}
