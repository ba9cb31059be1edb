"""Collect the entities that an article may mention, before parsing: links, gazetteer names, public bodies and acronyms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from kg.facts import Kind
from kg.language.entities.classification import Classifier, Clue
from kg.language.gazetteer.bodies import Bodies, Body
from kg.language.gazetteer.names import bare_title, bracket, fold, initials, is_acronym, is_proper, loose, name_words
from kg.language.gazetteer.world import Gazetteer
from kg.language.parsing.tokens import Words
from kg.wikitext.article import Article


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return the expressions for titles made of a known word and a name, by the lists of ``knowledge/names.toml``."""
    sides, talks = (_choice(name_words(group)) for group in ("sides", "negotiations"))
    sorts, adjectives = _choice(name_words("place_types")), _choice(name_words("place_adjectives"))
    return {
        "side": re.compile(rf"^(?P<side>{sides})(?:ern)? (?P<whole>[A-Z].+)$", re.IGNORECASE),
        "talks": re.compile(rf"^(?P<a>.+?)(?:\s*[–-]\s*| and )(?P<b>.+?) (?P<noun>{talks})$", re.IGNORECASE),
        "sort-of": re.compile(rf"^(?:(?:{adjectives}) )*(?:{sorts}) of (?:the )?(?P<name>[A-Z].*)$"),
        "sort": re.compile(rf"^(?P<name>[A-Z].*?) (?:(?:{adjectives}) )*(?:{sorts})$"),
        "fate": re.compile(rf"^(?:{_choice(name_words('fates'))}) of (?P<name>.+)$"),
        "state": re.compile(r"^(?P<name>.+) of (?:the )?(?P<state>[A-Z].*)$"),
    }


