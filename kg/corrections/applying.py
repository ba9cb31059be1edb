"""Apply corrections to the shards of a build.

Shards of articles without corrections stream through; the others are loaded into memory, one article at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.corrections import corrected_facts as facts
from kg.corrections.corrected_article import ArticleStatements, DoesNotFitError
from kg.corrections.corrected_entities import EntityCorrections, collect, separate
from kg.corrections.correction_files import Correction
from kg.corrections.provenance import correction_quads
from kg.graph import iris, ntriples
from kg.graph.namespaces import CORRECTIONS
from kg.graph.terms import Quad, iri

Shard = Callable[[], Iterable[bytes]]
"""Returns the lines of one article's graph; called more than once."""

FACTS: Mapping[str, Callable[[ArticleStatements, Correction], tuple[str, list[Quad]]]] = {
    "retract": facts.retract,
    "replace": facts.replace,
    "add": facts.add,
    "not_same": separate,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a correction: ``problem`` says why it does not fit, ``absent`` that its article is not in the build."""

    correction: Correction
    problem: str = ""
    absent: bool = False


@dataclass
class Corrector:
    """Applies corrections, given in the order of ``read_corrections``. ``outcomes`` is complete once ``lines`` is exhausted."""

    corrections: Sequence[Correction]
    outcomes: list[Outcome] = field(default_factory=list)
    _entities: EntityCorrections = field(default_factory=EntityCorrections)
    _told: list[Quad] = field(default_factory=list)

    def lines(self, shards: Sequence[Shard]) -> Iterator[bytes]:
        """Yield the lines of all shards, corrected, and the statements that describe the corrections."""
        by_graph: dict[str, list[Correction]] = defaultdict(list)
        for correction in self.corrections:
            by_graph[iri(iris.article(correction.article))].append(correction)
        concerned = {graph: shard for shard in shards if (graph := _graph(shard)) in by_graph} if by_graph else {}
        self._absent(correction for graph, some in by_graph.items() if graph not in concerned for correction in some)
        self._collect(concerned, by_graph)
        for shard in shards:
            graph = _graph(shard) if concerned else ""
            rewritten = self._entities.rewrite(shard()) if self._entities.touched else shard()
            yield from self._corrected(rewritten, by_graph[graph]) if graph in concerned else rewritten
        yield from (quad.line().encode("utf-8") for quad in (*self._entities.statements(iri(CORRECTIONS)), *self._told))

    def _absent(self, corrections: Iterable[Correction]) -> None:
        self.outcomes += [Outcome(correction, "the build has no such article", absent=True) for correction in corrections]

    def _collect(self, concerned: Mapping[str, Shard], by_graph: Mapping[str, Sequence[Correction]]) -> None:
        """Collect the corrections of entities, in order over all articles: they come first, and the others see their result."""
        about_entities = [c for some in by_graph.values() for c in some if _of_entities(c)]
        for correction in sorted(about_entities, key=lambda c: c.canonical):
            if shard := concerned.get(iri(iris.article(correction.article))):
                article = ArticleStatements(shard())
                self._attempt(article, correction, lambda a, c: collect(a, c, self._entities))
        self._entities.settle()

    def _corrected(self, lines: Iterable[bytes], corrections: Sequence[Correction]) -> Iterator[bytes]:
        article = ArticleStatements(lines)
        for correction in corrections:
            if not _of_entities(correction):
                article = self._attempt(article, correction, FACTS[correction.action])
        return article.lines()

    def _attempt(
        self,
        article: ArticleStatements,
        correction: Correction,
        change: Callable[[ArticleStatements, Correction], tuple[str, list[Quad]]],
    ) -> ArticleStatements:
        """Return the corrected article, or the unchanged one if the correction does not fit."""
        changed = article.copy()
        try:
            node, gone = change(changed, correction)
        except DoesNotFitError as error:
            self.outcomes.append(Outcome(correction, str(error)))
            return article
        self._told += correction_quads(changed, correction, node, gone)
        self.outcomes.append(Outcome(correction))
        return changed


def _of_entities(correction: Correction) -> bool:
    """Whether a correction applies to all articles."""
    return correction.action == "same" or (correction.action == "replace" and correction.target == "entity")


def _graph(shard: Shard) -> str:
    """Return the graph of a shard's lines."""
    first = next(iter(shard()), b"")
    return ntriples.graph(first).decode() if first else ""
