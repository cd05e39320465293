"""Written operators as tests: one positive test for each operator and its negative twin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from segctl.logic.nodes import (
    Blank,
    Includes,
    Length,
    MeasureTest,
    Moment,
    OneOf,
    Pattern,
    Present,
    Range,
    Rank,
    TextKind,
    TextMatch,
    TimeTest,
    ValueTest,
    VersionRange,
    YearlyBetween,
    YearlyWithin,
)
from segctl.model.operators import (
    COMPARISONS,
    TIME_OPERATORS,
    Comparison,
    TimeOperators,
    ValueOperators,
)
from segctl.model.recurring import ANNIVERSARY_OPERATORS, Anniversary, month_day
from segctl.model.values import MICROSECONDS, Model, duration_us, one_of, share_of
from segctl.model.versions import VERSION_OPERATORS, VersionOperators, canonical_version

DEFAULT_COUNT = Range(low=1)
"""At least once: what an event condition asks that names no measure."""

_NEGATIVE = frozenset({"is_not", "not_in", "not_contains", "not_matches", "includes_none"})
_STATES = frozenset({"exists", "blank"})
_RANGES: dict[str, Callable[[Any], Range]] = {
    "more_than": lambda value: Range(low=value, low_open=True),
    "at_least": lambda value: Range(low=value),
    "less_than": lambda value: Range(high=value, high_open=True),
    "at_most": lambda value: Range(high=value),
    "exactly": lambda value: Range(low=value, high=value),
    "between": lambda value: Range(low=value[0], high=value[1]),
}
_SETS: dict[str, Callable[[tuple[Any, ...], bool], ValueTest]] = {
    "is": OneOf,
    "is_not": OneOf,
    "in": OneOf,
    "not_in": OneOf,
    "contains": lambda texts, ignore_case: TextMatch(TextKind.CONTAINS, texts, ignore_case),
    "not_contains": lambda texts, ignore_case: TextMatch(TextKind.CONTAINS, texts, ignore_case),
    "starts_with": lambda texts, ignore_case: TextMatch(TextKind.STARTS, texts, ignore_case),
    "ends_with": lambda texts, ignore_case: TextMatch(TextKind.ENDS, texts, ignore_case),
    "matches": Pattern,
    "not_matches": Pattern,
    "includes_any": lambda values, ignore_case: Includes(False, values, ignore_case),
    "includes_all": lambda values, ignore_case: Includes(True, values, ignore_case),
    "includes_none": lambda values, ignore_case: Includes(False, values, ignore_case),
}
_DATES = frozenset({Moment.BEFORE, Moment.AFTER, Moment.ON})


def _operator(model: Model, operators: Sequence[str]) -> tuple[str, Any]:
    """The key of the one operator that was written, and its value."""
    key = one_of(model, operators)[0]
    field = next(f for f in operators if (type(model).model_fields[f].alias or f) == key)
    return key, getattr(model, field)


def value_test(model: ValueOperators) -> tuple[ValueTest, bool]:
    """The positive test of the operator, and whether the operator is its negation."""
    key, value = _operator(model, model.operators)
    if key == "version":
        return _version(value)
    if key in _STATES:
        return (Present() if key == "exists" else Blank()), not value
    if key in _SETS:
        values = tuple(value) if isinstance(value, list) else (value,)
        return _SETS[key](values, model.ignore_case), key in _NEGATIVE
    if key in _OTHERS:
        return _OTHERS[key](value), False
    return (_RANGES[key](value) if key in _RANGES else _moment(key, value)), False


def _version(model: VersionOperators) -> tuple[VersionRange, bool]:
    key, value = _operator(model, VERSION_OPERATORS)
    plain = list(map(canonical_version, value)) if isinstance(value, list) else canonical_version(value)
    found = _RANGES["exactly" if key in ("is", "is_not") else key](plain)
    low, high = (None if limit is None else str(limit) for limit in (found.low, found.high))
    return VersionRange(low, high, found.low_open, found.high_open), key == "is_not"


def _anniversary(model: Anniversary) -> YearlyWithin | YearlyBetween:
    key, value = _operator(model, ANNIVERSARY_OPERATORS)
    if key in ("within_next", "within_last"):
        days = duration_us(value) // MICROSECONDS["d"]
        return YearlyWithin(days if key == "within_next" else -days)
    low, high = value if isinstance(value, list) else (value, value)
    return YearlyBetween(month_day(low), month_day(high))


def _rank(amount: int | str, *, top: bool) -> Rank:
    return Rank(top, users=amount) if isinstance(amount, int) else Rank(top, share=share_of(amount))


_OTHERS: dict[str, Callable[[Any], ValueTest]] = {
    "length": lambda value: Length(comparison(value)),
    "anniversary": _anniversary,
    "top": lambda amount: _rank(amount, top=True),
    "bottom": lambda amount: _rank(amount, top=False),
}


def _moment(key: str, value: str) -> TimeTest:
    moment = Moment(key)
    return TimeTest(moment, value if moment in _DATES else duration_us(value))


def comparison(model: Comparison) -> Range:
    """A comparison of a computed number."""
    key, value = _operator(model, COMPARISONS)
    return _RANGES[key](value)


def time_test(model: TimeOperators) -> tuple[MeasureTest | None, bool]:
    """The positive test of a first or last time, and whether the operator is its negation; None that there is one."""
    key, value = _operator(model, TIME_OPERATORS)
    if key in _STATES:
        return None, value is (key == "blank")
    if key in _SETS:
        return OneOf(tuple(value) if isinstance(value, list) else (value,)), key in _NEGATIVE
    if isinstance(value, Anniversary):
        return _anniversary(value), False
    return (_RANGES[key](value) if key in _RANGES else _moment(key, value)), False


def literal_keys(model: Model, operators: Sequence[str]) -> Iterator[tuple[str | int, ...]]:
    """The paths of the operator's literals below the condition, in their order."""
    key, value = _operator(model, operators)
    if isinstance(value, Model):
        yield from ((key, *keys) for keys in literal_keys(value, tuple(type(value).model_fields)))
    elif isinstance(value, list):
        yield from ((key, i) for i in range(len(value)))
    else:
        yield (key,)
