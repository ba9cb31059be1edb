"""Score a graph against gold files.

Figures, all from 0 to 1 (P precision, R recall, F their harmonic mean):

statements   events that are right as a whole: category, every role that the gold demands and no other actor, recipient or mediator,
             the stated date, the modality; what a reader takes for one true statement
facts        all parts of events together: category, roles, stated date, modality other than asserted
events       an event in the right sentence with an accepted category; optional gold entries neither gain nor lose
roles        actor, recipient, mediator, about and place of all events, found or not
dates        share of found events with a stated date whose ``ent:date`` is exactly that date
placed       share of found events with an inferred date whose earliest and latest day meet it and span at most two years
modality     share of found events with the right modality
quotes       share of found events with a quotation whose ``ent:quote`` holds it
cites        share of the references of found events that the event cites
entities     an entity with one of the gold names and the gold class; a second node for the same entity is an error
agreements   agreements found, by name or by date and parties; ``terms`` are their parties, mediators, date and place
tenures      holder, office and organisation all right
single       share of the graph's events that tell no act which another of its events tells: a second one has the passage, category and
             trigger of an event of the gold that is paired already

``tests/evaluation/ANNOTATION.md`` says what a gold file holds.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.evaluation.article_graph import ROLES, LoadedDump, ScoredArticle, Values
from kg.evaluation.comparison import Comparison, Verdict
from kg.evaluation.gold import Gold, GoldNames, accepted_dates, is_demanded, role_names, stated_dates
from kg.evaluation.normalization import folded, squeezed
from kg.evaluation.tally import ScoreTally
from kg.evaluation.term_score import TermScorer

_OPEN_ROLES = ("about", "place")
"""Roles that can be described in more ways than the gold lists: a filler that it does not name is no error."""


def compare(gold: Gold, dump: LoadedDump) -> Comparison:
    """Compare the graph of an article with its annotation."""
    graph, tally = ScoredArticle(dump, gold["article"]), ScoreTally()
    scorer = _Scorer(gold, graph, tally)
    scorer.entities()
    scorer.events()
    terms = TermScorer(gold, graph, tally)
    return Comparison(tally, tuple(scorer.verdicts), tuple(scorer.missed), terms.agreements(), terms.tenures())


def code(iri: str) -> str:
    """Return the local name of a category or modality."""
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


class _Scorer:
    """Scores the entities and events of one article."""

    def __init__(self, gold: Gold, graph: ScoredArticle, tally: ScoreTally) -> None:
        self.gold, self.graph, self.tally = gold, graph, tally
        self.verdicts: list[Verdict] = []
        self.missed: list[str] = []
        self.names = GoldNames(gold, graph)

    # Entities

    def entities(self) -> None:
        """Compare the entities that the article mentions."""
        graph, t = self.graph, self.tally
        taken = self._placed_entities()
        for i, entity in enumerate(self.gold["entities"]):
            hits = [node for node, j in taken.items() if i == j]
            right = next((node for node in hits if entity["class"] in graph.entities[node]), None)
            t.found("entities", right is not None)
            if right is None:
                got = ", ".join(sorted(c for node in hits for c in graph.entities[node])) or "absent"
                t.error(f"entities - {entity['names'][0]} ({entity['class']}; {got})")
            for node in hits:
                if node != right:
                    t.add("entities.fp")
                    if right is not None:
                        t.error(f"entities + {graph.label(node)} (a second node for {entity['names'][0]})")
        for node in sorted(set(graph.entities) - set(taken)):
            t.add("entities.fp")
            t.error(f"entities + {graph.label(node)} ({', '.join(sorted(graph.entities[node]))})")

    def _placed_entities(self) -> dict[str, int]:
        """Assign nodes to gold entities. A match with the first gold name takes precedence over one with a shared form ("Castro")."""
        taken: dict[str, int] = {}
        for exact in (True, False):
            for i, entity in enumerate(self.gold["entities"]):
                forms = {folded(name) for name in (entity["names"][:1] if exact else entity["names"])}
                for node in self.graph.entities:
                    if node not in taken and self.graph.names[node] & forms:
                        taken[node] = i
        return taken

    # Events

    def events(self) -> None:
        """Compare the events, and judge each of the graph's as a whole."""
        pairs = self._pairs()
        for i, gold in enumerate(self.gold["events"]):
            if i in pairs:
                self._compare_event(gold, pairs[i])
            elif not gold.get("optional"):
                self._miss_event(gold)
        for event in sorted(set(self.graph.events) - set(pairs.values())):
            self._invented_event(event)
        for event in sorted(self.graph.events):
            second = event not in pairs.values() and any(self._tells(event, self.gold["events"][i]) for i in pairs)
            self.tally.share("single", not second)
            if second:
                self.tally.error(f"single - {self.graph.label(event)}")

    def _pairs(self) -> dict[int, str]:
        """Pair gold events with events of the graph by index: greedily by similarity, within the same sentence and category."""
        sentences = {passage: squeezed(text) for passage, text in self.graph.text.items()}
        candidates: list[tuple[float, int, int, str]] = []
        for i, gold in enumerate(self.gold["events"]):
            anchor = squeezed(gold["anchor"])
            for event, values in self.graph.events.items():
                told = any(anchor in sentences.get(passage, "") for passage in values["passage"])
                if told and {code(c) for c in values["category"]} & set(gold["category"]):
                    candidates.append((self._likeness(gold, values, anchor), -i, i, event))
        pairs: dict[int, str] = {}
        used: set[str] = set()
        for _, _, i, event in sorted(candidates, reverse=True):
            if i not in pairs and event not in used:
                pairs[i] = event
                used.add(event)
        return pairs

    def _tells(self, event: str, gold: Gold) -> bool:
        """Whether an event has the passage, category and trigger of one of the gold."""
        values, anchor = self.graph.events[event], squeezed(gold["anchor"])
        told = any(anchor in squeezed(self.graph.text.get(passage, "")) for passage in values["passage"])
        near = any(squeezed(trigger)[:4] in anchor for trigger in values["trigger"] if trigger)
        return told and near and bool({code(c) for c in values["category"]} & set(gold["category"]))

    def _likeness(self, gold: Gold, values: Values, anchor: str) -> float:
        roles = sum(any(self.names.refer(n, name) for n in values[role]) for role in ROLES for name in role_names(gold, role))
        near = any(squeezed(trigger)[:4] in anchor for trigger in values["trigger"] if trigger)
        quoted = bool(gold.get("quote")) and any(squeezed(gold["quote"])[:20] in squeezed(quote) for quote in values["quote"])
        return roles + 2 * near + 2 * quoted - (0.5 if gold.get("optional") else 0)

    def _miss_event(self, gold: Gold) -> None:
        t = self.tally
        t.add("events.fn")
        n = sum(is_demanded(name) for role in ROLES for name in role_names(gold, role))
        t.add("roles.fn", n)
        t.add("statements.fn")
        t.add("facts.fn", 1 + n + bool(stated_dates(gold)) + (gold.get("modality", "asserted") != "asserted"))
        self.missed.append(gold["category"][0])
        who, whom = " & ".join(gold["actors"]), " & ".join(gold["recipients"])
        t.error(f"events - {'/'.join(gold['category'])} {gold.get('date') or ''} {who} -> {whom} | {gold['anchor']}")

    def _invented_event(self, event: str) -> None:
        t, values = self.tally, self.graph.events[event]
        n = len(values["actor"]) + len(values["recipient"]) + len(values["mediator"])
        t.add("events.fp")
        t.add("statements.fp")
        t.add("roles.fp", n)
        t.add("facts.fp", 1 + n + bool(values["date"]))
        self._judge(event, False, paired=False)
        codes = "/".join(sorted(code(c) for c in values["category"]))
        text = next((self.graph.text.get(passage, "") for passage in sorted(values["passage"])), "")
        who, whom = (" & ".join(sorted(self.graph.label(n) for n in values[role])) for role in ("actor", "recipient"))
        t.error(f"events + {codes} {who} -> {whom} [{', '.join(sorted(values['trigger']))}] | {text[:90]}")

    def _judge(self, event: str, whole: bool | None, paired: bool = True) -> None:
        values = self.graph.events[event]
        category = max((code(c) for c in values["category"]), key=lambda c: (len(c), c))
        confidence = next((float(c) for c in sorted(values["confidence"])), None)
        self.verdicts.append(Verdict(event, category, confidence, whole, paired))

    def _compare_event(self, gold: Gold, event: str) -> None:
        values, optional, t = self.graph.events[event], bool(gold.get("optional")), self.tally
        if optional:
            self._compare_roles(gold, values, counted=False)
            self._judge(event, None)
            return
        t.add("events.tp")
        t.add("facts.tp")
        parts = (self._compare_roles(gold, values), self._compare_date(gold, values), self._compare_modality(gold, values))
        whole = all(parts)
        t.add("statements.tp" if whole else "statements.fn")
        t.add("statements.fp", not whole)
        self._judge(event, whole)
        self._compare_placing(gold, values)
        self._compare_sources(gold, values)

    def _compare_roles(self, gold: Gold, values: Values, counted: bool = True) -> bool:
        """Whether the fillers of all roles are those of the gold."""
        right = True
        for role in ROLES:
            got = sorted(values[role])
            for name in role_names(gold, role):
                hit = self.names.take(got, name)
                if not is_demanded(name):
                    continue
                if counted:
                    self.tally.found("roles", hit is not None)
                    self.tally.found("facts", hit is not None)
                if hit is None:
                    right = False
                    self.tally.error(f"roles - {role} {name} | {gold['anchor']}")
            for node in got if role not in _OPEN_ROLES else ():
                right = False
                if counted:
                    self.tally.add("roles.fp")
                    self.tally.add("facts.fp")
                self.tally.error(f"roles + {role} {self.graph.label(node)} | {gold['anchor']}")
        return right

    def _compare_date(self, gold: Gold, values: Values) -> bool:
        """Whether the date is the stated one or, if none is stated, absent or compatible with the inferred one."""
        t, got, wanted = self.tally, sorted(values["date"]), stated_dates(gold)
        if wanted:
            right = bool(wanted & values["date"])
            t.share("dates", right)
            t.found("facts", right)
            if not right:
                t.error(f"dates - {gold['date']} (found {', '.join(got) or 'none'}) | {gold['anchor']}")
                t.add("facts.fp", bool(got))
            return right
        if not got or any(d.startswith(x) or x.startswith(d) for d in got for x in accepted_dates(gold)):
            return True
        t.add("facts.fp")
        t.error(f"dates + {', '.join(got)} | {gold['anchor']}")
        return False

    def _compare_placing(self, gold: Gold, values: Values) -> None:
        """Whether the earliest and latest day agree with the inferred date."""
        if not gold.get("date") or stated_dates(gold):
            return
        right = _is_placed(values, accepted_dates(gold))
        self.tally.share("placed", right)
        if not right:
            span = " to ".join(sorted(values["earliest"] | values["latest"])) or "nowhere"
            self.tally.error(f"placed - {gold['date']} (put {span}) | {gold['anchor']}")

    def _compare_modality(self, gold: Gold, values: Values) -> bool:
        t, wanted = self.tally, gold.get("modality", "asserted")
        got = {code(m).lower() for m in values["modality"]} or {"asserted"}
        right = wanted in got
        t.share("modality", right)
        if wanted != "asserted":
            t.found("facts", right)
        if not right:
            t.error(f"modality - {wanted} (found {', '.join(sorted(got))}) | {gold['anchor']}")
            t.add("facts.fp", got != {"asserted"})
        return right

    def _compare_sources(self, gold: Gold, values: Values) -> None:
        if gold.get("quote"):
            self.tally.share("quotes", any(squeezed(gold["quote"])[:60] in squeezed(quote) for quote in values["quote"]))
        for url in gold.get("cites") or []:
            right = url in values["cites"]
            self.tally.share("cites", right)
            if not right:
                self.tally.error(f"cites - {url} | {gold['anchor']}")


def _is_placed(values: Values, accepted: Iterable[str]) -> bool:
    """Whether earliest and latest overlap one of the dates, and span at most two years."""
    if not values["earliest"] or not values["latest"]:
        return False
    first, last = min(values["earliest"])[:10], max(values["latest"])[:10]
    return int(last[:4]) - int(first[:4]) < 2 and any(first[: len(d)] <= d <= last[: len(d)] for d in accepted)


def total(comparisons: Iterable[Comparison]) -> ScoreTally:
    """Return the sum of several articles' counts."""
    tally = ScoreTally()
    for comparison in comparisons:
        tally.count.update(comparison.tally.count)
    return tally
