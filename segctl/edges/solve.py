"""Made-up users of whom conditions hold, or do not: a search over the values at the edges, step by step.

It decides one condition after the other, comes back when one breaks another, and gives up after a
number of steps: then nobody knows whether there is such a user.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from segctl.edges.alternatives import Alternative, alternatives, bucket_edges
from segctl.edges.cells import Cell, Cells, Spot, Whole, spot, with_rows
from segctl.edges.chains import Chains, Rowed
from segctl.edges.letters import Letters
from segctl.edges.making import Maker
from segctl.edges.measuring import parts
from segctl.edges.plain import Edge
from segctl.edges.rows import shapes
from segctl.edges.stage import RESERVED_ROW, RESERVED_USER, Goal, Stage, boundaries, everything, leaves
from segctl.edges.values import edges
from segctl.logic import bound
from segctl.logic.bound import Node
from segctl.logic.interpret import Row

Keep = Callable[[Cells], bool]

MANY_STEPS = 4_000
FEW_STEPS = 150
FEWER_STEPS = 40
ALL_STEPS = 60_000
"""How many decisions are tried before giving up: for a member at all, for one of many users, for
another way to have the same user, for all users together."""


MOST_WAYS = 100
"""How many ways to decide one condition are tried."""


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
    maker: Maker = field(init=False)
    _alternatives: dict[str, list[Alternative]] = field(default_factory=dict)
    _chains: dict[str, list[Rowed]] = field(default_factory=dict)
    _made: dict[tuple[str, str, int], tuple[list[tuple[Row, ...]], Iterator[tuple[Row, ...]]]] = field(
        default_factory=dict
    )
    left: int = ALL_STEPS
    """Steps until all ends; whoever asks for many users deals them out."""

    def __post_init__(self) -> None:
        self.pool = _pool(self.stage, self.root)
        self.instants = boundaries(self.stage, leaves(self.root))
        measured = _measured(self.stage, self.root)
        self.maker = Maker(self.stage, self.instants, measured, self._fill)

    def first(self, goals: Iterable[Goal], cells: Cells, keep: Keep = anything, steps: int = FEW_STEPS) -> Cells | None:
        """The first cells that reach all goals, or None."""
        return next(self.solutions(goals, cells, keep, steps=steps), None)

    def solutions(
        self, goals: Iterable[Goal], cells: Cells, keep: Keep = anything, *, rows: bool = False, steps: int = FEW_STEPS
    ) -> Iterator[Cells]:
        """All ways that are found to reach the goals by deciding more cells; of a row if `rows`."""
        waiting = [iter([_State(tuple(goals), (), cells)])]
        for _ in range(steps):
            self.left -= not rows
            if self.left < 0 and not rows:
                return
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
                for cells in itertools.islice(self._options(node, state.cells, wanted=wanted, rows=rows), MOST_WAYS):
                    as_it_was = cells is state.cells
                    if as_it_was or (
                        keep(cells) and all(self.stage.true(leaf, cells) is want for leaf, want in reversed(settled))
                    ):
                        yield _State(rest, settled, cells)

    def _options(self, leaf: Node, cells: Cells, *, wanted: bool, rows: bool) -> Iterator[Cells]:
        """Ways to decide one condition; what is right already comes first."""
        if self.stage.true(leaf, cells) is wanted:
            yield cells
        yield from (with_rows(cells, made) for _, made in self.chains(leaf) if made)
        for part in parts(leaf):
            for number, shape in enumerate(shapes(part, self.stage.as_of_us)):
                again = self._remembered((leaf.key, repr(part.measure), number), self.maker.made(part, shape))
                yield from (with_rows(cells, made) for made in again)
        for way in self._ways(leaf):
            if not any(cell in cells for cell in way) and not _is_reserved(
                way, RESERVED_ROW if rows else RESERVED_USER
            ):
                yield {**cells, **way}

    def _remembered(self, key: tuple[str, str, int], made: Iterator[tuple[Row, ...]]) -> Iterator[tuple[Row, ...]]:
        """Rows that are made when they are first asked for, and the very same ones ever after."""
        known, source = self._made.setdefault(key, ([], made))
        for number in itertools.count():
            if number == len(known):
                rows = next(source, None)
                if rows is None:
                    return
                known.append(rows)
            yield known[number]

    def _ways(self, leaf: Node) -> Iterable[Cells]:
        """The cells that decide a condition on values: what any condition says of them."""
        cell = _cell(leaf)
        if cell is None:
            return [way.cells for way in self.alternatives(leaf)]
        return [{cell: edge.value} for edge in self.pool.get(cell, ())]

    def alternatives(self, leaf: Node) -> list[Alternative]:
        """The ways at the edges of a condition that is not about rows."""
        if leaf.key not in self._alternatives:
            found = alternatives(leaf, self.stage.as_of_us, self.first)
            self._alternatives[leaf.key] = found
        return self._alternatives[leaf.key]

    def chains(self, leaf: Node) -> list[Rowed]:
        """The rows at the edges of a sequence or an engagement level; none of others."""
        if leaf.key not in self._chains:
            match leaf:
                case bound.Sequence():
                    found = Chains(self.stage, leaf, self.maker.fill).all()
                case bound.EngagementTest():
                    found = Letters(self.stage, leaf, self.maker.fill).all()
                case _:
                    return []
            self._chains[leaf.key] = list(found)
        return self._chains[leaf.key]

    def _fill(self, where: Node, cells: Cells) -> Iterator[Cells]:
        return self.solutions([(where, True)], cells, rows=True)


def _cell(leaf: Node) -> Cell | None:
    """The one cell that a condition is about, if it is about one that others can be about as well."""
    if isinstance(leaf, bound.ValueTest):
        return spot(leaf.column)
    return Whole.BUCKET if isinstance(leaf, bound.Bucket) else None


def _is_reserved(cells: Cells, names: frozenset[str]) -> bool:
    return any(isinstance(cell, Spot) and not cell.catalog and cell.path[0] in names for cell in cells)


def _easy_first(of: tuple[Node, ...]) -> list[Node]:
    """What is hardly a choice before what is: values before rows, one before many."""
    return sorted(of, key=lambda part: isinstance(part, bound.All | bound.Any | bound.Not) + _is_event(part))


def _is_event(node: Node) -> int:
    return 2 * (isinstance(node, bound.Sequence | bound.EngagementTest) or any(True for _ in parts(node)))


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
    for part in (part for leaf in leaves(root) for part in parts(leaf)):
        if part.measure.column is not None and part.test is not None:
            cell = spot(part.measure.column)
            rows = [row for shape in shapes(part, stage.as_of_us)[:_MOST_SHAPES] for row in shape.rows]
            found |= {(cell, repr(row[cell])): row[cell] for row in rows[:_MOST_ROWS] if row.get(cell) is not None}
    return [(cell, value) for (cell, _), value in found.items()]


_MOST_SHAPES = 4
_MOST_ROWS = 8


def _missing_last(found: Iterable[Edge]) -> list[Edge]:
    return sorted(found, key=lambda edge: edge.value is None)
