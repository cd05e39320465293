"""How a number of rows changes as time goes on: every row comes once and goes once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from segctl.logic import bound, exact
from segctl.logic.interpret import Row
from segctl.logic.nodes import MeasureKind
from segctl.logic.relative import relative
from segctl.logic.value_tests import Ago


def can_be_swept(test: bound.EventTest) -> bool:
    """Whether it counts rows in a window of fixed length, of rows that pass or do not at any time."""
    fixed = all(limit is None or isinstance(limit, Ago | bound.At) for limit in (test.rows.start, test.rows.end))
    counts = test.measure.kind is MeasureKind.COUNT and isinstance(test.test, bound.Exactly)
    return fixed and counts and not relative(test.rows.where)


def turns(test: bound.EventTest, rows: Sequence[Row], as_of_us: int) -> Iterator[int]:
    """The instants from which on the count passes where it did not, or the reverse; rows are those that can count."""
    if not isinstance(test.test, bound.Exactly):
        return
    changes: Counter[int] = Counter()
    for row in rows:
        comes, goes = _span(test.rows, row.time_us)
        if goes is None or comes < goes:
            changes[max(comes, as_of_us)] += 1
            if goes is not None:
                changes[max(goes, as_of_us)] -= 1
    count = changes.pop(as_of_us, 0)
    passes = exact.contains(test.test, Fraction(count))
    for instant in sorted(changes):
        count += changes[instant]
        later = exact.contains(test.test, Fraction(count))
        if later is not passes:
            yield instant
        passes = later


def _span(rows: bound.Rows, us: int) -> tuple[int, int | None]:
    """From which as_of on a row counts, and from which on no more; the same where it never does."""
    never = (0, 0)
    if isinstance(rows.start, bound.At) and us < rows.start.us:
        return never
    if isinstance(rows.end, bound.At) and us >= rows.end.us:
        return never
    comes = us + 1 + (rows.end.us if isinstance(rows.end, Ago) else 0)
    return comes, us + 1 + rows.start.us if isinstance(rows.start, Ago) else None
