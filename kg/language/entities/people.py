"""Find short forms of persons' names, and resolve those shared by several persons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from spacy.tokens import Doc

from kg.facts import Kind
from kg.language.entities.clues import Contexts
from kg.language.entities.inventory import Find, Inventory, Item, ordered
from kg.language.entities.scanners import ALIAS, ArticleScanner, within_name
from kg.language.gazetteer.matcher import Split
from kg.language.gazetteer.names import bare_title, fold, loose, name_words, surname, without_initials
from kg.language.gazetteer.world import Gazetteer
from kg.language.parsing.tokens import Words

_BEHIND = re.compile(r"(.+?) (?:of|in|from|at|for) .+")
_SURE = frozenset({"title-before", "says", "relative-who", "role-apposition", "life-of", "met", "caption-position", "page-person"})
"""Signs that an entity is a person, not merely that the name has the shape of a person's."""
_ARTICLE = re.compile(r"(?:al|el|ul|ad|an|ar|as|ash|at|az)[-–](?=[A-Z])", re.IGNORECASE)


class PersonFinder:
    """Finds the persons of one article by all forms of their names."""

    def __init__(
        self, inventory: Inventory, gazetteer: Gazetteer, contexts: Contexts, split: Split, passages: Sequence[Words], docs: Sequence[Doc]
    ):
        self._inventory, self._gazetteer, self._split = inventory, gazetteer, split
        self._titles = contexts.lists["person"]
        self._passages, self._docs = passages, docs
        self._alone = Counter(word for words in passages for word in _alone(words))
        self._small = {word for words in passages for word in _small(words)}

    def finds(self, known: Iterable[Find]) -> list[Find]:
        """Return finds of the persons known by now; a shared form refers to the one of its owners who was mentioned last before it."""
        people = [i for i in ordered(self._inventory.items.values()) if i.kind is Kind.PERSON]
        others = {loose(form) for i in self._inventory.items.values() if i.kind is not Kind.PERSON for form in self._whole_names(i)}
        for item in people:
            for form, rule in person_forms(item.key):
                if rule != "surname" or not self._is_other_name(form, item, others):
                    item.forms.setdefault(form, rule)
        sure = [i for i in people if i.page is not None or any(c.source in _SURE for c in i.clues)]
        for form, key in given_names(sure, self._alone, self._small).items():
            if loose(form) not in others:
                self._inventory.items[key].forms.setdefault(form, "given-name")
        scanner = ArticleScanner(people, self._split)
        keys = {item.key for item in people}
        full = sorted((f.passage, f.start, f.key) for f in known if f.key in keys)
        found = [f for words in self._passages for f in self._passage(scanner, words, full)]
        return [f for f in found if f.rule != "surname" or not self._namesake(f, self._docs[f.passage])]

    @staticmethod
    def _whole_names(item: Item) -> list[str]:
        """Return the names that are an item's own and cannot be a surname: those of the article's subject, or of a linked page."""
        subject = [form for form, rule in item.forms.items() if rule == "subject"]
        return [*subject, bare_title(item.key)] if item.uses["link"] else subject

    def _is_other_name(self, family: str, item: Item, others: Collection[str]) -> bool:
        """Whether a surname is a name of something else, or an ordinary word where only its shape makes the item a person."""
        return loose(family) in others or (item.page is None and fold(family).casefold() in self._small)

    def _passage(self, scanner: ArticleScanner, words: Words, full: Sequence[tuple[int, int, str]]) -> Iterator[Find]:
        for start, end, owners in scanner.finds(words):
            place = (words.passage.index, words.starts[start])
            owner = owners[0] if len(owners) == 1 else _last(owners, place, full)
            if owner is not None and not within_name(words, start):
                yield Find(words.passage.index, words.starts[start], words.ends[end - 1], *owner, ALIAS)

    def _namesake(self, find: Find, doc: Doc) -> bool:
        """Whether another given name precedes a surname: "Barbara Bush" in an article on George Bush."""
        span = doc.char_span(find.start, find.end)
        if span is None or span.start == 0:
            return False
        before = doc[span.start - 1]
        text = before.text
        plain = before.pos_ == "PROPN" and text[0].isupper() and " " not in text and text[-1].isalpha()
        known = before.lower_ in self._titles or self._gazetteer.nationality(text) or self._gazetteer.named(text)
        return plain and bool(before.whitespace_) and not known


def _last(owners: Sequence[tuple[str, str]], place: tuple[int, int], full: Sequence[tuple[int, int, str]]) -> tuple[str, str] | None:
    """Return, of several owners of a form, the one mentioned last before an offset."""
    rules = dict(owners)
    before = [key for passage, start, key in full if (passage, start) < place and key in rules]
    return (before[-1], rules[before[-1]]) if before else None


def person_forms(name: str) -> Iterator[tuple[str, str]]:
    """Return (form, rule) for a person by full name: the surname, also without an Arabic article ("al-"), the name without initials."""
    bare = bare_title(name)
    yield bare, "title"
    cut = _BEHIND.match(bare)
    if cut is not None:
        yield cut[1], "alias"  # "William II of the Netherlands"
        return
    plain = without_initials(bare)
    if plain != bare:
        yield plain, "alias"
    family = surname(bare)
    if family != bare and len(family) > 1:
        yield family, "surname"
        article = _ARTICLE.match(family)
        if article is not None:
            yield family[article.end() :], "surname"


def given_names(people: Iterable[Item], alone: Mapping[str, int], small: Collection[str]) -> dict[str, str]:
    """Return the other parts of names that the article uses alone, each with the key of the only person who has it.

    A given name ("Abiy" for an Ethiopian), a family name that comes first ("Roh" for a Korean), the first of two family names
    ("Roldós" for an Ecuadorian). A word counts if it occurs ``alone`` at least once, no other person has it in a name, and nobody's
    surname is used in its place; one that also occurs in lower case (``small``) does not.
    """
    owners: dict[str, set[str]] = {}
    used: dict[str, str] = {}
    for item in people:
        parts = [fold(p) for p in bare_title(item.key).split()]
        parts = parts[1:] if parts and parts[0].casefold() in name_words("titles") else parts
        for part in parts:
            owners.setdefault(part, set()).add(item.key)
        if parts and not alone[fold(surname(item.key))]:
            shorts = [p for p in (parts[0], *parts[1:-1][-1:]) if alone[p] and len(p) > 2 and p.casefold() not in name_words("particles")]
            used.update({max(shorts, key=lambda p: (alone[p], -parts.index(p))): item.key} if shorts else {})
    return {name: key for name, key in used.items() if len(owners[name]) == 1 and name.casefold() not in small}


def _small(words: Words) -> Iterator[str]:
    """Return the words that begin with a lower-case letter, except after a hyphen."""
    return (w for i, w in enumerate(words.folded) if w[:1].islower() and words.texts[max(i - 1, 0)] != "-")


def _alone(words: Words) -> Iterator[str]:
    """Return the capitalized words without a capitalized neighbour."""
    for i, text in enumerate(words.texts):
        if text[0].isupper() and not _capital(words, i - 1) and not _capital(words, i + 1):
            yield words.folded[i]


def _capital(words: Words, i: int) -> bool:
    return 0 <= i < len(words.texts) and words.texts[i][0].isupper()
