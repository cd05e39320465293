"""Traits fitted to the data: values of the user that are computed from the events, typed like columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from segctl.diagnostics import Span, did_you_mean
from segctl.logic import nodes
from segctl.logic.algebra import all_of, any_of, negated
from segctl.logic.bound import (
    NUMERIC,
    All,
    Any,
    Arithmetic,
    Column,
    Computed,
    ComputedTest,
    ElementTest,
    Expression,
    Measure,
    Measured,
    Missing,
    Node,
    Not,
    Number,
    RankTest,
    Rows,
    Scope,
    ValueTest,
)
from segctl.logic.fit import fit
from segctl.logic.nodes import MeasureKind
from segctl.logic.problem import Problem, type_words
from segctl.logic.types import NOTHING, ListOf, Scalar, Type

Report = Callable[[Problem, Span | None], object]

COUNTS = frozenset({MeasureKind.COUNT, MeasureKind.DISTINCT, MeasureKind.DAYS, MeasureKind.PERIODS})
"""Measures that are how many there are of something."""

_NOTHING: dict[MeasureKind, Type] = {
    MeasureKind.FIRST: Scalar.TIME,
    MeasureKind.LAST: Scalar.TIME,
    MeasureKind.FIRST_VALUE: NOTHING,
    MeasureKind.LAST_VALUE: NOTHING,
    MeasureKind.MOST_FREQUENT: NOTHING,
    MeasureKind.UNIQUE_LIST: NOTHING,
}
"""The types of what can only be missing; those of other measures are numbers."""


def measured_value(kind: MeasureKind, found: tuple[Rows, Measure] | None) -> Computed:
    """A measure as a value; `found` None says that there is nothing to measure (law 7)."""
    if found is not None:
        return Computed(Measured(*found), _type_of(found[1]))
    if kind in COUNTS:
        return Computed(Number(0.0), Scalar.INT)
    if kind is MeasureKind.SUM:
        return Computed(Number(0.0), Scalar.FLOAT)
    return Computed(Missing(), _NOTHING.get(kind, Scalar.FLOAT))


def unknown(name: str, known: Iterable[str]) -> Problem:
    """There is no such trait."""
    return Problem("missing-reference", f"there is no trait `{name}`", hint=did_you_mean(name, known))


def _type_of(measure: Measure) -> Type:
    """The type of a measure's values."""
    kind = measure.kind
    if kind in COUNTS:
        return Scalar.INT
    if measure.column is None:
        return Scalar.TIME
    of = measure.column.type
    if kind in (MeasureKind.AVERAGE, MeasureKind.MEDIAN):
        return Scalar.FLOAT
    return ListOf(of) if kind is MeasureKind.UNIQUE_LIST and isinstance(of, Scalar) else of


# --- formulas --------------------------------------------------------------------------------------


def formula_value(formula: nodes.Expression, trait: Callable[[nodes.TraitOf], Computed], report: Report) -> Computed:
    """A formula as a value, with the traits in it in their places.

    It is always arithmetic, of doubles: that of a trait alone adds nothing to it.
    """
    found = _formula(formula, trait, report)
    return Computed(found if isinstance(found, Arithmetic) else Arithmetic("+", found, Number(0.0)), Scalar.FLOAT)


def _formula(part: nodes.Expression, trait: Callable[[nodes.TraitOf], Computed], report: Report) -> Expression:
    match part:
        case nodes.Number(value):
            return _number(float(value))
        case nodes.TraitOf():
            return _numeric(part, trait(part), report)
        case nodes.Arithmetic(sign, left, right):
            return Arithmetic(sign, _formula(left, trait, report), _formula(right, trait, report))
        case nodes.Measured():
            raise TypeError("a formula is over traits")  # the model lets nothing else through


def _number(value: float) -> Expression:
    return Number(value + 0.0) if math.isfinite(value) else Missing()


def _numeric(part: nodes.TraitOf, of: Computed, report: Report) -> Expression:
    if of.type in NUMERIC:
        return of.expression
    if of.type != NOTHING:
        report(_no_number(part.name, of.type), part.origin)
    return Missing()


def _no_number(name: str, kind: Type) -> Problem:
    return Problem(
        "operator-type", f"a formula is over numbers, and the trait `{name}` is {type_words(kind)}",
        hint="`count`, `distinct` and `days` make numbers of whatever there is",
    )  # fmt: skip


# --- tests -------------------------------------------------------------------------------------------


def fit_computed(node: nodes.TraitValue, of: Computed, zone: str) -> tuple[Node, tuple[Problem, ...]]:
    """The condition that the trait passes the test, as if it were an attribute, and what is wrong with it."""
    column = Column(Scope.ATTRIBUTE, (node.name,), of.type)
    fitted, problems = fit(node.test, column, zone)
    return _computed(fitted, of), problems


def _computed(node: Node, of: Computed) -> Node:
    """The same condition on the computed value; all its tests are on one column."""
    match node:
        case All(parts) | Any(parts):
            return (all_of if isinstance(node, All) else any_of)(_computed(part, of) for part in parts)
        case Not(part):
            return negated(_computed(part, of))
        case ValueTest(_, test):
            return ComputedTest(of, test)
        case ElementTest(_, where):
            return ElementTest(of, where)
        case RankTest():
            return replace(node, of=of)
        case _:
            return node
