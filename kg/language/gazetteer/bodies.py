"""Parse names of public bodies ("Kenyan police", "parliament of Ghana") into the kind of body and its state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.language.gazetteer.knowledge_files import read_table
from kg.language.gazetteer.names import bare_title, bracket, fold
from kg.language.gazetteer.world import Gazetteer

_REMEMBERED = 2**14  # cache of names, which are looked up again and again
_OF = re.compile(r" of (?:the )?(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Body:
    """A public body: its kind (``police``, ``ministry:finance``) and the key of its state, None if the name does not give it."""

    name: str
    state: str | None


class Bodies:
    """Parses names of public bodies."""

    def __init__(self, gazetteer: Gazetteer):
        self._gazetteer = gazetteer
        self.parse = lru_cache(maxsize=_REMEMBERED)(self._parse)
        table = read_table("bodies")
        self._names: dict[str, str] = {form: row["name"] for row in table["body"] for form in row["forms"]}
        self._titles: dict[str, str] = {row["name"]: row["title"] for row in table["body"] if "title" in row}
        self._with_the = frozenset(table["with_the"])
        for area, wordings in table["ministry"]["areas"].items():
            for wording in wordings:
                for pattern in table["ministry"]["patterns"]:
                    self._names.setdefault(pattern.format(area=wording), f"ministry:{area}")

    def forms(self) -> tuple[str, ...]:
        """All wordings of bodies, in lower case, without a state."""
        return tuple(self._names)

    def named(self, words: str) -> str | None:
        """Return the body named by a wording without a state ("foreign ministry" → ``ministry:foreign``)."""
        return self._names.get(fold(words).casefold().removeprefix("the "))

    def title(self, body: Body) -> str | None:
        """Return the standard title of a body ("Government of Peru"), if there is one."""
        pattern = self._titles.get(body.name)
        if not pattern or not body.state:
            return None
        name = bare_title(body.state)
        return pattern.format(state=f"the {name}" if name in self._with_the else name)

    def _parse(self, text: str) -> Body | None:
        """Return the body that a title or name refers to, with its state if given; None for other names."""
        text = text.removeprefix("the ").removeprefix("The ")
        whole = self.named(bare_title(text))
        if whole is not None:
            inside = bracket(text)
            state = self._owner(inside) if inside else None
            return Body(whole, state) if state or not inside else None
        return self._after(text) or self._before(text)

    def _owner(self, words: str) -> str | None:
        return self._gazetteer.state(words) or self._gazetteer.nationality(words, ethnic=True)

    def _after(self, text: str) -> Body | None:
        """ "parliament of Ghana": the state after the last "of"."""
        for cut in reversed(list(_OF.finditer(text))):
            name, state = self.named(text[: cut.start()]), self._owner(text[cut.end() :])
            if name and state:
                return Body(name, state)
        return None

    def _before(self, text: str) -> Body | None:
        """ "Saudi Arabian police", "Ghana's parliament": the state in the first words, longest first."""
        parts = text.split()
        for size in range(min(4, len(parts) - 1), 0, -1):
            owner = " ".join(parts[:size])
            state = self._owner(owner.removesuffix("'s").removesuffix("’s"))
            name = self.named(" ".join(parts[size:]))
            if state and name:
                return Body(name, state)
        return None
