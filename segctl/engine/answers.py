"""From tallies to the answer of a threshold: one boolean per user."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from segctl.engine.algebra import joined
from segctl.engine.distinct import Distinct, LocalDays
from segctl.engine.medians import Median
from segctl.engine.periods import Periods
from segctl.engine.plan import Span, Tally, Threshold
from segctl.engine.source import Bits, Ints
from segctl.engine.tallies import Extreme, Moment, RowCount, Sum, Tallied, ValueCount
from segctl.engine.thresholds import doubles_within, integers_within, ratios_within, scaled
from segctl.logic.bound import Exactly
from segctl.logic.exact import MILLION


def answer(threshold: Threshold, tallied: Mapping[Tally, Tallied], size: int) -> Bits:
    """Which of `size` users pass; where there is no test, for which of them the measure is missing."""
    match [tallied[tally] for tally in threshold.tallies]:
        case [Sum(sums=sums), ValueCount(counts=counts)]:
            return _ratio(sums, counts, threshold.test)
        case [Median(ratios=ratios)]:
            return _ratio(ratios.numerators, ratios.denominators, threshold.test)
        case [Moment() as moment]:
            return _moment(moment, threshold.test)
        case [Extreme() as extreme]:
            return _extreme(extreme, threshold.test)
        case [single] if isinstance(threshold.test, Exactly):
            return _number(single, threshold.test)
    return np.zeros(size, dtype=np.bool_)  # counts and sums are never missing


def _number(tally: Tallied, test: Exactly) -> Bits:
    match tally:
        case Sum(sums=sums):
            return integers_within(sums, scaled(test, MILLION))
        case RowCount(counts=counts) | ValueCount(counts=counts):
            return integers_within(counts, test)
        case Distinct() | LocalDays() | Periods():
            return integers_within(tally.counts, test)
    raise TypeError(f"{type(tally).__name__} gives no number")


def _ratio(numerators: Ints, denominators: Ints, test: Exactly | Span | None) -> Bits:
    """A number in millionths; there is none over 0."""
    there = denominators > 0
    if not isinstance(test, Exactly):
        return ~there
    there[there] = ratios_within(numerators[there], denominators[there], scaled(test, MILLION))
    return there


def _moment(moment: Moment, test: Exactly | Span | None) -> Bits:
    if not isinstance(test, Span):
        return ~moment.seen
    return moment.seen & (moment.times >= test.start) & (moment.times < test.end)


def _extreme(extreme: Extreme, test: Exactly | Span | None) -> Bits:
    """The greatest is above a bound if it is for integers or for floats, and below one if for both that are there."""
    seen = joined(extreme.seen.values(), extreme.size, every=False)
    if not isinstance(test, Exactly):
        return ~seen
    above = _each(extreme, Exactly(test.low, None, low_open=test.low_open))
    below = _each(extreme, Exactly(None, test.high, high_open=test.high_open))
    some, every = (above, below) if extreme.greatest else (below, above)
    hold = (passed | ~there for passed, there in zip(every, extreme.seen.values(), strict=True))
    return joined(some, extreme.size, every=False) & joined(hold, extreme.size, every=True)


def _each(extreme: Extreme, test: Exactly) -> list[Bits]:
    """Who passes by the integers alone, by the floats alone."""
    return [
        there & (doubles_within(best, test) if best.dtype.kind == "f" else integers_within(best, test))
        for best, there in zip(extreme.best.values(), extreme.seen.values(), strict=True)
    ]
