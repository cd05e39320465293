from __future__ import annotations

from fractions import Fraction

from segctl.engine.compile import compiled
from segctl.engine.plan import Span
from segctl.logic.bound import (
    All,
    Any,
    At,
    Column,
    Equals,
    EventTest,
    Everyone,
    Exactly,
    Measure,
    Node,
    Not,
    Rows,
    Scope,
    ValueTest,
)
from segctl.logic.nodes import Ago, MeasureKind
from segctl.logic.types import Scalar

AS_OF = 1_000_000
AMOUNT = Column(Scope.PROPERTY, ("amount",), Scalar.INT)
RED = ValueTest(Column(Scope.PROPERTY, ("color",), Scalar.STRING), Equals(("red",)))


def bought(at_least: int, start: Ago | At | None = None, where: Node | None = None) -> EventTest:
    rows = Rows(("buy",), where or Everyone(), start)
    return EventTest(rows, Measure(MeasureKind.COUNT), Exactly(Fraction(at_least)))


def test_several_thresholds_share_one_tally() -> None:
    plan = compiled({n: bought(n) for n in range(1, 6)}, AS_OF)
    (work,) = plan.work
    assert len(work.tallies) == 1
    assert len(work.thresholds) == 5


def test_windows_that_mean_the_same_now_are_the_same_work() -> None:
    plan = compiled({"ago": bought(1, Ago(400)), "at": bought(1, At(AS_OF - 400))}, AS_OF)
    assert len(set(plan.outputs)) == 1


def test_windows_over_one_row_set_share_its_filter_over_the_widest() -> None:
    plan = compiled({n: bought(1, Ago(n), RED) for n in (10, 300, 20)}, AS_OF)
    (work,) = plan.work
    assert work.rows.span == Span(AS_OF - 300, AS_OF)
    assert plan.spans == {("buy", RED): Span(AS_OF - 300, AS_OF)}


def test_a_filter_is_shared_between_row_sets() -> None:
    both = All((RED, ValueTest(AMOUNT, Equals((5,)))))
    plan = compiled({"one": bought(1, Ago(10), RED), "two": bought(1, Ago(99), both)}, AS_OF)
    assert len(plan.work) == 2
    assert plan.spans["buy", RED] == Span(AS_OF - 99, AS_OF)


def test_an_average_shares_the_sum() -> None:
    rows = Rows(("buy",), Everyone())
    kinds = (MeasureKind.SUM, MeasureKind.AVERAGE)
    plan = compiled({k: EventTest(rows, Measure(k, AMOUNT), Exactly(Fraction(1))) for k in kinds}, AS_OF)
    (work,) = plan.work
    assert len(work.tallies) == 2


def test_a_window_never_reaches_past_as_of() -> None:
    plan = compiled({"ahead": EventTest(
        Rows(("buy",), Everyone(), At(0), At(AS_OF * 2)), Measure(MeasureKind.COUNT), Exactly(Fraction(1))
    )}, AS_OF)  # fmt: skip
    assert plan.work[0].rows.span == Span(0, AS_OF)


def test_deep_and_shared_conditions_need_neither_stack_nor_repetition() -> None:
    node: Node = bought(1)
    for _ in range(5_000):
        node = Not(All((node, Any((node, Everyone())))))
    assert len(compiled({"deep": node}, AS_OF).steps) == 2 + 3 * 5_000
