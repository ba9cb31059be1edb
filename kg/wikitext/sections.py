"""The sections of an article."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kg.wikitext.knowledge import words


class _Title(NamedTuple):
    """A heading: its level and its text."""

    level: int
    text: str


@dataclass(frozen=True)
class Section:
    """The headings above a text, from the outermost one on."""

    titles: tuple[_Title, ...] = ()

    def entered(self, level: int, title: str) -> Section:
        """Return the section that a heading in this one begins."""
        return Section((*(t for t in self.titles if t.level < level), _Title(level, title)))

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The texts of the headings."""
        return tuple(t.text for t in self.titles)

    @cached_property
    def left_out(self) -> bool:
        """Whether the section is left out ("Bibliography")."""
        return self._is_in("left_out")

    @cached_property
    def sees_also(self) -> bool:
        """Whether the section lists related articles ("See also")."""
        return self._is_in("see_also")

    def _is_in(self, key: str) -> bool:
        return not words("sections", key).isdisjoint(text.casefold().strip(" :.") for text in self.path)
