"""Rows that are made up: when they lie, and what they hold, so that a condition counts them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from segctl.edges.cells import Cells, Spot
from segctl.edges.measuring import Measuring
from segctl.edges.rows import HOUR_US, MOST_ROWS, Shape, variants
from segctl.edges.stage import Stage
from segctl.logic import times
from segctl.logic.bound import Node
from segctl.logic.interpret import Row

Fill = Callable[[Node, Cells], Iterator[Cells]]
"""Ways to decide more of a row so that it passes a condition."""

_WAYS = 4
"""How many ways to fill the properties of one row are tried."""
_GAPS = 8
_FAR_US = 60 * times.DAY_US
_SOME_SECONDS = 60 * times.SECOND_US


@dataclass(frozen=True)
class Maker:
    """Makes rows; `instants` are where any window begins or ends, `measured` values that conditions measure."""

    stage: Stage
    instants: list[int]
    measured: list[tuple[Spot, object]]
    fill: Fill

    def realised(self, leaf: Measuring, shape: Shape) -> Iterator[tuple[Row, ...]]:
        """Rows of a shape, then those that other conditions can use as well."""
        yield from self.made(leaf, shape)
        for variant in variants(leaf, shape, self.measured):
            yield from itertools.islice(self.made(leaf, variant), _WAYS)

    def made(self, leaf: Measuring, shape: Shape) -> Iterator[tuple[Row, ...]]:
        """Rows of a shape that the condition counts, at several times and filled in several ways."""
        if not leaf.rows.names or not shape.rows:
            return
        for instants in self._instants(leaf, shape):
            ways = [self.fill(leaf.rows.where, cells) for cells in shape.rows[:1]]
            for first in itertools.islice(ways[0], _WAYS):
                rows = self._all_rows(leaf, shape, first, instants)
                if rows is not None:
                    yield rows

    def _all_rows(self, leaf: Measuring, shape: Shape, first: Cells, instants: list[int]) -> tuple[Row, ...] | None:
        """The rows; those after the first are filled like it where they can be."""
        found: list[Row] = []
        for cells, instant in zip(shape.rows, instants, strict=True):
            like = {**first, **cells}
            fits = self.stage.whole(leaf.rows.where, like)
            filled = like if fits else next(self.fill(leaf.rows.where, cells), None)
            row = None if filled is None else self._row(leaf, instant, filled)
            if row is None:
                return None
            found.append(row)
        return tuple(found)

    def _row(self, leaf: Measuring, instant: int, cells: Cells) -> Row | None:
        """A row of the first of the events that has these properties."""
        rows = (self.stage.row(name, instant, cells) for name in leaf.rows.names)
        return next((row for row in rows if row is not None), None)

    def _instants(self, leaf: Measuring, shape: Shape) -> Iterator[list[int]]:
        """When the rows can lie: between two edges of any window, inside this one."""
        if shape.at is not None:
            yield list(shape.at)
            return
        for low, high in self._gaps(leaf):
            if shape.each_day:
                found = self._on_days(low, high, len(shape.rows) - shape.same_day)
                found = [*found, *(at + 1 for at in found[: shape.same_day])]
            else:
                start = self._noon(low, high)
                apart = min(_SOME_SECONDS, (high - start) // (len(shape.rows) + 1))
                found = [start + n * apart for n in range(len(shape.rows))]
            if len(found) == len(shape.rows):
                yield found

    def _gaps(self, leaf: Measuring) -> list[tuple[int, int]]:
        """The window, then the stretches of it between the edges of others, the latest first."""
        start, end = self.stage.limits(leaf.rows)
        start = min(self.instants[0], end) - _FAR_US if start is None else start
        if start >= end:
            return []
        inside = [start, *(at for at in self.instants if start < at < end), end]
        gaps = [(low, high) for low, high in itertools.pairwise(inside)][::-1]
        return [*gaps[:_GAPS], (start, end)] if len(gaps) > 1 else gaps

    def _noon(self, low: int, high: int) -> int:
        """A time that people would write: the last noon, else a full hour or second, else the middle."""
        zone = self.stage.schema.zone
        noon = times.day_start(times.local_day(high - 1, zone) - 1, zone) + 12 * HOUR_US
        middle = (low + high) // 2
        for at in (noon, middle - middle % HOUR_US, middle - middle % times.SECOND_US):
            if low <= at and at + _SOME_SECONDS * MOST_ROWS < high:
                return at
        return middle - middle % times.SECOND_US if low <= middle - middle % times.SECOND_US else middle

    def _on_days(self, low: int, high: int, number: int) -> list[int]:
        """As many instants, each on a local day of its own, the latest first."""
        zone = self.stage.schema.zone
        found: list[int] = []
        for day in range(times.local_day(high - 1, zone), times.local_day(low, zone) - 1, -1):
            if len(found) == number:
                break
            start, after = max(times.day_start(day, zone), low), min(times.day_start(day + 1, zone), high)
            at = times.day_start(day, zone) + 12 * HOUR_US
            if start < after:
                found.append(at if start <= at < after - 1 else start)
        return found
