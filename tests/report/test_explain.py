from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from segctl.logic.bound import At, Date
from segctl.logic.change import Change
from segctl.logic.nodes import (
    All,
    Any,
    Everyone,
    Names,
    Node,
    Not,
    OneOf,
    Present,
    Range,
    Rank,
    Reference,
    Rows,
    Sequence,
    Step,
    Value,
    Window,
)  # fmt: skip
from segctl.logic.outcome import Outcome
from segctl.report.explain import tree
from segctl.report.explain_json import as_data
from segctl.report.text import render
from segctl.report.wants import want
from segctl.workflow.explain import Explained

FR = Value(("country",), OneOf(("FR",)))
SET = Value(("age",), Present())


def told(outcome: Outcome) -> list[str]:
    explained = Explained(("segment", "vip"), "u1", 1_795_302_000_000_000, "Europe/Paris", outcome)
    return render(tree(explained), width=200, colour=False).splitlines()


def leaf(node: Node, actual: object, *, holds: bool = True) -> Outcome:
    return Outcome(node, holds, actual)


def test_the_verdict_comes_first() -> None:
    assert told(leaf(FR, "FR"))[:2] == [
        "IN: u1 is in segment vip, as of 2026-11-22 00:00 Europe/Paris", "  because country is France: FR",
    ]  # fmt: skip
    assert told(leaf(FR, "BE", holds=False))[:2] == [
        "OUT: u1 is not in segment vip, as of 2026-11-22 00:00 Europe/Paris", "  because country is not France: BE",
    ]  # fmt: skip


def test_a_tree_is_indented_and_a_negation_takes_one_line() -> None:
    inner = Any((FR, SET))
    reference = Reference("segment", "abusers")
    outcome = Outcome(
        All((FR, Not(SET), Not(inner), Not(reference))),
        holds=False,
        children=(
            leaf(FR, "FR"),
            Outcome(Not(SET), holds=True, children=(leaf(SET, None, holds=False),)),
            Outcome(
                Not(inner),
                holds=False,
                children=(Outcome(inner, holds=True, children=(leaf(FR, "FR"), leaf(SET, None, holds=False))),),
            ),
            Outcome(
                Not(reference),
                holds=True,
                children=(Outcome(reference, holds=False, children=(leaf(SET, None, holds=False),)),),
            ),
        ),
    )
    assert told(outcome)[3:-3] == [
        "  ✗ all of these",
        "    ✓ country is France: FR",
        "    ✓ age is missing: missing",
        "    ✗ none of these",
        "      ✓ country is France: FR",
        "      ✗ age is known: missing",
        "    ✓ not in the segment abusers",
        "      ✗ age is known: missing",
    ]


@pytest.mark.parametrize(
    ("actual", "said"),
    [
        (None, "missing"),
        (1234567, "1,234,567"),
        (True, "true"),
        ("yes, please", '"yes, please"'),
        (Decimal("1234.50"), "1,234.50"),
        (Fraction(1, 3), "0.333333"),
        (Date(19_782), "2024-02-29"),
        (Date(2**31 - 1), "infinity"),
        (At(1_782_943_200_000_000), "2026-07-02 00:00 Europe/Paris"),
        (At(1_782_943_207_900_000), "2026-07-02 00:00:07 Europe/Paris"),
        (At(253_402_300_799_999_999), "+10000-01-01 00:59:59 Europe/Paris"),
        (At(-(2**63)), "-infinity"),
        (["a", None], "[a, missing]"),
        ({}, "present"),
    ],
)
def test_values_are_written_for_people(actual: object, said: str) -> None:
    assert told(leaf(SET, actual))[3] == f"  ✓ age is known: {said}"


def test_a_fraction_of_a_second_is_told_where_it_decides() -> None:
    limit = "2026-07-02 00:00:07"
    late = Value(("seen",), Range(high=limit))
    assert told(leaf(late, At(1_782_943_207_900_000), holds=False))[3] == (
        "  ✗ seen is 2026-07-02 00:00:07 or earlier: 2026-07-02 00:00:07.900000 Europe/Paris"
    )
    assert told(leaf(late, At(1_782_943_208_900_000), holds=False))[3].endswith(": 2026-07-02 00:00:08 Europe/Paris")


def test_a_value_with_a_semicolon_is_told_whole() -> None:
    assert told(leaf(SET, "one; two"))[1] == '  because age is known: "one; two"'


def test_more_reasons_are_counted() -> None:
    reference = Reference("segment", "abusers")
    inner = Any((FR, SET))
    below = Outcome(inner, holds=False, children=(leaf(FR, "BE", holds=False), leaf(SET, None, holds=False)))
    outcome = Outcome(reference, holds=False, children=(below,))
    assert told(outcome)[1] == "  because not in the segment abusers (country is not France: BE; one more reason)"


def test_the_threshold_of_a_rank_is_told_beside_the_value() -> None:
    top = Value(("spent",), Rank(top=True, users=3))
    assert told(Outcome(top, holds=True, actual=Decimal("9685.83"), begins=Decimal("3565.05")))[3] == (
        "  ✓ spent is among the 3 highest: 9,685.83 (threshold 3,565.05)"
    )


def test_of_a_sequence_the_steps_taken_are_said() -> None:
    steps = tuple(Step(Rows(Names((name,)), Everyone(), Window())) for name in ("look", "leap"))
    outcome = leaf(Sequence(steps, None), 1, holds=False)
    assert told(outcome)[3] == '  ✗ first done "look", then done "leap": 1 of 2 steps'
    assert want(Change(outcome), "Europe/Paris") == 'must have first done "look", then done "leap" (now 1 of 2 steps)'


def test_as_data() -> None:
    explained = Explained(
        ("segment", "vip"), "u1", 0, "UTC", Outcome(Not(Everyone()), holds=False, children=(leaf(Everyone(), None),))
    )
    assert as_data(explained)["holds"] is False
    assert as_data(explained)["as_of"] == "1970-01-01T00:00:00Z"
