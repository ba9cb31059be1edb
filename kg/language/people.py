"""Short forms of persons' names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kg.language.inventory import Item
from kg.language.names import bare_title, fold, name_words, surname, without_initials
from kg.language.tokens import Words


def person_forms(name: str) -> Iterator[tuple[str, str]]:
    """(form, rule) for a person by the full name: the surname, the name without initials."""
    bare = bare_title(name)
    yield bare, "title"
    plain = without_initials(bare)
    if plain != bare:
        yield plain, "alias"
    family = surname(bare)
    if family != bare and len(family) > 1:
        yield family, "surname"


def given_names(people: Iterable[Item], passages: Sequence[Words]) -> dict[str, str]:
    """The given names that the article uses alone, each with the key of the one person who has it ("Abiy" for an Ethiopian).

    A word counts where it stands alone at least once, no other person has it as any part of the name, and nobody's surname is
    used in its place.
    """
    alone = Counter(word for words in passages for word in _alone(words))
    small = {word for words in passages for word in words.folded if word[:1].islower()}
    owners: dict[str, set[str]] = {}
    firsts: dict[str, str] = {}
    for item in people:
        parts = [fold(p) for p in bare_title(item.key).split()]
        parts = parts[1:] if parts and parts[0].casefold() in name_words("titles") else parts
        for part in parts:
            owners.setdefault(part, set()).add(item.key)
        if parts and len(parts[0]) > 2 and not alone[fold(surname(item.key))]:
            firsts[parts[0]] = item.key
    return {name: key for name, key in firsts.items() if alone[name] and len(owners[name]) == 1 and name.casefold() not in small}


def _alone(words: Words) -> Iterator[str]:
    """Capitalised words with no capitalised word beside them."""
    for i, text in enumerate(words.texts):
        if text[0].isupper() and not _capital(words, i - 1) and not _capital(words, i + 1):
            yield words.folded[i]


def _capital(words: Words, i: int) -> bool:
    return 0 <= i < len(words.texts) and words.texts[i][0].isupper()
