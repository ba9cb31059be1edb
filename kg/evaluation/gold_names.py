"""Match the names of a gold file with the nodes of the graph."""

from __future__ import annotations

from kg.evaluation.article_graph import ScoredArticle
from kg.evaluation.gold import Gold
from kg.evaluation.normalization import folded


class GoldNames:
    """The names of the gold entities of one article: any name of an entity stands for all of them."""

    def __init__(self, gold: Gold, graph: ScoredArticle) -> None:
        self.graph = graph
        self._known: dict[str, set[str]] = {}
        for entity in gold["entities"]:
            forms = {folded(name) for name in entity["names"]}
            for form in forms:
                self._known.setdefault(form, set()).update(forms)

    def refer(self, node: str, name: str) -> bool:
        """Whether a gold name (``A|B`` for either) refers to a node of the graph."""
        forms: set[str] = set()
        for part in map(folded, name.split("|")):
            forms |= self._known.get(part, {part})
        return bool(self.graph.names.get(node, {folded(node.rsplit("/", 1)[-1])}) & forms)

    def take(self, nodes: list[str], name: str) -> str | None:
        """Remove the node that a gold name refers to from a list and return it; None if there is none."""
        hit = next((node for node in nodes if self.refer(node, name)), None)
        if hit is not None:
            nodes.remove(hit)
        return hit
