"""Misspelt words: their edit distance and their consonant skeleton."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store.index.spelling import edit_distance, skeleton

WORDS = st.text("abcdeiy", max_size=8)


def plain_distance(one: str, other: str) -> int:
    """Compute the distance by its definition (optimal string alignment), without a limit."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            costs = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (one[i - 1] != other[j - 1])]
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                costs.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(costs)
    return table[len(one), len(other)]


@given(WORDS, WORDS, st.integers(0, 4))
def test_distances_are_those_of_the_definition(one: str, other: str, most: int) -> None:
    assert edit_distance(one, other, most) == min(plain_distance(one, other), most + 1)


@pytest.mark.parametrize(("one", "other"), [("lybia", "libya"), ("kenia", "kenya"), ("somalai", "somalia"), ("filippines", "philippines")])
def test_words_that_sound_alike(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)
