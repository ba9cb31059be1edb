"""Gathers the evidence for every item of an article, adds the names that are written out but never linked, and decides the classes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Doc

from kg.facts import Kind
from kg.language.classes import Classifier
from kg.language.contexts import Contexts
from kg.language.inventory import Find, Inventory, Item, ordered
from kg.language.mentions import best_finds
from kg.language.names import is_proper, loose, surname
from kg.language.scan import RECOGNISED
from kg.language.tokens import Words
from kg.language.unlinked import Run, RunFinder

_LABELS = {
    "PER": "recogniser-person", "PERSON": "recogniser-person",
    "ORG": "recogniser-organisation",
    "LOC": "recogniser-place", "GPE": "recogniser-place", "FAC": "recogniser-place",
    "EVENT": "recogniser-event",
}  # fmt: skip
_COORDINATED = {Kind.PERSON: "coordinated-person", Kind.INSTITUTION: "coordinated-institution", Kind.PLACE: "coordinated-place"}
_ONCE = frozenset({"quoted", "in", "at", "captured", "by-agent", "says"})


class Weighing:
    """One article's evidence."""

    def __init__(
        self,
        inventory: Inventory,
        classifier: Classifier,
        contexts: Contexts,
        runs: RunFinder,
        passages: Sequence[Words],
        docs: Sequence[Doc],
    ):
        self._inventory, self._classifier, self._contexts, self._runs = inventory, classifier, contexts, runs
        self._passages, self._docs = passages, docs

    def new_names(self, finds: Iterable[Find]) -> list[Find]:
        """Finds of names that nothing has found so far; adds their items."""
        by_passage: dict[int, list[Find]] = defaultdict(list)
        for find in finds:
            by_passage[find.passage].append(find)
        runs = [run for words, doc in zip(self._passages, self._docs, strict=True) for run in self._passage_runs(words, doc, by_passage[words.passage.index])]
        inner = {run.text for run in runs if not run.opening}
        new = []
        for run in runs:
            words = self._passages[run.passage]
            if not run.opening or run.text in inner or self._recognised(run, words):
                item = self._inventory.add(run.text, page=False)
                item.forms.setdefault(run.text, "recognised")
                new.append(Find(run.passage, words.starts[run.start], words.ends[run.end - 1], item.key, "recognised", RECOGNISED))
        return new

    def _passage_runs(self, words: Words, doc: Doc, finds: Iterable[Find]) -> Iterator[Run]:
        fixed: set[int] = set()
        soft: set[int] = set()
        for find in best_finds(finds):
            inside = words.inside(find.start, find.end)
            if inside:
                (soft if find.rule in ("nationality", "gazetteer", "capital") else fixed).update(range(*inside))
        return self._runs.runs(words, doc, fixed, soft)

    def _recognised(self, run: Run, words: Words) -> bool:
        start, end = words.starts[run.start], words.ends[run.end - 1]
        return any(e.start_char <= start and end <= e.end_char and e.label_ in _LABELS for e in self._docs[run.passage].ents)

    def decide(self, finds: Sequence[Find]) -> None:
        """Sets the kind of every item by all that is seen of it."""
        by_key: dict[str, list[Find]] = defaultdict(list)
        for find in finds:
            by_key[find.key].append(find)
        surnames = Counter(w for words in self._passages for w in words.folded)
        for item in ordered(self._inventory.items.values()):
            self._weigh(item, by_key[item.key], surnames)
            item.kind = self._classifier.decide(item.clues)
        self._coordinate(finds)

    def _weigh(self, item: Item, finds: Sequence[Find], surnames: Counter[str]) -> None:
        if any(c.source.startswith("gazetteer-") and c.weight > 2.5 for c in item.clues) or item.body is not None:
            return
        if item.page is not None and not item.uses["proper"] and not is_proper(item.key) and not item.clues:
            item.clues += self._classifier.sign("common-noun")
        if item.page is not None and any(c.source == "person-shape" for c in item.clues):
            item.clues += self._classifier.sign("linked-person-shape")
        signs = Counter(s for f in finds for s in self._signs(f))
        for sign in sorted(signs):
            item.clues += self._classifier.sign(sign)
        self._weigh_recognised(item, finds)
        family = surname(item.key)
        if family != item.key and " " in item.key and surnames[loose(family).capitalize()] > len(finds):
            item.clues += self._classifier.sign("surname-used")

    def _signs(self, find: Find) -> Iterator[str]:
        words = self._passages[find.passage]
        inside = words.inside(find.start, find.end)
        if inside and is_proper(words.passage.text[find.start : find.end]):
            yield from self._contexts.signs(words, *inside)
            if any(start <= find.start and find.end <= end for start, end in words.passage.italics):
                yield "italic"

    def _weigh_recognised(self, item: Item, finds: Sequence[Find]) -> None:
        labels: Counter[str] = Counter()
        for find in finds:
            for ent in self._docs[find.passage].ents:
                if ent.start_char < find.end and find.start < ent.end_char and ent.label_ in _LABELS:
                    labels[_LABELS[ent.label_]] += 1
        for label in sorted(labels):
            item.clues += self._classifier.sign(label, labels[label] / max(1, len(finds)))

    def _coordinate(self, finds: Sequence[Find]) -> None:
        """Undecided names beside decided ones in a list ("X, Y and Z") take a clue from them, twice over."""
        for _ in range(2):
            for left, right in self._neighbours(finds):
                for one, other in ((left, right), (right, left)):
                    item, kind = self._inventory.items[one.key], self._inventory.items[other.key].kind
                    if item.kind is None and kind in _COORDINATED:
                        item.clues += self._classifier.sign(_COORDINATED[kind])
                        item.kind = self._classifier.decide(item.clues)

    def _neighbours(self, finds: Sequence[Find]) -> Iterator[tuple[Find, Find]]:
        by_passage: dict[int, list[Find]] = defaultdict(list)
        for find in finds:
            by_passage[find.passage].append(find)
        for index in sorted(by_passage):
            ranged = best_finds(by_passage[index])
            text = self._passages[index].passage.text
            for left, right in zip(ranged, ranged[1:], strict=False):
                if text[left.end : right.start].strip() in (",", "and", ", and", "or", "&"):
                    yield left, right
