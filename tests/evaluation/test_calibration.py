from __future__ import annotations

import pytest

from kg.evaluation.calibration import calibration_error, thresholds
from kg.extraction.judgement.confidence import LEAST, MOST, confidence, event_signs
from kg.facts import Event


@pytest.mark.parametrize(
    ("judged", "error"),
    [
        ([], 0.0),
        ([(1.0, True), (0.0, False)], 0.0),
        ([(1.0, False)], 1.0),
        ([(0.25, True), (0.25, False), (0.25, False), (0.25, False)], 0.0),
        ([(0.75, True), (0.75, False), (0.05, False), (0.05, False)], 0.15),
    ],
)
def test_calibration_error(judged: list[tuple[float, bool]], error: float) -> None:
    assert calibration_error(judged) == pytest.approx(error)


def test_precision_and_what_is_kept_from_each_confidence_up() -> None:
    found = {least: (precision, kept) for least, precision, kept in thresholds([(0.9, True), (0.85, False), (0.4, True)])}
    assert found[0.0] == (pytest.approx(2 / 3), 1.0)
    assert found[0.8] == (0.5, 0.5)
    assert found[0.9] == (1.0, 0.5)


@pytest.mark.parametrize("rule", ["verb accuse:accuse+*", "noun consult:talk+alone > sides of the article", "", "never seen > at all"])
@pytest.mark.parametrize("category", ["STATE", "SUPPORT-sign", "NOVEL"])
def test_a_confidence_is_a_probability_of_two_digits(rule: str, category: str) -> None:
    signs = event_signs(Event("e", category, "word", rule, (0,)), {}, "Some words, and more.")
    value = confidence("event", signs)
    assert LEAST <= value <= MOST
    assert round(value, 2) == value
