"""Fit the weights of ``ent:confidence`` to annotated articles, and report their calibration on held-out articles.

Events, agreements and tenures have separate weights.

    python -m tests.evaluation.calibration            fit, print the table, write kg/extraction/judgement/confidence.json
    python -m tests.evaluation.calibration --dry      print the table only

Cross-validation is over articles: each tenth of the articles is predicted by weights fitted without it (excerpts of one article
together).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kg.evaluation.calibration import bins_of, calibration_error, thresholds
from kg.evaluation.comparison import Comparison
from kg.evaluation.gold import Gold, read_gold
from kg.evaluation.normalization import folded
from kg.extraction import extract
from kg.extraction.judgement.confidence import WEIGHTS, Judged, Signs, agreement_signs, tenure_signs
from kg.facts import ArticleFacts
from kg.graph.quads import ArticleGraph
from kg.language import LanguageReader, load
from kg.resources import resource_folder
from kg.wikitext import read_article
from tests.evaluation.annotated_excerpts import excerpts
from tests.evaluation.excerpts import REAL, listed
from tests.evaluation.scoring import compared

HERE = Path(__file__).resolve().parent
RIDGES: dict[Judged, float] = {"event": 4.0, "agreement": 8.0, "tenure": 6.0}
"""Strength of the ridge penalty for each kind (the precision of the Gaussian prior of the weights)."""
ITERATIONS = 12
FOLDS = 10
"""Parts into which the articles are divided for the cross-validation."""
LEAST_SEEN = 3
"""A feature counts if so many facts have it."""


@dataclass(frozen=True)
class Sample:
    """One fact: its kind, its article, its signs, and whether it was right as a whole."""

    kind: Judged
    article: str
    signs: Signs
    right: bool


def annotated() -> Iterator[tuple[str, str, Gold]]:
    """Yield title, wikitext and annotation of each article, and of each opened excerpt."""
    texts = [*HERE.glob("articles/*.wiki"), *HERE.glob("blind/articles/*.wiki"), *resource_folder("seeds").glob("*.wiki")]
    for path in sorted([*HERE.glob("gold/*.json"), *HERE.glob("blind/gold/*.json")]):
        gold = read_gold(path)
        source = next(text for text in texts if text.stem.startswith(path.stem))
        yield gold["article"], source.read_text(encoding="utf-8"), gold
    for excerpt in listed():
        path = REAL / "gold" / f"{excerpt.id}.json"
        if path.exists():
            yield excerpt.title, excerpt.text(), read_gold(path)


def samples(reader: LanguageReader, title: str, wikitext: str, gold: Gold) -> Iterator[Sample]:
    """Return the judged facts of one article, except those that the annotation marks as optional."""
    article = read_article(wikitext, title)
    facts = extract(reader.read(article))
    comparison = compared({**gold, "article": title}, article, facts)
    for kind, signs, right in judged(ArticleGraph(article, facts), facts, comparison):
        if right is not None:
            yield Sample(kind, title, signs, right)


def judged(graph: ArticleGraph, facts: ArticleFacts, comparison: Comparison) -> Iterator[tuple[Judged, Signs, bool | None]]:
    """Yield each fact of an article with its signs and the verdict on its node."""
    entities = {entity.key: entity for entity in facts.entities}
    verdicts = {f"<{v.event}>": v.whole for v in comparison.verdicts}
    for event in facts.events:
        yield "event", dict(event.signs), verdicts.get(graph.events[event.key])
    for agreement in facts.agreements:
        entity = entities.get(agreement.key)
        node = graph.entities.by_key.get(agreement.key)
        yield "agreement", agreement_signs(agreement, entity), comparison.agreements.get(node.iri.strip("<>")) if node else None
    tenures = {(holder, folded(office)): whole for (holder, office, _), whole in comparison.tenures.items()}
    for tenure in facts.tenures:
        holder = graph.entities.by_key.get(tenure.holder)
        if holder is not None:
            office = folded(graph.entities.office(tenure).label)
            yield "tenure", tenure_signs(tenure, entities), tenures.get((holder.iri.strip("<>"), office))


def fitted(chosen: list[Sample], names: list[str], ridge: float) -> np.ndarray:
    """Fit a logistic regression with a Gaussian prior, by Newton's method."""
    x = np.array([[s.signs.get(name, 0.0) for name in names] for s in chosen])
    y = np.array([s.right for s in chosen], dtype=float)
    weights = np.zeros(len(names))
    prior = np.full(len(names), ridge)
    prior[names.index("constant")] = 0.01
    for _ in range(ITERATIONS):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (y - p) - prior * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(prior)
        weights = weights + np.linalg.solve(hessian, gradient)
    return weights


def predicted(chosen: list[Sample], names: list[str], weights: np.ndarray) -> list[float]:
    """Return the probability of each sample."""
    return [float(1 / (1 + np.exp(-sum(s.signs.get(n, 0.0) * w for n, w in zip(names, weights, strict=True))))) for s in chosen]


def fit(kind: Judged, found: list[Sample]) -> dict[str, float]:
    """Print the calibration of one kind on held-out articles, and return the weights fitted to all."""
    seen = Counter(name for sample in found for name in sample.signs)
    names = sorted(name for name, count in seen.items() if count >= LEAST_SEEN)
    held_out: list[tuple[float, bool]] = []
    articles = sorted({s.article for s in found})
    for fold in (set(articles[start::FOLDS]) for start in range(FOLDS)):
        test = [s for s in found if s.article in fold]
        weights = fitted([s for s in found if s.article not in fold], names, RIDGES[kind])
        held_out += [(p, s.right) for p, s in zip(predicted(test, names, weights), test, strict=True)]
    print(f"{len(found)} {kind}s of {len({s.article for s in found})} articles, {np.mean([s.right for s in found]):.3f} right as a whole")
    print(f"expected calibration error, articles left out: {calibration_error(held_out):.3f}")
    for low, high, count, mean, share in bins_of(held_out):
        print(f"  {low:.1f} to {high:.1f}  {count:4} {kind}s  predicted {mean:.2f}  right {share:.2f}")
    for least, precision, kept in thresholds(held_out):
        print(f"  at least {least:.1f}  precision {precision:.3f}  of the right ones kept {kept:.3f}")
    return {name: round(float(w), 3) for name, w in zip(names, fitted(found, names, RIDGES[kind]), strict=True)}


def main() -> None:
    """Fit, cross-validate, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    dry = parser.parse_args().dry
    reader = load()
    found = [sample for title, text, gold in annotated() for sample in samples(reader, title, text, gold)]
    found += [sample for title, text, gold in excerpts() for sample in samples(reader, title, text, gold) if sample.kind == "event"]
    told = {kind: fit(kind, [s for s in found if s.kind == kind]) for kind in RIDGES}
    if not dry:
        WEIGHTS.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
