"""Tests on the values of a column: one boolean per row. A missing value passes none but `IsBlank`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.engine import texts
from segctl.engine.columns import valid_of
from segctl.engine.thresholds import doubles_between, exactly, integers_within
from segctl.engine.yearly import on_year_days
from segctl.index.column import Bits, ColumnData, Lists, Presence, Values
from segctl.logic.bound import (
    At,
    Between,
    Date,
    During,
    Elements,
    Equals,
    HasLength,
    IsBlank,
    IsPresent,
    OnDays,
    Test,
    YearDays,
)
from segctl.logic.types import Scalar

Match = Callable[[pa.Array, texts.TextTest], Bits]
"""Which texts of a dictionary pass; `texts.matching`, or one that remembers."""

_FEW = 4
"""Up to so many codes, comparing each is faster than looking every row up."""

_EMPTY = Equals(("",))


def passes(column: ColumnData, test: Test, match: Match = texts.matching) -> Bits:
    """Which rows' values pass the test; relative instants in it have been resolved."""
    match test:
        case IsPresent():
            return present(column)
        case IsBlank():
            return _blank(column, match)
        case Elements() if isinstance(column, Lists):
            return _elements(column, test, match)
        case HasLength() if isinstance(column, Lists):
            return integers_within(np.diff(column.offsets), test.test) & present(column)
        case _ if isinstance(column, Values):
            return _scalar(column, test, match)
    return np.zeros(length(column), dtype=np.bool_)


def missing(test: Test, rows: int) -> Bits:
    """What the test says of so many rows without a value: only `IsBlank` is true of them."""
    return np.full(rows, isinstance(test, IsBlank), dtype=np.bool_)


def length(column: ColumnData) -> int:
    """How many rows a column has."""
    match column:
        case Values(values=values):
            return len(values)
        case Lists(offsets=offsets):
            return len(offsets) - 1
        case Presence(valid=valid):
            return len(valid)


def present(column: ColumnData) -> Bits:
    """Which rows have a value: not null, not NaN."""
    valid = valid_of(column) if isinstance(column, Values) else column.valid
    return np.ones(length(column), dtype=np.bool_) if valid is None else valid


def _blank(column: ColumnData, match: Match) -> Bits:
    """Which rows are null, the empty text or the empty list."""
    nothing: Bits = ~present(column)
    match column:
        case Values(type=Scalar.STRING):
            return nothing | _scalar(column, _EMPTY, match)
        case Lists(offsets=offsets):
            return np.asarray(nothing | (offsets[1:] == offsets[:-1]))
    return nothing


def _scalar(column: Values, test: Test, match: Match) -> Bits:
    """A test on scalars; rows without a value are taken out where the values do not tell themselves."""
    if column.type is Scalar.STRING:
        return _coded(column, test, match)
    passed = _plain(column, test)
    return passed if column.valid is None else passed & column.valid


def _coded(column: Values, test: Test, match: Match) -> Bits:
    """A test on the dictionary, spread over the rows' codes."""
    if column.dictionary is None or not isinstance(test, texts.TextTest):
        return np.zeros(len(column.values), dtype=np.bool_)
    return spread(match(column.dictionary, test), column.values)


def spread(matching: Bits, codes: npt.NDArray[np.integer]) -> Bits:
    """Per row, whether what its code points to is matching; a code of -1 is not."""
    numbers = np.flatnonzero(matching)
    if len(numbers) > _FEW:
        return np.append(matching, False).take(codes, mode="wrap")  # the last is what -1 points to
    passed = np.zeros(len(codes), dtype=np.bool_)
    for number in numbers.astype(codes.dtype):
        passed |= codes == number
    return passed


def _plain(column: Values, test: Test) -> Bits:
    """A test on values that stand for themselves."""
    values = column.values
    match test:
        case Equals(values=wanted):
            return _equal(values, wanted)
        case Between():
            return _between(column, test)
        case During(start=start, end=end) | OnDays(start=start, end=end):
            return _half_open(values, start, end)
        case YearDays():
            return on_year_days(values, test)
    return np.zeros(len(values), dtype=np.bool_)


def _equal(values: npt.NDArray[Any], wanted: tuple[float | str, ...]) -> Bits:
    """Which values equal one of the wanted; a number that the column's type cannot hold equals none."""
    fitting = [value for value in wanted if _fits(value, values.dtype)]
    if len(fitting) > _FEW:
        return np.isin(values, np.array(fitting, dtype=values.dtype))
    passed = np.zeros(len(values), dtype=np.bool_)
    for value in fitting:
        passed |= values == values.dtype.type(value)
    return passed


def _fits(value: float | str, dtype: np.dtype[Any]) -> bool:
    """Whether the type holds exactly this number."""
    if dtype.kind != "i" or isinstance(value, str):
        return True
    limits = np.iinfo(dtype)
    return limits.min <= value <= limits.max and value == int(value)


def _between(column: Values, test: Between) -> Bits:
    if column.type is not Scalar.INT:
        return doubles_between(column.values, test)
    limits = exactly(test)
    return np.zeros(len(column.values), dtype=np.bool_) if limits is None else integers_within(column.values, limits)


def _half_open(values: npt.NDArray[Any], start: object, end: object) -> Bits:
    """Which instants or days lie in [start, end)."""
    passed = np.ones(len(values), dtype=np.bool_)
    if start is not None:
        passed &= values >= _number(start)
    if end is not None:
        passed &= values < _number(end)
    return passed


def _number(moment: object) -> int:
    match moment:
        case At(us=us):
            return us
        case Date(days=days):
            return days
    raise TypeError(f"{moment!r} has not been resolved")


def _elements(column: Lists, test: Elements, match: Match) -> Bits:
    """Which lists have an element for every test, or for any."""
    passed = np.full(length(column), test.every, dtype=np.bool_)
    first, last = int(column.offsets[0]), int(column.offsets[-1])
    elements, offsets = column.elements.slice(first, last), column.offsets - first
    for one in test.tests:
        found = any_element(offsets, passes(elements, one, match))
        passed = passed & found if test.every else passed | found
    return passed if column.valid is None else passed & column.valid


def any_element(offsets: npt.NDArray[np.int64], passed: Bits) -> Bits:
    """Per list, whether one of its elements passed."""
    before = np.concatenate(([0], np.cumsum(passed)))
    found: Bits = before[offsets[1:]] > before[offsets[:-1]]
    return found
