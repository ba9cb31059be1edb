"""Find the two states that an article on their relations is about, or a section on one of a state's relations."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.language.gazetteer.names import words
from kg.language.gazetteer.world import Gazetteer
from kg.wikitext.article import Article

_TITLE = re.compile(
    r"^(?P<a>.+?)(?:\s*[–—-]\s*|\s+and\s+)(?P<b>.+?) "
    r"(?:relations|conflict|dispute|war|wars|border|negotiations|dialogue|talks|crisis|standoff|agreement|treaty)\b",
    re.IGNORECASE,
)
_RELATIONS = re.compile(
    r"^(?:foreign|international|external|diplomatic|bilateral) (?:relations|policy|affairs) of (?:the )?(?P<of>.+)$", re.IGNORECASE
)
_AROUND = re.compile(
    r"^(?:bilateral )?(?:relations|ties) (?:with|between) (?:the )?|^the |(?<=\w) (?:bilateral )?(?:relations|ties)$|\s*\(.*\)$",
    re.IGNORECASE,
)
_LONGEST_HEADING = 40
_JOINTS = re.compile(r"\s*[–—/-]\s*|\s+and\s+(?:the )?")


def subject_pair(article: Article, gazetteer: Gazetteer) -> tuple[str, str] | None:
    """Return the keys of the two states, by the infobox of bilateral relations, else by the title; None for any other article."""
    if article.infobox is not None and "bilateral" in article.infobox.template.casefold():
        found = _states((value for _, value in article.infobox.fields), gazetteer)
        if len(found) >= 2:
            return found[0], found[1]
    title = _TITLE.match(article.title)
    if title is not None:
        sides = [gazetteer.state(title[name]) or gazetteer.nationality(title[name]) or gazetteer.prefix(title[name]) for name in ("a", "b")]
        if sides[0] and sides[1] and sides[0] != sides[1]:
            return sides[0], sides[1]
    return None


def relations_of(title: str) -> str | None:
    """Return the name in the title of an article on the relations of one state ("Foreign relations of X"), or None."""
    found = _RELATIONS.match(title)
    return found["of"] if found is not None else None


def section_sides(article: Article, gazetteer: Gazetteer) -> list[tuple[str, ...]]:
    """Return, for each passage, the two states whose relations it describes, or ().

    They are those of the article or, in an article on the foreign relations of one state, that state and the one in the heading.
    """
    pair = subject_pair(article, gazetteer)
    named = relations_of(article.title)
    own = gazetteer.state(named) if named and not pair else None
    if own is None:
        return [pair or () for _ in article.passages]
    found: list[tuple[str, ...]] = []
    section: tuple[str, ...] | None = None
    sides: tuple[str, ...] = ()
    for passage in article.passages:
        if passage.section != section:
            section = passage.section
            sides = next((s for h in reversed(section) if (s := _sides(h, own, gazetteer))), ())
        if _is_heading(passage.text):
            sides = _sides(passage.text, own, gazetteer)
        found.append(sides)
    return found


def _is_heading(text: str) -> bool:
    """Whether a line not marked up as a heading reads like one: few words, capitalized, without a full stop or colon."""
    return text[:1].isupper() and len(text) <= _LONGEST_HEADING and text[-1].isalnum()


def _sides(heading: str, own: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return a state and the other one in a heading: "Japan", "Relations with Japan", "Japan–Nepal relations", "Japan and Nepal"."""
    bare = _AROUND.sub("", heading).strip()
    named = [gazetteer.state(part) or gazetteer.nationality(part) for part in (bare, *_JOINTS.split(bare)) if part]
    others = {key for key in named if key is not None and key != own}
    return (own, others.pop()) if len(others) == 1 and (named[0] or all(named[1:])) else ()


def states_named(article: Article, gazetteer: Gazetteer) -> frozenset[str]:
    """Return the states in an article's title: "Foreign relations of Nepal", "Treaties of the Ottoman Empire"."""
    pair = subject_pair(article, gazetteer) or ()
    parts = words(article.title.replace("–", " "))
    pieces = [" ".join(parts[i : i + size]) for size in (1, 2, 3) for i in range(len(parts) - size + 1)]
    found = {gazetteer.state(piece) or gazetteer.nationality(piece) for piece in pieces}
    return frozenset(pair) | {key for key in found if key is not None}


def _states(values: Iterable[str], gazetteer: Gazetteer) -> list[str]:
    """Return the states given by infobox fields, or by a value of the form "A–B"."""
    found: list[str] = []
    for value in values:
        parts = [value.strip(), *re.split(r"\s*[–—-]\s*", value.strip())]
        for part in parts:
            key = gazetteer.state(part) or (gazetteer.nationality(part) if len(words(part)) <= 2 else None)
            if key and key not in found:
                found.append(key)
    return found


def states_in_title(title: str, gazetteer: Gazetteer) -> tuple[str, str] | None:
    """Return the two states that a title joins with a hyphen ("China–Nepal Border Treaty", "Anglo-Irish Agreement")."""
    found = re.search(r"(?P<a>[A-Z][\w' ]*?)\s*[–—-]\s*(?P<b>[A-Z]\w*(?: [A-Z]\w*)?)", title)
    if found is None:
        return None
    first = found["a"].split()
    lefts = [" ".join(first[i:]) for i in range(len(first))]
    rights = [found["b"], found["b"].split()[0]]
    left = next((k for w in lefts if (k := gazetteer.state(w) or gazetteer.nationality(w) or gazetteer.prefix(w))), None)
    right = next((k for w in rights if (k := gazetteer.state(w) or gazetteer.nationality(w))), None)
    return (left, right) if left and right and left != right else None
