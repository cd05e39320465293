from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np

from segctl.engine.thresholds import doubles_within, integers_within, ratios_within
from segctl.logic.bound import Exactly
from segctl.logic.exact import contains

EDGES = [0, 1, -1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)]


def around(numbers: list[Fraction], seed: int) -> list[Exactly]:
    """Bounds at, just above and just below some numbers, and none."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    near = [n + d for n in numbers for d in (Fraction(0), Fraction(1, 10**30), Fraction(-1, 10**30), Fraction(1, 3))]
    choices = [None, *near]
    return [
        Exactly(chance.choice(choices), chance.choice(choices), chance.random() < 0.5, chance.random() < 0.5)
        for _ in range(300)
    ]


def test_integers_are_compared_exactly_with_any_rational() -> None:
    values = np.array(EDGES, dtype=np.int64)
    for test in around([Fraction(n) for n in [*EDGES, 2**70, -(2**70)]], seed=1):
        assert integers_within(values, test).tolist() == [contains(test, Fraction(n)) for n in EDGES], test


def test_doubles_are_compared_exactly_with_any_rational() -> None:
    numbers = [0.0, 0.1, 0.3, -0.1, 1e300, 5e-324, 1.7976931348623157e308, float(2**53)]
    values = np.array([*numbers, math.nan])
    exact = [Fraction(n) for n in numbers]
    for test in around([*exact, Fraction(10) ** 400, -(Fraction(10) ** 400), Fraction(1, 10)], seed=2):
        assert doubles_within(values, test).tolist() == [*(contains(test, n) for n in exact), False], test


def test_infinite_values_lie_beyond_every_rational() -> None:
    values = np.array([math.inf, -math.inf])
    assert doubles_within(values, Exactly(Fraction(10) ** 400)).tolist() == [True, False]
    assert doubles_within(values, Exactly(None, -(Fraction(10) ** 400))).tolist() == [False, True]


def test_averages_are_compared_exactly_even_where_64_bits_overflow() -> None:
    sums = [10, 10**18, 2**62, -(2**62), 1, 333_333]
    counts = [3, 7, 3, 3, 10**6, 10**6]
    ratios = [Fraction(s, c) for s, c in zip(sums, counts, strict=True)]
    for test in around(ratios, seed=3):
        found = ratios_within(np.array(sums, dtype=np.int64), np.array(counts, dtype=np.int64), test)
        assert found.tolist() == [contains(test, ratio) for ratio in ratios], test
