"""Tests that are on columns of one kind: patterns and versions on texts, days of the year, lengths of lists."""

from __future__ import annotations

from segctl.logic import exact
from segctl.logic.bound import Column, Exactly, HasLength, IsPresent, Matches, Never, RelativeYearDays, Test, Versions
from segctl.logic.literals import TIMES, numeric, reversed_range, shown
from segctl.logic.nodes import Length, Pattern, VersionRange, YearlyBetween, YearlyWithin
from segctl.logic.problem import Problem, column_words, wrong_operator
from segctl.logic.types import NO_ELEMENTS, ListOf, Scalar
from segctl.model.patterns import fault_of
from segctl.model.versions import version_order

Form = Pattern | VersionRange | YearlyWithin | YearlyBetween | Length

_WHOLE_YEAR = 366
"""So many days hold every day of the year."""

Fitted = tuple[Test, tuple[Problem, ...]]


def fit_form(test: Form, column: Column, zone: str) -> Fitted:
    """The test of a column's values, and what is wrong with it; `zone` is that of local days."""
    match test:
        case Pattern():
            return _patterns(test, column)
        case VersionRange():
            return _versions(test, column)
        case YearlyWithin() | YearlyBetween():
            return _yearly(test, column, zone)
        case Length():
            return _length(test, column)


def _patterns(test: Pattern, column: Column) -> Fitted:
    """Patterns have been checked as they were written; in both cases one may be too large."""
    fitted = _on_texts(Matches(tuple(sorted(set(test.patterns))), test.ignore_case), column, "matches")
    faults = [(number, fault_of(f"(?i){one}")) for number, one in enumerate(test.patterns) if test.ignore_case]
    wrong = tuple(_bad_pattern(number, fault) for number, fault in faults if fault)
    return (Never(), wrong) if wrong and not fitted[1] else fitted


def _bad_pattern(number: int, fault: str) -> Problem:
    return Problem(
        "bad-pattern", f"the pattern cannot be searched for in upper and lower case: {fault}",
        hint="write a shorter one, or leave `ignore_case` out", literal=number,
    )  # fmt: skip


def _on_texts(fitted: Matches | Versions, column: Column, operator: str) -> Fitted:
    if column.type != Scalar.STRING:
        return Never(), (wrong_operator(column, operator),)
    return fitted, ()


def _versions(test: VersionRange, column: Column) -> Fitted:
    low, high = (None if limit is None else version_order(limit) for limit in (test.low, test.high))
    fitted = _on_texts(Versions(test.low, test.high, test.low_open, test.high_open), column, "version")
    if fitted[1] or low is None or high is None or low <= high:
        return fitted
    return Never(), (reversed_range(f"versions of {column_words(column)}", str(test.low), str(test.high)),)


def _yearly(test: YearlyWithin | YearlyBetween, column: Column, zone: str) -> Fitted:
    if column.type not in TIMES:
        return Never(), (wrong_operator(column, "anniversary"),)
    dates = column.type == Scalar.DATE
    if isinstance(test, YearlyBetween):
        return RelativeYearDays(zone, None, _key(test.low), _key(test.high), dates), ()
    if abs(test.days) >= _WHOLE_YEAR:
        return IsPresent(), ()
    return RelativeYearDays(zone, test.days, of_dates=dates), ()


def _key(day: tuple[int, int]) -> int:
    month, number = day
    return month * 100 + number


def _length(test: Length, column: Column) -> Fitted:
    if not isinstance(column.type, ListOf) and column.type != NO_ELEMENTS:
        return Never(), (wrong_operator(column, "length"),)
    limits = numeric(test.test)
    if exact.is_empty(limits):
        what = f"the length of {column_words(column)}"
        return Never(), (reversed_range(what, shown(test.test.low), shown(test.test.high)),)
    return _whole(exact.whole(limits)), ()


def _whole(limits: Exactly) -> HasLength | IsPresent | Never:
    """A length is a whole number that is never below 0."""
    low = None if limits.low is None or limits.low <= 0 else limits.low
    if exact.is_empty(limits) or (limits.high is not None and limits.high < 0):
        return Never()
    return IsPresent() if low is None and limits.high is None else HasLength(Exactly(low, limits.high))