def _choice(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


@dataclass(slots=True)
class Item:
    """What is collected of one possible entity. ``forms`` maps each spelling to the rule that found it, ``wording`` has the clues in
    its title alone, ``clues`` all of them."""

    key: str
    page: str | None = None
    forms: dict[str, str] = field(default_factory=dict)
    wording: list[Clue] = field(default_factory=list)
    clues: list[Clue] = field(default_factory=list)
    kind: Kind | None = None
    body: Body | None = None
    uses: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Find:
    """The span ``start:end`` of a passage names the item ``key``, according to ``rule``; of overlapping finds, the lowest ``rank`` wins."""

    passage: int
    start: int
    end: int
    key: str
    rule: str
    rank: int
    attributive: bool = False


class Inventory:
    """The items of one article by key. Names that differ only in spelling, or name the same body of the same state, are one item."""

    def __init__(self, article: Article, gazetteer: Gazetteer, bodies: Bodies, classifier: Classifier):
        self.article = article
        self.gazetteer, self.bodies, self.classifier = gazetteer, bodies, classifier
        self.items: dict[str, Item] = {}
        self._redirects = dict(article.redirects)
        self._signatures: dict[object, str] = {}

    def signature(self, name: str) -> object:
        """Return what two names of the same entity have in common."""
        body = self.bodies.parse(name)
        if body is not None and body.state is not None:
            return body
        part = _patterns()["side"].match(name)
        if part is not None and self.gazetteer.named(name) is None:
            return ("part", part["side"].casefold(), loose(part["whole"]))
        pair = _patterns()["talks"].match(name)
        if pair:
            sides = [self._side(pair["a"]), self._side(pair["b"])]
            if all(sides):
                return ("negotiations", frozenset(sides))
        people = self.gazetteer.group(name)
        if people is not None and self.gazetteer.named(name) is None:
            return ("known", people)
        if self.gazetteer.seat_of(name):
            return ("seat", loose(bare_title(name)))
        entry = self.gazetteer.named(name) or (None if bracket(name) or "," in name else self.gazetteer.named(bare_title(name)))
        return ("known", entry.key) if entry is not None else ("name", loose(self.expand(name)))

    def _side(self, name: str) -> str | None:
        seats = [key for key in self.gazetteer.seat_of(name) if self.gazetteer.entries[key].kind is Kind.STATE]
        return self.gazetteer.state(name) or (seats[0] if seats else None)

    def expand(self, name: str) -> str:
        """Expand a short form of a state or organization at the start of a name: "UN Assembly" → "United Nations Assembly"."""
        first, space, rest = name.partition(" ")
        entry = self.gazetteer.named(first) if space and is_acronym(first) else None
        return f"{bare_title(entry.key)} {rest}" if entry else name

    def add(self, name: str, page: bool) -> Item:
        """Return the item for a page title (``page``) or an unlinked name, creating it if necessary."""
        name = self._redirects.get(name, name)
        signature = self.signature(name)
        key = self._signatures.get(signature)
        if key is None:
            key = self._new_key(name, signature, page)
            self._signatures[signature] = key
            self.items[key] = self._new_item(key, name, signature)
        item = self.items[key]
        if page and item.page is None:
            item.page = key if self.gazetteer.named(key) else name
        item.forms.setdefault(name, "title")
        return item

    def _new_key(self, name: str, signature: object, page: bool) -> str:
        if isinstance(signature, tuple) and signature[0] == "known":
            return str(signature[1])
        if isinstance(signature, Body) and not page:
            return self.bodies.title(signature) or name
        return name

    def _new_item(self, key: str, name: str, signature: object) -> Item:
        body = signature if isinstance(signature, Body) else None
        clues = self.classifier.title(name)
        item = Item(key=key, wording=clues, clues=list(clues), body=body)
        entry = self.gazetteer.entries.get(key)
        for form in (key, bare_title(key), *(entry.forms if entry is not None else ())):
            item.forms.setdefault(form, "title" if entry is None else "gazetteer")
        return item

    def is_office(self, text: str) -> bool:
        """Whether a text is worded as an office ("Minister of Foreign Affairs"), which names no institution even if it links to one."""
        return self.classifier.kind_of_title(text) is Kind.OFFICE

    def alias(self, form: str, key: str) -> None:
        """Add a signature to an item: later names with it are the same item."""
        self._signatures.setdefault(self.signature(form), key)


def link_finds(inventory: Inventory, passages: Sequence[Words], titles: Collection[str] = frozenset()) -> Iterator[Find]:
    """Return a find for every link in the passages; the text of a link becomes a form of its page if it is written as a name.

    A link from a person's name to a page on an event in that person's life names the person. ``titles`` are words before a person's
    name that are not part of it ("[[William II of the Netherlands|King William II]]").
    """
    for words in passages:
        for link in words.passage.links:
            text = words.passage.text[link.start : link.end].strip()
            if not text or not link.target:
                continue
            start = link.start + _title_length(text, link.target, titles, inventory.gazetteer)
            text = text[start - link.start :]
            fate = _patterns()["fate"].match(link.target)
            if fate is not None and fate["name"] == text:
                yield Find(words.passage.index, start, link.end, inventory.add(text, page=False).key, "link", 0)
                continue
            item = inventory.add(link.target, page=True)
            item.uses["link"] += 1
            item.uses["proper" if is_proper(text) else "common"] += 1
            if (is_proper(text) or (any(c.isdigit() for c in text) and " " in text)) and not inventory.is_office(text):
                item.forms.setdefault(text, "link")
            yield Find(words.passage.index, start, link.end, item.key, "link", 0)


def _title_length(text: str, target: str, titles: Collection[str], gazetteer: Gazetteer) -> int:
    """Return how many characters of a link's text are a title before a person's name that the page's title lacks."""
    parts, named = text.split(" "), {fold(w).casefold() for w in target.split()}
    count = 0
    while count + 1 < len(parts) and (fold(parts[count]).casefold() in titles or (gazetteer.nationality(parts[count]) and not count)):
        count += 1
    before = {fold(w).casefold() for w in parts[:count]}
    named_so = parts[count][:1].isupper() and fold(parts[-1]).casefold() in named
    person = count and any(w in titles for w in before) and named_so and not before & (named | name_words("styles"))
    return len(" ".join(parts[:count])) + 1 if person else 0


def short_forms(item: Item, gazetteer: Gazetteer) -> Iterator[tuple[str, str]]:
    """Return short forms of an institution, agreement, place or event: without its state, without the noun for its kind of place."""
    title = bare_title(item.key)
    cut = _patterns()["state"].match(title)
    if cut and " " in cut["name"] and gazetteer.state(cut["state"]) and is_proper(cut["name"]):
        yield cut["name"], "without-state"
    side = _patterns()["side"].match(title)
    if side and gazetteer.named(title) is None:
        for word in (side["side"].casefold(), f"{side['side'].casefold()}ern"):
            yield f"{word} {side['whole']}", "part"
    place = any(c.kind is Kind.PLACE for c in item.wording) and not any(c.kind is Kind.INSTITUTION for c in item.wording)
    for name in ("sort-of", "sort") if place else ():
        part = _patterns()[name].match(title)
        if part:
            yield part["name"], "place"


def acronyms(inventory: Inventory, passages: Sequence[Words]) -> None:
    """Add to items the acronyms used in the article: the initials of a title, if only one item has them."""
    used = {w for w in {w for words in passages for w in words.folded} if len(w) > 2 and is_acronym(w)}
    owners: dict[str, set[str]] = defaultdict(set)
    for item in inventory.items.values():
        if item.page is not None and " " in item.key and not inventory.gazetteer.state(item.key):
            for form in (item.key, *item.forms):
                if is_proper(form) and not is_acronym(form):
                    owners[initials(form)].add(item.key)
                    owners[initials(form, small=True)].add(item.key)
    for acronym in sorted(used):
        if len(owners.get(acronym, ())) == 1:
            inventory.items[next(iter(owners[acronym]))].forms.setdefault(acronym, "acronym")


def matches_initials(acronym: str, name: str) -> bool:
    """Whether an acronym abbreviates a name: its letters are the initials of the name's words, with or without small words."""
    letters = "".join(c for c in fold(acronym).upper() if c.isalpha())
    return len(letters) > 1 and letters in (initials(name), initials(name, small=True))


def shares_initials(acronym: str, name: str) -> bool:
    """Whether most letters of an acronym begin words of a name, in any order: acronyms often come from another language."""
    letters = [c for c in fold(acronym).upper() if c.isalpha()]
    left = list(initials(name, small=True))
    shared = 0
    for letter in letters:
        if letter in left:
            left.remove(letter)
            shared += 1
    return len(letters) > 1 and shared >= len(letters) * 2 / 3


def ordered(items: Iterable[Item]) -> list[Item]:
    """Return the items in an order that does not depend on how they were found."""
    return sorted(items, key=lambda item: item.key)
