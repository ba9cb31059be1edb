"""Score agreements with their terms, and tenures."""

from __future__ import annotations

from kg.evaluation.article_graph import ScoredArticle, Values
from kg.evaluation.gold import Gold, GoldNames, accepted_dates, is_demanded
from kg.evaluation.normalization import folded
from kg.evaluation.tally import ScoreTally


class TermScorer:
    """Scores the agreements and tenures of one article."""

    def __init__(self, gold: Gold, graph: ScoredArticle, tally: ScoreTally) -> None:
        self.gold, self.graph, self.tally, self.names = gold, graph, tally, GoldNames(gold, graph)

    def agreements(self) -> dict[str, bool | None]:
        """Compare the agreements, found by name or else by date and parties, and their terms; return whether each is right with all of
        them, None if it is optional."""
        t, left = self.tally, list(self.graph.agreements)
        whole: dict[str, bool | None] = {}
        for gold in self.gold["agreements"]:
            best = max(left, key=lambda node: self._agreement_likeness(gold, node), default=None)
            optional = gold.get("optional")
            if best is None or not self._agreement_likeness(gold, best):
                if not optional:
                    t.add("agreements.fn")
                    t.add("terms.fn", len(gold["parties"]) + len(gold.get("mediators", [])) + bool(gold.get("date")))
                    t.error(f"agreements - {gold['names'][0]} {gold.get('date') or ''}")
                continue
            left.remove(best)
            whole[best] = None
            if not optional:
                t.add("agreements.tp")
                whole[best] = self._compare_terms(gold, self.graph.agreements[best])
        for node in left:
            t.add("agreements.fp")
            whole[node] = False
            t.error(f"agreements + {self.graph.label(node)}")
        return whole

    def _agreement_likeness(self, gold: Gold, node: str) -> int:
        values = self.graph.agreements[node]
        named = bool(self.graph.names.get(node, set()) & {folded(n) for n in gold["names"]})
        parties = sum(any(self.names.refer(n, name) for n in values["party"]) for name in gold["parties"])
        dated = bool(accepted_dates(gold) & values["date"])
        return 10 * named + (3 * dated + parties if dated and parties else 0)

    def _compare_terms(self, gold: Gold, values: Values) -> bool:
        """Whether the parties, mediators and date are those of the gold."""
        t, title, whole = self.tally, gold["names"][0], True
        for role, names in (("party", gold["parties"]), ("mediator", gold.get("mediators", []))):
            got = sorted(values[role])
            for name in names:
                hit = self.names.take(got, name)
                t.found("terms", hit is not None)
                whole = whole and hit is not None
                if hit is None:
                    t.error(f"agreements - {role} {name} of {title}")
            whole = whole and not got
            for node in got:
                t.add("terms.fp")
                t.error(f"agreements + {role} {self.graph.label(node)} of {title}")
        if gold.get("date"):
            right = bool(accepted_dates(gold) & values["date"])
            t.found("terms", right)
            whole = whole and right
            if not right:
                t.error(f"agreements - date {gold['date']} (found {', '.join(sorted(values['date'])) or 'none'}) of {title}")
        place = gold.get("place")
        if place and is_demanded(place):
            t.found("terms", any(self.names.refer(node, place) for node in values["place"]))
        return whole

    def tenures(self) -> dict[tuple[str, str, str | None], bool | None]:
        """Compare the tenures: holder, office and organization together; return whether each is right, None if it is optional."""
        t, left = self.tally, set(self.graph.tenures)
        whole: dict[tuple[str, str, str | None], bool | None] = {}
        for gold in self.gold["tenures"]:
            hits = {tenure for tenure in left if self._same_tenure(gold, *tenure)}
            left -= hits
            whole |= dict.fromkeys(hits, None if gold.get("optional") else True)
            if gold.get("optional"):
                continue
            t.found("tenures", bool(hits))
            if not hits:
                t.error(f"tenures - {gold['holder']}: {gold['office'][0]}")
        for holder, office, body in sorted(left, key=str):
            t.add("tenures.fp")
            whole[holder, office, body] = False
            t.error(f"tenures + {self.graph.label(holder)}: {office} ({self.graph.label(body) if body else ''})")
        return whole

    def _same_tenure(self, gold: Gold, holder: str, office: str, body: str | None) -> bool:
        if not self.names.refer(holder, gold["holder"]) or folded(office) not in {folded(o) for o in gold["office"]}:
            return False
        return body is None or not gold.get("organization") or self.names.refer(body, gold["organization"])
