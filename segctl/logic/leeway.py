"""What a value may still be, after some tests on it are known to hold and others not to hold.

Everything here errs to one side: where it says that nothing is left, no value of the column's type meets
all that is known, whatever as_of is; where it says that something is left, that may be wrong.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from segctl.logic.bound_tests import (
    At,
    Between,
    Date,
    Day,
    During,
    Elements,
    Equals,
    Exactly,
    HasLength,
    Instant,
    IsBlank,
    IsPresent,
    LocalMidnight,
    Never,
    OnDays,
    Test,
    Today,
)
from segctl.logic.keyed import Condition
from segctl.logic.lines import EMPTY, WHOLE, Line, Mark, both, either, outside, stretch
from segctl.logic.texts import some_text
from segctl.logic.types import ListOf, Scalar, Type
from segctl.logic.value_tests import Ago

NUMBERS = "number"
"""The line of numbers, days and instants that are fixed."""

LENGTHS = "length"
"""The line of the lengths of a list."""

_WHOLE = (Scalar.INT, Scalar.BOOL)

Known = tuple[Test | Condition, bool]
"""A test on the value, or a condition on one of its elements, and whether it holds."""


@dataclass(frozen=True)
class Leeway:
    """What is left: the missing value, or present values.

    Of these each must lie on the stretches of all `lines` (fixed times and times relative to as_of are lines
    of their own: how they compare depends on as_of), and meet all that is `known` of texts and lists.
    """

    missing: bool = True
    present: bool = True
    lines: Mapping[str, Line] = field(default_factory=dict)
    known: frozenset[Known] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is left."""
        return not self.missing and not self.present

    def absent(self) -> Leeway:
        """Without the present values."""
        return dataclasses.replace(self, present=False)

    def there(self) -> Leeway:
        """Without the missing value."""
        return dataclasses.replace(self, missing=False)

    def on(self, lines: Mapping[str, Line]) -> Leeway:
        """Present values on these stretches only."""
        merged = {**self.lines, **{name: both(self.lines.get(name, WHOLE), line) for name, line in lines.items()}}
        return dataclasses.replace(self, lines=merged, present=self.present and all(merged.values()))

    def off(self, lines: Mapping[str, Line]) -> Leeway:
        """Present values that are not on all of these stretches."""
        if not lines:
            return self.absent()
        if len(lines) > 1:
            return self  # beside the one or beside the other: nothing is sure of either
        return self.on({name: outside(line) for name, line in lines.items()})


def of_type(kind: Type) -> Leeway:
    """Any value of a column of this type."""
    if isinstance(kind, ListOf):
        return Leeway(lines={LENGTHS: stretch((0, 0), None)})
    limits = {Scalar.BOOL: stretch((0, 0), (2, 0)), Scalar.INT: stretch((-(2**63), 0), (2**63, 0))}
    known = limits.get(kind) if isinstance(kind, Scalar) else None
    return Leeway() if known is None else Leeway(lines={NUMBERS: known})


def learn(leeway: Leeway, kind: Type, test: Test, *, holds: bool) -> Leeway:
    """What is left when a test on a value of this type is known to hold, or not to hold."""
    if isinstance(test, IsPresent):
        return leeway.there() if holds else leeway.absent()
    if isinstance(test, IsBlank):
        return _blank(leeway, kind, holds=holds)
    left = leeway.there() if holds else leeway  # all other tests are false on a missing value
    if isinstance(test, Never):
        return left.absent() if holds else left
    told = _told(left, kind, test, holds=holds)
    lines = _lines(test, kind, holds=holds)
    if lines is None:
        return told
    return told.on(lines) if holds else told.off(lines)


def learn_element(leeway: Leeway, of_one: Condition, *, holds: bool) -> Leeway:
    """What is left of a list when one of its elements is known to meet a condition, or none."""
    known = leeway.known | {(of_one, holds)}
    left = dataclasses.replace(leeway, known=known, present=leeway.present and (of_one, not holds) not in known)
    return left.there().on({LENGTHS: stretch((1, 0), None)}) if holds else left


def _blank(leeway: Leeway, kind: Type, *, holds: bool) -> Leeway:
    """The missing value is blank, and of those that are there the empty text and the empty list."""
    left = leeway if holds else leeway.there()
    if isinstance(kind, ListOf):
        lines = {LENGTHS: stretch((0, 0), (1, 0))}
        return left.on(lines) if holds else left.off(lines)
    if kind == Scalar.STRING:
        return _told(left, kind, Equals(("",)), holds=holds)
    return left.absent() if holds else left


def _told(leeway: Leeway, kind: Type, test: Test, *, holds: bool) -> Leeway:
    """The test is kept in mind: it cannot both hold and not hold, and texts are looked at all together."""
    known = leeway.known | {(test, holds)}
    possible = (test, not holds) not in known and (kind != Scalar.STRING or some_text(known))
    return dataclasses.replace(leeway, known=known, present=leeway.present and possible)


# --- tests as stretches -----------------------------------------------------------------------


def _lines(test: Test, kind: Type, *, holds: bool) -> Mapping[str, Line] | None:
    """The stretches, by line, on all of which a present value lies that passes; None where that is not known."""
    match test:
        case HasLength(lengths):
            return {LENGTHS: numbers(lengths, whole=True)}
        case Elements():
            return {LENGTHS: stretch((1, 0), None)} if holds else None
        case Equals(values) if kind != Scalar.STRING:
            points = EMPTY
            for value in values:
                points = either(points, _point(value, whole=kind in _WHOLE))
            return {NUMBERS: points}
        case Between():
            return {NUMBERS: numbers(test, whole=kind in _WHOLE)}
        case During(start, end) | OnDays(start, end):
            return between(start, end)
        case _:
            return None


def _point(value: bool | float | str, *, whole: bool) -> Line:  # noqa: FBT001 a column's values are of one type
    if isinstance(value, str):
        return WHOLE
    return stretch((value, 0), (int(value) + 1, 0) if whole else (value, 1))


def numbers(test: Between | Exactly, *, whole: bool) -> Line:
    """The numbers between the bounds; of `whole` numbers the marks lie right before one, where a bound is one."""
    low = high = None
    if test.low is not None:
        low = _mark(test.low, after=test.low_open, whole=whole)
    if test.high is not None:
        high = _mark(test.high, after=not test.high_open, whole=whole)
    return stretch(low, high)


def _mark(number: float | Fraction, *, after: bool, whole: bool) -> Mark:
    if after and whole and isinstance(number, int | Fraction) and number.denominator == 1:
        return number + 1, 0
    return number, int(after)


def between(start: Instant | Day | None, end: Instant | Day | None) -> Mapping[str, Line]:
    """The stretches of what lies in [start, end)."""
    lines: dict[str, Line] = {}
    if start is not None:
        name, mark = place(start)
        lines[name] = stretch(mark, None)
    if end is not None:
        name, mark = place(end)
        lines[name] = both(lines.get(name, WHOLE), stretch(None, mark))
    return lines


def place(limit: Instant | Day) -> tuple[str, Mark]:
    """The line that a limit lies on, and where on it; on a line, what stands later is never earlier."""
    match limit:
        case At(us):
            return NUMBERS, (us, 0)
        case Date(days):
            return NUMBERS, (days, 0)
        case Ago(us):
            return "from as_of", (-us, 0)
        case LocalMidnight(days_before, zone):
            return f"from midnight in {zone}", (-days_before, 0)
        case Today(plus, zone):
            return f"from today in {zone}", (plus, 0)
