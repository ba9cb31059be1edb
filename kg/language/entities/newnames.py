"""Make items of unlinked names, or match them with known items as further forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Doc

from kg.facts import Kind
from kg.language.entities.inventory import Find, Inventory, Item, matches_initials, ordered, shares_initials
from kg.language.entities.mentions import best_finds, grouped
from kg.language.entities.recognised_names import name_ranges, reconciled
from kg.language.entities.scanners import RECOGNISED
from kg.language.entities.unlinked import CapitalizedRun, RunFinder
from kg.language.entities.weighing import Weighing
from kg.language.gazetteer.names import bare_title, fold, is_acronym, loose, surname
from kg.language.gazetteer.names import words as words_of
from kg.language.parsing.tokens import Words

_ABBREVIATED = frozenset({Kind.INSTITUTION, Kind.AGREEMENT, Kind.EVENT})
_ADJECTIVAL = ("an", "ese", "ish", "ic", "ite", "ine", "i")
_SHAPES = frozenset({"person-shape", "one-word-shape", "gazetteer-village", "gazetteer-city", "gazetteer-city-name", "common-words"})
_SOFT_RULES = frozenset({"nationality", "citizens", "gazetteer", "capital", "people"})


class NewNames:
    """Turns the runs of one article into finds."""

    def __init__(self, inventory: Inventory, runs: RunFinder, weighing: Weighing, passages: Sequence[Words], docs: Sequence[Doc]):
        self._inventory, self._runs, self._weighing = inventory, runs, weighing
        self._passages, self._docs = passages, docs
        self._surnames: dict[str, list[str]] = {}
        self._acronyms: dict[str, str] = {}
        self._small = {w for words in passages for w in words.folded if w[:1].islower()}
        self._peoples = {text for text in {t for words in passages for t in words.texts} if inventory.gazetteer.is_people(text)}

    def finds(self, known: Sequence[Find]) -> list[Find]:
        """Return finds of the names that ``known`` finds leave over; add the items that they need, with their classes."""
        by_passage = grouped(known)
        pairs = zip(self._passages, self._docs, strict=True)
        runs = [run for words, doc in pairs for run in self._passage_runs(words, doc, by_passage[words.passage.index])]
        runs = [run for run in runs if not self._is_adjective(run)]
        trusted = {run.text for run in runs if not run.opening}
        runs = [run for run in runs if (run.text in trusted or self._recognised(run)) and not self._describes(run, by_passage[run.passage])]
        long = [run for run in runs if run.end - run.start > 1]
        found = [f for run in long for f in self._named(run, by_passage[run.passage])]
        self._weighing.decide({f.key for f in found if self._inventory.items[f.key].kind is None}, [*known, *found])
        self._surnames = self._people()
        short = [f for run in runs if run.end - run.start == 1 for f in self._named(run, by_passage[run.passage])]
        new = {f.key for f in (*found, *short) if f.rule == "recognised"}
        self._weighing.decide(new, [*known, *found, *short])
        return [*found, *short]

    def _is_adjective(self, run: CapitalizedRun) -> bool:
        """Whether a single word is an adjective before a common noun: "Westphalian sovereignty"."""
        words = self._passages[run.passage]
        if run.end - run.start > 1 or not words.lower[run.end : run.end + 1] or not words.lower[run.start].endswith(_ADJECTIVAL):
            return False
        span = self._docs[run.passage].char_span(words.starts[run.start], words.ends[run.end - 1])
        return span is not None and (span[-1].pos_ == "ADJ" or span[-1].dep_ == "amod") and words.texts[run.end][0].islower()

    def _people(self) -> dict[str, list[str]]:
        """Return the keys of the persons known by now, by surname."""
        people: dict[str, list[str]] = defaultdict(list)
        for item in ordered(self._inventory.items.values()):
            if item.kind is Kind.PERSON:
                people[loose(surname(item.key))].append(item.key)
        return people

    def _passage_runs(self, words: Words, doc: Doc, finds: Iterable[Find]) -> list[CapitalizedRun]:
        fixed: set[int] = set()
        soft = {i for i, text in enumerate(words.texts) if text in self._peoples}
        for find in best_finds(finds):
            inside = words.inside(find.start, find.end)
            if inside:
                (soft if self._is_soft(find) else fixed).update(range(*inside))
        runs = list(self._runs.runs(words, doc, fixed, soft))
        labels = self._weighing.labels(words.passage.index)
        spans = list(name_ranges(words, labels, self._runs.titles, fixed, self._runs.loose(words, soft)))
        return reconciled(words, runs, spans, self._is_class_headed)

    def _is_class_headed(self, text: str) -> bool:
        """Whether a noun for a class heads a name: "Ministry of Trade and Industry"."""
        return any(c.source.startswith("head:") for c in self._inventory.classifier.title(text))

    def _is_soft(self, find: Find) -> bool:
        """Whether a find is of a state, capital or nationality word, which may be part of a longer name ("Bank of Ghana")."""
        wording = self._inventory.items[find.key].wording
        known = any(c.source in ("gazetteer-state", "gazetteer-capital", "gazetteer-territory") for c in wording)
        return find.rule in _SOFT_RULES or (find.rule != "link" and known)

    def _recognised(self, run: CapitalizedRun) -> bool:
        return self._weighing.is_within_recognised(self._find(run, "", ""))

    def _describes(self, run: CapitalizedRun, finds: Iterable[Find]) -> bool:
        """ "Finland's grid operator, Fingrid": a description before a comma and a name is not a name itself."""
        words = self._passages[run.passage]
        if words.lower[run.end : run.end + 1] != (",",) or words.lower[run.start - 1 : run.start] not in (("'s",), ("a",), ("an",)):
            return False
        end = words.ends[run.end]
        return any(f.rule not in _SOFT_RULES and words.passage.text[end : f.start].strip() == "" for f in finds if f.start >= end)

    def _named(self, run: CapitalizedRun, finds: Iterable[Find]) -> Iterator[Find]:
        """Match, create or skip the candidate of a run."""
        key, rule = self._other_form(run, finds)
        if key is None and (not self._is_bare(run.text) or (" " in run.text and not self._headed(run.text))):
            item = self._inventory.add(run.text, page=False)
            if not item.uses["link"] and self._is_ordinary(item):
                item.wording += self._inventory.classifier.sign("common-words")
            key, rule = item.key, "recognised"
        if key is None:
            return
        if rule != "head":
            self._inventory.items[key].forms.setdefault(run.text, rule)
        acronym = self._bracketed(run)
        if acronym is not None:
            self._inventory.items[key].forms.setdefault(acronym, "acronym")
            self._acronyms[acronym] = key
        yield self._find(run, key, rule)

    def _is_ordinary(self, item: Item) -> bool:
        """Whether only its shape makes a text a name, and the article also writes all its words in lower case."""
        parts = [fold(w).casefold() for w in words_of(item.key)]
        shaped = all(c.source in _SHAPES for c in item.wording)
        return shaped and "common-words" not in {c.source for c in item.wording} and all(p in self._small for p in parts)

    def _find(self, run: CapitalizedRun, key: str, rule: str) -> Find:
        words = self._passages[run.passage]
        return Find(run.passage, words.starts[run.start], words.ends[run.end - 1], key, rule, RECOGNISED)

    def _other_form(self, run: CapitalizedRun, finds: Iterable[Find]) -> tuple[str | None, str]:
        abbreviated = self._abbreviated(run, finds)
        if abbreviated is not None:
            self._inventory.alias(run.text, abbreviated)
            return abbreviated, "alias"
        if run.text in self._acronyms:
            return self._acronyms[run.text], "acronym"
        if self._is_bare(run.text):
            owners = self._headed(run.text)
            return (owners[0] if len(owners) == 1 else None), "head"
        people = self._surnames.get(loose(run.text), [])
        return (people[0] if len(people) == 1 else None), "surname"

    def _bracketed(self, run: CapitalizedRun) -> str | None:
        """Return the acronym in brackets immediately after a run, if its letters are the initials of the run's words."""
        words = self._passages[run.passage]
        behind = words.texts[run.end : run.end + 3]
        if len(behind) < 3 or behind[0] != "(" or behind[2] != ")" or not is_acronym(behind[1]) or " " not in run.text:
            return None
        return behind[1] if shares_initials(behind[1], run.text) else None

    def _abbreviated(self, run: CapitalizedRun, finds: Iterable[Find]) -> str | None:
        """Return the item whose acronym immediately follows the name: "Economic Community of West African States (ECOWAS)"."""
        words = self._passages[run.passage]
        end = words.ends[run.end - 1]
        for find in finds:
            text = words.passage.text[find.start : find.end]
            adjacent = find.start > end and words.passage.text[end : find.start] in (" (", ", ")
            if adjacent and is_acronym(text) and matches_initials(text, run.text):
                return find.key
        return None

    def _is_bare(self, text: str) -> bool:
        """Whether a capitalized text is not a name but a noun for a body or class: "Parliament", "Foreign Ministry", "Commission"."""
        return self._inventory.bodies.named(text) is not None or (" " not in text and self._inventory.classifier.heads(text))

    def _headed(self, text: str) -> list[str]:
        """Return the items of the article that a bare noun for a body or class may refer to."""
        body = self._inventory.bodies.named(text)
        if body is not None:
            return sorted(i.key for i in self._inventory.items.values() if i.body is not None and i.body.name == body)
        things = [i for i in self._inventory.items.values() if i.kind not in (None, Kind.PERSON, Kind.STATE)]
        return sorted(i.key for i in things if self._heads_title(i, text))

    @staticmethod
    def _heads_title(item: Item, text: str) -> bool:
        return " " in bare_title(item.key) and any(c.source == f"head:{fold(text).casefold()}" for c in item.wording)


