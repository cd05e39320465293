"""Made-up users of whom conditions hold, or do not: a search over the values at the edges, step by step.

It decides one condition after the other, comes back when one breaks another, and gives up after a
number of steps: then nobody knows whether there is such a user.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from segctl.edges.cells import Cell, Cells, Membership, Spot, Whole, spot, with_cell, with_rows
from segctl.edges.rows import HOUR_US, MOST_ROWS, Shape, shapes, variants
from segctl.edges.stage import RESERVED_ROW, RESERVED_USER, Stage, boundaries, everything, leaves
from segctl.edges.values import Edge, edges
from segctl.logic import bound, times
from segctl.logic.bound import EventMissing, EventTest, Node
from segctl.logic.interpret import BUCKETS, Row

Goal = tuple[Node, bool]
Keep = Callable[[Cells], bool]

MANY_STEPS = 4_000
FEW_STEPS = 300
"""How many decisions are tried before giving up: for a member at all, and for one of many users."""

_WAYS = 4
"""How many ways to fill the properties of one row are tried."""
_GAPS = 8
_FAR_US = 60 * times.DAY_US
_SOME_SECONDS = 60 * times.SECOND_US


def anything(cells: Cells) -> bool:  # noqa: ARG001 a `Keep` that lets everything pass
    """Nothing has to be kept."""
    return True


@dataclass(frozen=True)
class _State:
    """What is still to be reached, what has been, and the cells that do."""

    goals: tuple[Goal, ...]
    settled: tuple[Goal, ...]
    cells: Cells


@dataclass
class Solver:
    """Searches on one stage; `pool` has for each cell the values that any condition is about."""

    stage: Stage
    root: Node
    pool: Mapping[Cell, list[Edge]] = field(init=False)
    instants: list[int] = field(init=False)
    measured: list[tuple[Spot, object]] = field(init=False)

    def __post_init__(self) -> None:
        self.pool = _pool(self.stage, self.root)
        self.instants = boundaries(self.stage, leaves(self.root))
        self.measured = _measured(self.stage, self.root)

    def first(self, goals: Iterable[Goal], cells: Cells, keep: Keep = anything, steps: int = FEW_STEPS) -> Cells | None:
        """The first cells that reach all goals, or None."""
        return next(self.solutions(goals, cells, keep, steps=steps), None)

    def solutions(
        self, goals: Iterable[Goal], cells: Cells, keep: Keep = anything, *, rows: bool = False, steps: int = FEW_STEPS
    ) -> Iterator[Cells]:
        """All ways that are found to reach the goals by deciding more cells; of a row if `rows`."""
        waiting = [iter([_State(tuple(goals), (), cells)])]
        for _ in range(steps):
            state = next(waiting[-1], None)
            if state is None:
                waiting.pop()
                if not waiting:
                    return
            elif state.goals:
                waiting.append(self._successors(state, keep, rows=rows))
            else:
                yield state.cells

    def _successors(self, state: _State, keep: Keep, *, rows: bool) -> Iterator[_State]:
        (node, wanted), *others = state.goals
        rest = tuple(others)
        match node:
            case bound.Not(of):
                yield _State(((of, not wanted), *rest), state.settled, state.cells)
            case bound.All(of) | bound.Any(of) if isinstance(node, bound.All) is wanted:
                yield _State((*((part, wanted) for part in _easy_first(of)), *rest), state.settled, state.cells)
            case bound.All(of) | bound.Any(of):
                for part in _easy_first(of):
                    yield _State(((part, wanted), *rest), state.settled, state.cells)
            case _:
                settled = (*state.settled, (node, wanted))
                for cells in self._options(node, state.cells, wanted=wanted, rows=rows):
                    if keep(cells) and all(self.stage.true(leaf, cells) is want for leaf, want in settled):
                        yield _State(rest, settled, cells)

    def _options(self, leaf: Node, cells: Cells, *, wanted: bool, rows: bool) -> Iterator[Cells]:
        """Ways to decide one condition; what is right already comes first."""
        if self.stage.true(leaf, cells) is wanted:
            yield cells
        match leaf:
            case bound.ValueTest(column):
                reserved = RESERVED_ROW if rows else RESERVED_USER
                if column.path[0] not in reserved or column.scope is bound.Scope.CATALOG:
                    yield from self._values(spot(column), cells)
            case bound.Given(kind, name):
                yield from self._decided(Membership(kind, name), (wanted,), cells)
            case bound.Bucket():
                yield from self._values(Whole.BUCKET, cells)
            case EventTest() | EventMissing():
                for shape in shapes(leaf, self.stage.as_of_us):
                    yield from (with_rows(cells, rows) for rows in self.made(leaf, shape))

    def _values(self, cell: Cell, cells: Cells) -> Iterator[Cells]:
        return self._decided(cell, (edge.value for edge in self.pool.get(cell, ())), cells)

    def _decided(self, cell: Cell, values: Iterable[object], cells: Cells) -> Iterator[Cells]:
        if cell not in cells:
            yield from (with_cell(cells, cell, value) for value in values)

    # --- rows -------------------------------------------------------------------------------------

    def realised(self, leaf: EventTest | EventMissing, shape: Shape) -> Iterator[tuple[Row, ...]]:
        """Rows of a shape, then those that other conditions can use as well."""
        yield from self.made(leaf, shape)
        for variant in variants(leaf, shape, self.measured):
            yield from itertools.islice(self.made(leaf, variant), _WAYS)

    def made(self, leaf: EventTest | EventMissing, shape: Shape) -> Iterator[tuple[Row, ...]]:
        """Rows of a shape that the condition counts, at several times and filled in several ways."""
        if not leaf.rows.names or not shape.rows:
            return
        for instants in self._instants(leaf, shape):
            ways = [self.filled(leaf, cells) for cells in shape.rows[:1]]
            for first in itertools.islice(ways[0], _WAYS):
                rows = self._all_rows(leaf, shape, first, instants)
                if rows is not None:
                    yield rows

    def filled(self, leaf: EventTest | EventMissing, cells: Cells) -> Iterator[Cells]:
        """Ways to fill a row so that it passes the condition on rows."""
        return self.solutions([(leaf.rows.where, True)], cells, rows=True)

    def _all_rows(
        self, leaf: EventTest | EventMissing, shape: Shape, first: Cells, instants: list[int]
    ) -> tuple[Row, ...] | None:
        """The rows; those after the first are filled like it where they can be."""
        found: list[Row] = []
        for cells, instant in zip(shape.rows, instants, strict=True):
            like = {**first, **cells}
            fits = self.stage.whole(leaf.rows.where, like)
            filled = like if fits else next(self.filled(leaf, cells), None)
            row = None if filled is None else self._row(leaf, instant, filled)
            if row is None:
                return None
            found.append(row)
        return tuple(found)

    def _row(self, leaf: EventTest | EventMissing, instant: int, cells: Cells) -> Row | None:
        """A row of the first of the events that has these properties."""
        rows = (self.stage.row(name, instant, cells) for name in leaf.rows.names)
        return next((row for row in rows if row is not None), None)

    def _instants(self, leaf: EventTest | EventMissing, shape: Shape) -> Iterator[list[int]]:
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

    def _gaps(self, leaf: EventTest | EventMissing) -> list[tuple[int, int]]:
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


def _easy_first(of: tuple[Node, ...]) -> list[Node]:
    """What is hardly a choice before what is: values before rows, one before many."""
    return sorted(of, key=lambda part: isinstance(part, bound.All | bound.Any | bound.Not) + _is_event(part))


def _is_event(node: Node) -> int:
    return 2 * isinstance(node, EventTest | EventMissing)


def _pool(stage: Stage, root: Node) -> dict[Cell, list[Edge]]:
    """The values that any condition is about, by their cell."""
    found: dict[Cell, dict[str, Edge]] = {}
    for leaf in everything(root):
        if isinstance(leaf, bound.ValueTest):
            of = found.setdefault(spot(leaf.column), {})
            for edge in edges(leaf.test, leaf.column.type, stage.as_of_us):
                of.setdefault(repr(edge.value), edge)
        elif isinstance(leaf, bound.Bucket):
            of = found.setdefault(Whole.BUCKET, {})
            for edge in bucket_edges(leaf):
                of.setdefault(repr(edge.value), edge)
    return {cell: _missing_last(edges_of.values()) for cell, edges_of in found.items()}


def _measured(stage: Stage, root: Node) -> list[tuple[Spot, object]]:
    """Values at the edges of what is measured, with their cells."""
    found: dict[tuple[Spot, str], object] = {}
    for leaf in leaves(root):
        if isinstance(leaf, EventTest) and leaf.measure.column is not None:
            cell = spot(leaf.measure.column)
            rows = [row for shape in shapes(leaf, stage.as_of_us)[:_WAYS] for row in shape.rows]
            found |= {(cell, repr(row[cell])): row[cell] for row in rows[:_GAPS] if row.get(cell) is not None}
    return [(cell, value) for (cell, _), value in found.items()]


def _missing_last(found: Iterable[Edge]) -> list[Edge]:
    return sorted(found, key=lambda edge: edge.value is None)


def bucket_edges(leaf: bound.Bucket) -> list[Edge]:
    """The buckets at both ends of a range."""
    found = [Edge(f"{leaf.low} first", leaf.low), Edge(f"{leaf.low - 1} just below", leaf.low - 1)]
    found += [Edge(f"{leaf.high} last", leaf.high), Edge(f"{leaf.high + 1} just above", leaf.high + 1)]
    return [edge for edge in found if isinstance(edge.value, int) and 0 <= edge.value < BUCKETS]
