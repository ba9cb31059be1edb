"""Short forms of persons' names."""

from __future__ import annotations

from collections.abc import Iterator

from kg.language.names import bare_title, surname, without_initials


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