def new_acronyms(inventory: Inventory, passages: Sequence[Words]) -> None:
    """Give items the acronyms in brackets after them: "the Truth Commission (TC)"."""
    by_form: dict[str, set[str]] = defaultdict(set)
    for item in inventory.items.values():
        for form in item.forms:
            by_form[form].add(item.key)
    for words in passages:
        for i in range(2, len(words.texts) - 1):
            acronym = words.texts[i]
            if words.texts[i - 1] == "(" and words.texts[i + 1] == ")" and is_acronym(acronym):
                before = words.passage.text[: words.ends[i - 2]]
                forms = [form for form in by_form if before.endswith(form) and matches_initials(acronym, form)]
                owners = {key for form in forms for key in by_form[form]}
                linked = _linked_before(inventory, words, i - 2, acronym)
                if len(owners) == 1 or linked is not None:
                    inventory.items[owners.pop() if len(owners) == 1 else str(linked)].forms[acronym] = "acronym"


def _linked_before(inventory: Inventory, words: Words, at: int, acronym: str) -> str | None:
    """Return the body, agreement or event whose link ends with the word ``at``: a bracket after it contains its acronym, in any
    language."""
    target = next((link.target for link in words.passage.links if link.end == words.ends[at]), None)
    if target is None or inventory.gazetteer.named(acronym) is not None:
        return None
    item = inventory.add(target, page=True)
    return item.key if inventory.classifier.preliminary(item.wording) in _ABBREVIATED else None
