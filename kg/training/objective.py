"""The training objective: the sum of the tasks' cross entropies."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from kg.training.examples import HEAD, LEMMA, MORPH, NAME, OPEN, RELATION, TAG, Batch
from kg.training.network import MultiTaskNetwork, Scores


def losses(reader: MultiTaskNetwork, scores: Scores, batch: Batch) -> dict[str, Tensor]:
    """Return the mean cross entropy of each task for which the batch has labels."""
    heads = batch.labels[HEAD]
    found = {
        "tag": _mean(scores.tag, batch.labels[TAG]),
        "morph": _mean(scores.morph, batch.labels[MORPH]),
        "lemma": _mean(scores.lemma, batch.labels[LEMMA]),
        "name": _mean(scores.name, batch.labels[NAME]),
        "arc": _mean(scores.arcs, heads),
        "relation": _relations(reader, scores, batch),
        "predicate": _predicates(scores, batch),
    }
    if len(batch.sentences):
        found["role"] = _roles(reader, scores, batch)
        found["sense"] = _senses(reader, scores, batch)
    return {task: loss for task, loss in found.items() if loss is not None}


def _mean(scores: Tensor, labels: Tensor) -> Tensor | None:
    known = labels != OPEN
    return F.cross_entropy(scores[known], labels[known]) if known.any() else None


def _relations(reader: MultiTaskNetwork, scores: Scores, batch: Batch) -> Tensor | None:
    heads, labels = batch.labels[HEAD], batch.labels[RELATION]
    sentence, word = torch.nonzero((labels != OPEN) & (heads != OPEN), as_tuple=True)
    if not len(word):
        return None
    return F.cross_entropy(
        reader.relation(scores.dependents[sentence, word], scores.governors[sentence, heads[sentence, word]]), labels[sentence, word]
    )


def _predicates(scores: Scores, batch: Batch) -> Tensor | None:
    words = (batch.pool.sum(-1) > 0) & batch.annotated[:, None]
    if not words.any():
        return None
    is_one = torch.zeros_like(words, dtype=torch.long)
    is_one[batch.sentences, batch.predicates] = 1
    return F.cross_entropy(scores.predicate[words], is_one[words])


def _roles(reader: MultiTaskNetwork, scores: Scores, batch: Batch) -> Tensor:
    predicate, word = torch.nonzero(batch.roles != OPEN, as_tuple=True)
    sentence = batch.sentences[predicate]
    found = reader.role(scores.predicates[sentence, batch.predicates[predicate]], scores.arguments[sentence, word])
    return F.cross_entropy(found, batch.roles[predicate, word])


def _senses(reader: MultiTaskNetwork, scores: Scores, batch: Batch) -> Tensor | None:
    """Return the loss of the right roleset among those of the lemma; the right one is first."""
    choice = (batch.senses[:, 1:2] != OPEN).any(-1) if batch.senses.size(1) > 1 else torch.zeros(len(batch.senses), dtype=torch.bool)
    if not choice.any():
        return None
    possible = batch.senses[choice]
    there = possible != OPEN
    number = possible.clamp(min=0)
    vectors, biases = reader.roleset_table()
    said = scores.sense[batch.sentences[choice], batch.predicates[choice]]
    fits = torch.einsum("pd,psd->ps", said, vectors[number]) + biases[number]
    return F.cross_entropy(fits.masked_fill(~there, -1e4), torch.zeros(len(fits), dtype=torch.long))
