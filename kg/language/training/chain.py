"""What a conditional random field learns from: how likely each tag and each pair of tags is in the sentences' legal sequences.

The forward–backward algorithm for all sentences side by side, scaled at every word instead of in logarithms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.language.parsing.recogniser.tags import BEGINS, ENDS, FOLLOWS, Floats

_TINY = 1e-30
Allowed = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Chances:
    """``weight``: the logarithm of the sum over all sequences of a sentence; ``tags``: position × sentence × tag; ``pairs``: tag × tag."""

    weight: Floats
    tags: Floats
    pairs: Floats


def chances(table: Floats, lengths: Sequence[int], allowed: Allowed, transitions: Floats, first: Floats, last: Floats) -> Chances:
    """The chances of tags and of pairs of tags, given the scores in ``table`` (position × sentence × tag) and those of the chain.

    Only legal sequences of ``allowed`` tags count: all of them for the denominator, those that agree with the gold names for the numerator.
    """
    ends: NDArray[np.int64] = np.asarray(lengths)
    moves = np.where(FOLLOWS, np.exp(transitions), 0).astype(np.float32)
    closing = np.where(ENDS, np.exp(last), 0).astype(np.float32)
    scores = np.where(allowed, table, -1e4)
    highest = scores.max(axis=2, keepdims=True)
    factors = (np.exp(scores - highest) * allowed).astype(np.float32)
    forward, logs = _forward(factors, ends, moves, np.where(BEGINS, np.exp(first), 0))
    inside = np.arange(len(table))[:, None] < ends
    weight = (logs + highest[:, :, 0] * inside).sum(axis=0) + np.log(np.maximum((forward[-1] * closing).sum(axis=1), _TINY))
    tags, pairs = _backward(factors, forward, ends, moves, closing)
    return Chances(weight, tags, pairs)


def _forward(factors: Floats, ends: NDArray[np.int64], moves: Floats, opening: Floats) -> tuple[Floats, Floats]:
    """Scaled forward values, which stay as they are after a sentence's end, and the logarithms of the scales."""
    forward, logs = np.zeros_like(factors), np.zeros(factors.shape[:2], dtype=np.float32)
    for position, factor in enumerate(factors):
        values = factor * (forward[position - 1] @ moves if position else opening)
        live = position < ends
        scale = np.where(live, np.maximum(values.sum(axis=1), _TINY), 1)
        forward[position] = np.where(live[:, None], values / scale[:, None], forward[position - 1])
        logs[position] = np.log(scale)
    return forward, logs


def _backward(factors: Floats, forward: Floats, ends: NDArray[np.int64], moves: Floats, closing: Floats) -> tuple[Floats, Floats]:
    tags, pairs = np.zeros_like(factors), np.zeros_like(moves)
    following = np.zeros_like(factors[0])
    for position in range(len(factors) - 1, -1, -1):
        ahead = position + 1 < ends
        if ahead.any():
            pairs += _pairs(forward[position][ahead], following[ahead], moves)
        values = np.where(np.equal(position + 1, ends)[:, None], closing, following @ moves.T)
        values /= np.maximum(values.sum(axis=1, keepdims=True), _TINY)
        here = forward[position] * values
        tags[position] = here / np.maximum(here.sum(axis=1, keepdims=True), _TINY) * np.less(position, ends)[:, None]
        following = factors[position] * values
    return tags, pairs


def _pairs(before: Floats, after: Floats, moves: Floats) -> Floats:
    whole = np.einsum("st,tu,su->s", before, moves, after, optimize=True)
    found: Floats = moves * ((before / np.maximum(whole, _TINY)[:, None]).T @ after)
    return found
