"""Tests fitted to the type of their column; literals become values of that type (law 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from segctl.logic import bound, exact, spans
from segctl.logic.algebra import NOBODY, any_of, constant, negated
from segctl.logic.bound import Between, Column, During, Elements, Equals, IsBlank, IsPresent, Never, OnDays
from segctl.logic.fit_forms import Form, fit_form
from segctl.logic.letters import lower_case
from segctl.logic.literals import NUMBERS, TIMES, a_kind, fits, mend, numeric, reversed_range, shown
from segctl.logic.nodes import (
    Blank,
    Includes,
    Length,
    Literal,
    Moment,
    OneOf,
    Pattern,
    Present,
    Range,
    Rank,
    TextMatch,
    TimeTest,
    ValueTest,
    VersionRange,
    YearlyBetween,
    YearlyWithin,
)
from segctl.logic.problem import Problem, column_words, type_words, wrong_operator
from segctl.logic.types import NO_ELEMENTS, NOTHING, ListOf, Scalar, Type
from segctl.model.values import MICROSECONDS

Simple = Equals | Between | During | OnDays | Never


def fit(test: ValueTest, column: Column, zone: str) -> tuple[bound.Node, tuple[Problem, ...]]:
    """The condition that the column's value passes the test, and what is wrong with it.

    `zone` is that of dates and local times. With problems the condition means nothing.
    """
    if column.type == NOTHING or (column.type == NO_ELEMENTS and isinstance(test, Includes)):
        return constant(isinstance(test, Blank)), ()
    fitting = _Fitting(column, zone)
    return fitting.condition(test), tuple(fitting.problems)


class _Fitting:
    """One test on one column."""

    def __init__(self, column: Column, zone: str) -> None:
        self.column = column
        self.zone = zone
        self.problems: list[Problem] = []

    def condition(self, test: ValueTest) -> bound.Node:
        match test:
            case OneOf():
                return any_of(self._test(one) for one in self._one_of(test))
            case Blank() if self.column.type != Scalar.STRING and not _is_list(self.column.type):
                return negated(self._test(IsPresent()))
            case Pattern() | VersionRange() | YearlyWithin() | YearlyBetween() | Length():
                return self._form(test)
            case Rank():
                return self._rank(test)
            case _:
                return self._test(self._one_test(test))

    def _rank(self, test: Rank) -> bound.Node:
        if self.column.type not in (*NUMBERS, *TIMES):
            return self._test(self._wrong("top" if test.top else "bottom"))
        return bound.RankTest(self.column, test.top, None if test.share is None else Fraction(test.share), test.users)

    def _form(self, test: Form) -> bound.Node:
        fitted, problems = fit_form(test, self.column, self.zone)
        self.problems += problems
        return self._test(fitted)

    def _one_test(self, test: ValueTest) -> bound.Test:
        match test:
            case Present() | Blank():
                return IsPresent() if isinstance(test, Present) else IsBlank()
            case Includes():
                return self._includes(test)
            case TextMatch():
                return self._text(test)
            case Range():
                return self.between(test)
            case TimeTest():
                return self.moment(test)
            case _:
                raise TypeError(f"{type(test).__name__} is more than a test of one value")

    def _test(self, test: bound.Test) -> bound.Node:
        return NOBODY if isinstance(test, Never) else bound.ValueTest(self.column, test)

    def _wrong(self, operator: str) -> Never:
        self.problems.append(wrong_operator(self.column, operator))
        return Never()

    def _one_of(self, test: OneOf) -> Iterable[Simple]:
        if not isinstance(self.column.type, Scalar):
            return (self._wrong("is" if len(test.values) == 1 else "in"),)
        return together(self._literals(self.column.type, test.values, ignore_case=test.ignore_case))

    def _includes(self, test: Includes) -> Elements | Never:
        kind = self.column.type
        if not isinstance(kind, ListOf) or not isinstance(kind.element, Scalar):
            return self._wrong("includes_all" if test.every else "includes_any")
        ones = self._literals(kind.element, test.values, ignore_case=test.ignore_case)
        tests = tuple(sorted(set(ones), key=repr)) if test.every else together(ones)
        if not tests or (test.every and Never() in tests):
            return Never()
        return Elements(test.every and len(tests) > 1, tests)

    def _text(self, test: TextMatch) -> bound.Text | Never:
        if self.column.type != Scalar.STRING:
            return self._wrong(test.kind.value)
        texts = {lower_case(text) if test.ignore_case else text for text in test.texts}
        return bound.Text(test.kind, tuple(sorted(texts)), test.ignore_case)

    def _literals(self, kind: Scalar, values: Sequence[Literal], *, ignore_case: bool) -> list[Simple]:
        """One test for each literal."""
        if ignore_case and kind != Scalar.STRING:
            self.problems.append(self._no_case(kind))
        return [self._literal(kind, number, value, ignore_case) for number, value in enumerate(values)]

    def _no_case(self, kind: Scalar) -> Problem:
        return Problem(
            "ignore-case", f"`ignore_case` does not fit {column_words(self.column)}, which is {type_words(kind)}",
            hint="only text has upper and lower case: remove it",
        )  # fmt: skip

    def _literal(self, kind: Scalar, number: int, value: Literal, ignore_case: bool) -> Simple:  # noqa: FBT001
        if not fits(kind, value):
            return self._misfit(kind, number, value)
        if isinstance(value, bool):
            return Equals((value,))
        if kind in TIMES:
            return self._fixed(*(self._stretch(number, str(value)) or (0, 0)))
        if isinstance(value, str):
            return Equals((lower_case(value) if ignore_case else value,), ignore_case)
        equal = exact.equal_on_integers(value) if kind == Scalar.INT else exact.equal_on_floats(value)
        return Never() if equal is None else Equals((equal,))

    def _misfit(self, kind: Scalar, number: int, value: Literal) -> Never:
        self.problems.append(
            Problem(
                "literal-type",
                f"{column_words(self.column)} is {type_words(self.column.type)}, "
                f"and `{shown(value)}` is {a_kind(value)}",
                detail="a literal of another type could never match",
                hint=mend(kind, value),
                literal=number,
            )
        )
        return Never()

    def between(self, test: Range) -> Between | Equals | During | OnDays | IsPresent | Never:
        """A range on the column."""
        kind = self.column.type
        if not isinstance(kind, Scalar) or kind not in (*NUMBERS, *TIMES):
            return self._wrong(_range_operator(test))
        limits = [v for v in (test.low, test.high) if v is not None]
        checked = [self._checked(kind, number, value) for number, value in enumerate(limits)]
        if not all(checked):
            return Never()
        return self._numbers(test, kind) if kind in NUMBERS else self._moments(test)

    def _checked(self, kind: Scalar, number: int, value: Literal) -> bool:
        if not fits(kind, value):
            self._misfit(kind, number, value)
            return False
        return kind not in TIMES or self._stretch(number, str(value)) is not None

    def _numbers(self, test: Range, kind: Scalar) -> Between | Equals | IsPresent | Never:
        if exact.is_empty(numeric(test)):
            return self._reversed(test)
        if kind == Scalar.INT:
            return exact.on_integers(numeric(test))
        return exact.on_floats(numeric(test, doubles=True))

    def _moments(self, test: Range) -> During | OnDays | Never:
        low = None if test.low is None else self._stretch(0, str(test.low))
        high = None if test.high is None else self._stretch(1, str(test.high))
        if low is not None and high is not None and low[0] >= high[1]:
            return self._reversed(test)
        return self._fixed(*spans.between(test, low, high))

    def _reversed(self, test: Range) -> Never:
        self.problems.append(reversed_range(column_words(self.column), shown(test.low), shown(test.high)))
        return Never()

    def _stretch(self, number: int, text: str) -> spans.Stretch | None:
        days = self.column.type == Scalar.DATE or self.column.type == ListOf(Scalar.DATE)
        stretch = spans.written_day(text) if days else spans.written_stretch(text, self.zone)
        if not isinstance(stretch, Problem):
            return stretch
        summary = f"{column_words(self.column)} is {type_words(self.column.type)}: {stretch.summary}"
        self.problems.append(Problem(stretch.code, summary, stretch.detail, stretch.hint, number))
        return None

    def _fixed(self, start: int | None, end: int | None) -> During | OnDays | Never:
        if start is not None and end is not None and start >= end:
            return Never()
        days = self.column.type == Scalar.DATE or self.column.type == ListOf(Scalar.DATE)
        return spans.on_days(start, end) if days else spans.during(start, end)

    def moment(self, test: TimeTest) -> During | OnDays | Never:
        """A time operator on the column."""
        if self.column.type not in TIMES:
            return self._wrong(test.moment.value)
        if isinstance(test.than, int):
            return self._relative(test, test.than)
        stretch = self._stretch(0, test.than)
        if stretch is None:
            return Never()
        if test.moment is Moment.ON and not spans.is_date(test.than):
            self.problems.append(_on_instant(test.than))
        return self._fixed(*spans.chosen(test.moment, stretch))

    def _relative(self, test: TimeTest, length: int) -> During | OnDays | Never:
        if self.column.type == Scalar.TIME:
            return spans.relative_time(test, length)
        days, rest = divmod(length, MICROSECONDS["d"])
        if not rest:
            return spans.relative_days(test, days, self.zone)
        self.problems.append(
            Problem(
                "duration-days",
                f"{column_words(self.column)} is a date, and the duration of `{test.moment}` is not of whole days",
                hint="use whole days or weeks: `1d`, `2w`",
                literal=0,
            )
        )
        return Never()


def _is_list(kind: Type) -> bool:
    return isinstance(kind, ListOf) or kind == NO_ELEMENTS


def together(tests: Iterable[Simple]) -> tuple[Simple, ...]:
    """The tests of which one must pass: equal values in one test, in a fixed order, without those that never do."""
    equals = [test for test in tests if isinstance(test, Equals)]
    others = {test for test in tests if not isinstance(test, Equals | Never)}
    merged: list[Simple] = []
    if equals:
        values = {value for test in equals for value in test.values}
        merged.append(Equals(tuple(sorted(values, key=_order)), equals[0].ignore_case))
    return (*merged, *sorted(others, key=repr))


def _order(value: bool | float | str) -> tuple[float, str]:  # noqa: FBT001 a column's values are of one type
    return (0, value) if isinstance(value, str) else (value, "")


def _range_operator(test: Range) -> str:
    if test.low is not None and test.high is not None:
        return "between"
    if test.low is not None:
        return "more_than" if test.low_open else "at_least"
    return "less_than" if test.high_open else "at_most"


def _on_instant(text: str) -> Problem:
    return Problem(
        "literal-type", f"`on` needs a date, and `{text}` has a time of day",
        hint="write the date alone, or use `is` for the very instant", literal=0,
    )  # fmt: skip
