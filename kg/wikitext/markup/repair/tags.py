"""Balance comments, tags and references."""

from __future__ import annotations

import re
from itertools import islice

from kg.wikitext.knowledge import known_tags, words
from kg.wikitext.markup.repair.open_markup import STRONG, Mask, implied
from kg.wikitext.markup.repair.signs import ANGLE, INSIDE
from kg.wikitext.markup.repair.unclosed_markup import UnclosedMarkup, line_end

_INCLUDED = re.compile(rf"<includeonly\s*+>.*?</includeonly\s*+>|{INSIDE}", re.IGNORECASE)
_NEXT_REF = re.compile(r"<ref(?=[\s>])[^<>]*(?<!/)>|</ref", re.IGNORECASE)
_FAR = 5000


class Tags(UnclosedMarkup):
    """Handles the signs of comments, tags and references."""

    def __init__(self, text: str, repairing: bool = False) -> None:
        super().__init__(text, repairing)
        self._never_closed: set[str] = set()

    def _comment(self, match: re.Match[str]) -> int:
        end = self.text.find("-->", match.end()) if "comment" not in self._never_closed else -1
        if end >= 0:
            return end + 3
        self._never_closed.add("comment")
        end = line_end(self.text, match.end())
        if self._nearest("ref", through=STRONG) >= 0 and (closing := _NEXT_REF.search(self.text, match.end(), end)):
            end = closing.start()
        self._put(end, "-->", "comment not closed")
        return end

    def _tag(self, match: re.Match[str]) -> int | None:
        name = match["name"].lower()
        if name not in known_tags():
            self.masks.append(Mask(match.start(), match.start() + 1))
            return match.start() + 1
        attributes = match["tag"]
        if attributes:
            self._tidy(attributes, match.start("tag"))
        if attributes.endswith("/") or name in words("tags", "void"):
            return None
        if name == "ref" and attributes.rstrip().endswith("/"):  # "<ref name=a / >", which ends itself for whoever wrote it
            slash, last = match.start("tag") + attributes.rindex("/"), match.end("tag") - 1
            self.masks += (Mask(slash, slash + 1, " "), Mask(last, last + 1, "/"))
            return None
        if name in words("tags", "opaque"):
            return self._opaque(name, match)
        if name == "ref":
            self._ref(match)
            return None
        if name in implied():
            self._end_implied(name, match.start())
        self._push("tag", match, name)
        return None

    def _tidy(self, attributes: str, start: int) -> None:
        """Mask what mwparserfromhell does not accept in a tag: line breaks, and an odd number of quotation marks."""
        if "<" in attributes:
            self.masks += (Mask(start + m.start(), start + m.end(), " ") for m in _INCLUDED.finditer(attributes))
            attributes = _INCLUDED.sub(lambda m: " " * len(m.group()), attributes)
            self.masks += (Mask(start + m.start(), start + m.end()) for m in ANGLE.finditer(attributes))
        if "\n" in attributes:
            self.masks += (Mask(start + m.start(), start + m.end(), " ") for m in re.finditer(r"\n", attributes))
        for mark in "\"'":
            if attributes.count(mark) % 2:
                self.masks += (Mask(start + m.start(), start + m.end()) for m in re.finditer(mark, attributes))

    def _opaque(self, name: str, match: re.Match[str]) -> int | None:
        """Handle a tag whose content is not markup."""
        closing = None if name in self._never_closed else re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.text, match.end())
        if closing:
            return closing.end()
        self._never_closed.add(name)
        self.masks.append(Mask(match.start(), match.start() + 1))
        return None

    def _end_implied(self, name: str, at: int) -> None:
        """End the elements that a tag ends implicitly, as ``<li>`` ends the previous item."""
        ended, within = implied()[name]
        lowest = None
        for i in range(len(self._open) - 1, -1, -1):
            opened = self._open[i]
            if opened.kind in STRONG or opened.name in within:
                break
            if opened.name in ended:
                lowest = i
        if lowest is not None:
            self._discard(lowest, at)

    def _end_tag(self, match: re.Match[str]) -> None:
        name = match["cut"].lower()
        if name == "ref":
            self._closed_ref(match)
        elif name not in words("tags", "void") and not self._too_deep(name, match.start(), match.start() + 1):
            index = self._nearest("tag", name) if name in known_tags() else -1
            if index < 0:
                self.masks.append(Mask(match.start(), match.start() + 1))
            else:
                self._discard(index + 1, match.start())
                self._open.pop()

    def _cut_tag(self, match: re.Match[str]) -> int:
        if match["cut"].lower() == "ref":
            self._put(match.end("cut"), ">", "reference not closed")
            self._closed_ref(match)
        else:
            self.masks.append(Mask(match.start(), match.start() + 1))
        return match.end("cut")

    def _angle(self, match: re.Match[str]) -> None:
        self.masks.append(Mask(match.start(), match.end()))

    def _ref(self, match: re.Match[str]) -> None:
        if self.repairing and self._inside("ref") and not self._nested(match.end()):
            self._close_ref(match.start())
        self._push("ref", match)

    def _nested(self, end: int) -> bool:
        """Whether the reference that opens before ``end`` and the one around it are both closed before the next opens."""
        following = [m.group().lower() for m in islice(_NEXT_REF.finditer(self.text, end, end + _FAR), 2)]
        return following == ["</ref", "</ref"]

    def _closed_ref(self, match: re.Match[str]) -> None:
        if self._too_deep("ref", match.start(), match.start() + 1):
            return
        index = self._nearest("ref", through=STRONG if self.repairing else frozenset())
        if index < 0:
            self.masks.append(Mask(match.start(), match.start() + 1))
            return
        while len(self._open) > index + 1:
            self._give_up(match.start())
        self._open.pop()
