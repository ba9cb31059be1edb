"""Collect the evidence for the items of an article and decide their classes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Token

from kg.facts import Kind
from kg.language.entities.classification import Classifier
from kg.language.entities.clues import Contexts
from kg.language.entities.inventory import Find, Inventory, Item
from kg.language.entities.mentions import best_finds, grouped
from kg.language.gazetteer.names import fold, is_proper, surname
from kg.language.parsing.plain import propositions_of
from kg.language.parsing.tokens import Words

LABELS = {
    "PER": "recogniser-person",
    "PERSON": "recogniser-person",
    "ORG": "recogniser-organisation",
    "LOC": "recogniser-place",
    "GPE": "recogniser-place",
    "FAC": "recogniser-place",
    "EVENT": "recogniser-event",
}
_COORDINATED = {Kind.PERSON: "coordinated-person", Kind.INSTITUTION: "coordinated-institution", Kind.PLACE: "coordinated-place"}
_BETWEEN = frozenset({",", "and", ", and", "or", "&", "-", "–", "/"})
_SURE = 4.5
_HEADED_SHARE = 0.5
_LISTED_SHARE = 0.5
_WHERE = frozenset({"in", "at", "to"})


class Weighing:
    """The evidence of one article: signs in the words around each find, and the recognizer's labels."""

    def __init__(self, inventory: Inventory, classifier: Classifier, contexts: Contexts, passages: Sequence[Words], docs: Sequence[Doc]):
        self._inventory, self._classifier, self._contexts = inventory, classifier, contexts
        self._passages = passages
        self._labels = [[(e.start_char, e.end_char, LABELS[e.label_]) for e in doc.ents if e.label_ in LABELS] for doc in docs]
        self._docs = docs
        self._acting = [frozenset(_acting(doc)) for doc in docs]
        self._counts = Counter(w for words in passages for w in words.folded)

    def labels(self, passage: int) -> list[tuple[int, int, str]]:
        """Return (first character, end, sign) of each name that the recognizer labels in a passage."""
        return self._labels[passage]

    def recognised(self, find: Find) -> Iterator[str]:
        """Return the signs of the recognizer's labels on the find."""
        return (label for start, end, label in self._labels[find.passage] if start < find.end and find.start < end)

    def _is_whole_organisation(self, find: Find) -> bool:
        """Whether the recognizer labels as an organisation exactly this name of several words, but for an article."""
        text = self._passages[find.passage].passage.text
        exact = (find.start, max(0, find.start - len("the ")))
        ends = [start for start, end, label in self._labels[find.passage] if end == find.end and label == "recogniser-organisation"]
        return " " in text[find.start : find.end] and any(start in exact for start in ends)

    def is_within_recognised(self, find: Find) -> bool:
        """Whether the recognizer labels the find as a whole, or as a part of a name."""
        return any(start <= find.start and find.end <= end for start, end, _ in self._labels[find.passage])

    def decide(self, keys: Iterable[str], finds: Iterable[Find]) -> None:
        """Set the kinds of the items by all evidence from their finds."""
        undecided = set(keys)
        by_passage = grouped(finds)
        where = [index for index in sorted(by_passage) if any(f.key in undecided for f in by_passage[index])]
        heads = {f: first for index in where for f, first in self._lists(by_passage[index])}
        by_key: dict[str, list[Find]] = defaultdict(list)
        for find in sorted(heads, key=lambda f: (f.passage, f.start, f.end)):
            by_key[find.key].append(find)
        for key in sorted(undecided):
            item = self._inventory.items[key]
            self._weigh(item, by_key[key], heads)
            item.kind = self._classifier.decide(item.clues, linked=item.page is not None)
        self._coordinate(undecided, heads)

    def _lists(self, finds: Iterable[Find]) -> Iterator[tuple[Find, Find]]:
        """Map every find to the first one of its list ("X, Y and Z")."""
        chain: list[Find] = []
        joints: set[str] = set()
        for find in best_finds(finds):
            text = self._passages[find.passage].passage.text
            joint = text[chain[-1].end : find.start].strip().removesuffix(" the") if chain else ""
            if chain and joint not in _BETWEEN:
                yield from _headed(chain, joints)
                chain, joints = [], set()
            elif chain:
                joints.add(joint)
            chain.append(find)
        yield from _headed(chain, joints)

    def _weigh(self, item: Item, finds: Sequence[Find], heads: dict[Find, Find]) -> None:
        item.clues = list(item.wording)
        if item.body is not None or any(c.source.startswith("gazetteer-") and c.weight > _SURE for c in item.clues):
            return
        sign = self._classifier.sign
        if item.page is not None and not item.uses["proper"] and not is_proper(item.key) and not item.clues:
            item.clues += sign("common-noun")
        if item.page is not None and any(c.source == "person-shape" for c in item.clues):
            item.clues += sign("linked-person-shape")
        shares: dict[str, float] = {}
        for name, share in (s for f in finds for s in self._signs(f, heads[f])):
            shares[name] = max(share, shares.get(name, 0.0))
        for name in sorted(shares):
            item.clues += sign(name, shares[name])
        headed = any(c.source.startswith("head:") for c in item.clues)
        labels = Counter(label for f in finds for label in self.recognised(f))
        for label in sorted(labels):
            item.clues += sign(label, labels[label] / len(finds) * (_HEADED_SHARE if headed else 1))
        whole = 0 if headed else sum(self._is_whole_organisation(f) for f in finds)
        if whole:
            item.clues += sign("recogniser-organisation-whole", whole / len(finds))
        family = fold(surname(item.key))
        if " " in item.key and any(c.source == "person-shape" for c in item.clues) and self._counts[family] > len(finds):
            item.clues += sign("surname-used")

    def _signs(self, find: Find, first: Find) -> Iterator[tuple[str, float]]:
        """Return (sign, share) for the context of a find; what precedes a list may not apply to everything that a comma joins to it."""
        words = self._passages[find.passage]
        inside = words.inside(find.start, find.end)
        if not inside or not self._written_as_name(find):
            return
        for sign in self._contexts.signs(words, *inside):
            yield sign, 1.0
        last = self._last(find)
        if last is not None and last.i in self._acting[find.passage]:
            yield "acts", 1.0
        if last is not None and last.tag_ == "NNPS" and words.lower[inside[0] - 1 : inside[0]] == ("the",):
            yield "plural-name", 1.0
        start = words.inside(first.start, first.end)
        if first is not find and start:
            for sign in self._contexts.before(words, start[0]):
                yield sign, _LISTED_SHARE if sign in _WHERE else 1.0
        if any(start <= find.start and find.end <= end for start, end in words.passage.italics):
            yield "italic", 1.0

    def _last(self, find: Find) -> Token | None:
        """Return the last word of a find, its head."""
        span = self._docs[find.passage].char_span(find.start, find.end, alignment_mode="expand")
        return span[-1] if span is not None and len(span) else None

    def _written_as_name(self, find: Find) -> bool:
        """Whether a find is written as a name, or as part of the name of a page ("the Foo guest house")."""
        text = self._passages[find.passage].passage.text[find.start : find.end]
        return is_proper(text) or (find.rule == "link" and text[:1].isupper() and is_proper(find.key))

    def _coordinate(self, keys: set[str], heads: dict[Find, Find]) -> None:
        """Give names next to decided ones in a list ("X, Y and Z") a clue from them; twice, so that it propagates."""
        pairs = [(a, b) for a, b in pairwise(heads) if a.passage == b.passage and heads[a] is heads[b]]
        for _ in range(2):
            for left, right in pairs:
                for one, other in ((left, right), (right, left)):
                    item, kind = self._inventory.items[one.key], self._inventory.items[other.key].kind
                    if one.key in keys and item.kind is not kind and kind in _COORDINATED and _open(item):
                        item.clues += self._classifier.sign(_COORDINATED[kind])
                        item.kind = self._classifier.decide(item.clues, linked=item.page is not None)


def _acting(doc: Doc) -> Iterator[int]:
    """Return the words for the agents of verbs: arguments 0, and subjects of active verbs."""
    yield from (token.i for token in doc if token.dep_ == "nsubj" and token.head.pos_ == "VERB")
    for proposition in propositions_of(doc):
        if doc[proposition.predicate].pos_ == "VERB":
            yield from (a.head for a in proposition.arguments if a.label == "ARG0")


def _headed(chain: Sequence[Find], joints: Collection[str]) -> Iterator[tuple[Find, Find]]:
    """Map each find of a chain to its first one, or to itself if only a comma joins two: "its envoy in Foo, Jane Bar," is not a list."""
    apposed = len(chain) == 2 and joints == {","}
    for find in chain:
        yield find, find if apposed else chain[0]


def _open(item: Item) -> bool:
    """Whether an item's class may still change: it has neither certain evidence nor a clue from a neighbour."""
    return all(c.weight < _SURE and not c.source.startswith("coordinated-") for c in item.clues if c.kind is not None)
