"""Users at the edges of a definition: of each condition one that just passes and one that just fails.

Everything around the condition holds, or does not, so that the condition decides. Where that cannot be,
the rest is as near to it as it gets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from segctl.edges.cells import Cell, Cells, Membership, Whole, spot, with_rows
from segctl.edges.rows import Shape, shapes
from segctl.edges.solve import MANY_STEPS, Goal, Keep, Solver, anything, bucket_edges
from segctl.edges.stage import RESERVED_ROW, RESERVED_USER, Stage, fitted
from segctl.edges.values import Edge, edges
from segctl.logic import bound, times
from segctl.logic.bound import EventMissing, EventTest, Node
from segctl.logic.interpret import Row
from segctl.logic.measures import INSTANTS
from segctl.logic.problem import dotted
from segctl.logic.types import Struct

MOST_NAMES = 6
MOST_TRIED = 12

Rowed = tuple[str, tuple[Row, ...]]
"""What rows show, and the rows."""


@dataclass(frozen=True)
class Example:
    """One user: what it shows, and whether the condition it is about decides."""

    words: str
    cells: Cells
    decides: bool = True
    about: str = ""


@dataclass(frozen=True)
class Leaf:
    """A condition, and what must be so around it for it to decide."""

    node: Node
    around: tuple[Goal, ...]


def placed(node: Node, around: tuple[Goal, ...] = ()) -> Iterator[Leaf]:
    """All leaves with what is around them."""
    match node:
        case bound.All(of) | bound.Any(of):
            neutral = isinstance(node, bound.All)
            for number, part in enumerate(of):
                others = tuple((other, neutral) for n, other in enumerate(of) if n != number)
                yield from placed(part, (*around, *others))
        case bound.Not(of):
            yield from placed(of, around)
        case _:
            yield Leaf(node, around)


@dataclass(frozen=True)
class Author:
    """Writes the users of one definition."""

    stage: Stage
    root: Node
    solver: Solver

    def examples(self) -> Iterator[Example]:
        """A member if there is one, one who is none, a user of whom nothing is known; then every edge."""
        for words, wanted in (("member", True), ("no member", False)):
            cells = self.solver.first([(self.root, wanted)], {}, steps=MANY_STEPS)
            if cells is not None:
                yield Example(words, cells)
        yield Example("nothing known", {})
        for number, leaf in enumerate(placed(self.root)):
            yield from (replace(example, about=f"{number}") for example in self.at_edges(leaf))

    def at_edges(self, leaf: Leaf) -> Iterator[Example]:
        """The users at the edges of one condition."""
        match leaf.node:
            case bound.ValueTest(column, test):
                if column.path[0] not in RESERVED_USER:
                    found = edges(test, column.type, self.stage.as_of_us)
                    yield from self._single(leaf, dotted(column.path), spot(column), found)
            case bound.Given(kind, name):
                found = [Edge(f"in {kind}", True), Edge(f"not in {kind}", False)]
                yield from self._single(leaf, name, Membership(kind, name), found)
            case bound.Bucket():
                yield from self._single(leaf, "bucket", Whole.BUCKET, bucket_edges(leaf.node))
            case EventTest() | EventMissing():
                yield from self._events(leaf, leaf.node)

    def _single(self, leaf: Leaf, subject: str, cell: Cell, found: list[Edge]) -> Iterator[Example]:
        for edge in found:
            yield self._around(leaf, f"{subject}: {edge.words}", {cell: edge.value})

    def _around(self, leaf: Leaf, words: str, cells: Cells) -> Example:
        """The cells at an edge, with everything around the condition so that it decides."""
        found = self._deciding(leaf, cells)
        if found is not None:
            return Example(words, found)
        for goal in leaf.around:
            cells = self.solver.first([goal], cells) or cells
        return Example(words, cells, decides=False)

    def _deciding(self, leaf: Leaf, cells: Cells, keep: Keep = anything) -> Cells | None:
        """More cells, with which everything around the condition is so that it decides."""
        return self.solver.first([*leaf.around, (leaf.node, self.stage.true(leaf.node, cells))], cells, keep)

    # --- events -----------------------------------------------------------------------------------

    def _events(self, leaf: Leaf, node: EventTest | EventMissing) -> Iterator[Example]:
        made: list[tuple[Row, ...]] = []
        for shape in shapes(node, self.stage.as_of_us):
            found: list[tuple[Row, ...]] = [()]
            if shape.rows:
                found = list(islice(self.solver.realised(node, shape), MOST_TRIED))
            if found:
                example, rows = self._with(leaf, node, f"{_subject(node)}: {shape.words}", found)
                yield example
                made.append(rows)
        decisive = self._decisive(node, made) or self._any_rows(node)
        edges_of = (*self._windows(node, decisive), *self._names(node, decisive), *self._fillings(node, decisive))
        for words, rows in edges_of:
            yield self._with(leaf, node, words, [rows])[0]

    def _with(
        self, leaf: Leaf, node: EventTest | EventMissing, words: str, tries: list[tuple[Row, ...]]
    ) -> tuple[Example, tuple[Row, ...]]:
        """The first of several ways to have rows at an edge with which the condition decides; and these rows."""
        for rows in tries:
            cells = with_rows({}, rows)
            found = self._deciding(leaf, cells, self._same_measure(node, cells))
            if found is not None:
                return Example(words, found), rows
        return self._around(leaf, words, with_rows({}, tries[0])), tries[0]

    def _same_measure(self, node: EventTest | EventMissing, cells: Cells) -> Keep:
        measure = self.stage.measure(node, cells)
        return lambda more: self.stage.measure(node, more) == measure

    def _decisive(self, node: EventTest | EventMissing, made: list[tuple[Row, ...]]) -> tuple[Row, ...]:
        """Rows of which the first decides: those made, or of a first or last time two that were made; else none."""
        tries = made
        if node.measure.kind in INSTANTS:
            tries = [(one[0], *others) for others in made for one in made if one and others and one is not others]
        for rows in (*tries, *made):
            with_all, without = with_rows({}, rows), with_rows({}, rows[1:])
            if rows and self.stage.true(node, with_all) is not self.stage.true(node, without):
                return rows
        return ()

    def _any_rows(self, node: EventTest | EventMissing) -> tuple[Row, ...]:
        return next(self.solver.made(node, Shape("one", ({},))), ())

    def _windows(self, node: EventTest | EventMissing, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        """The first of the rows at the window's edges, and before all windows."""
        start, end = self.stage.limits(node.rows)
        instants = [] if start is None else [("first microsecond", start), ("a microsecond too early", start - 1)]
        instants += [] if start is None else [("long before", min(start, *self.solver.instants) - times.DAY_US)]
        last = "last microsecond before as_of" if end == self.stage.as_of_us else "last microsecond"
        late = "at as_of" if end == self.stage.as_of_us else "a microsecond too late"
        for words, instant in (*instants, (last, end - 1), (late, end)) if rows else ():
            yield f"{rows[0].name}: {words}", (replace(rows[0], time_us=instant), *rows[1:])

    def _names(self, node: EventTest | EventMissing, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        others = [name for name in node.rows.names if rows and name != rows[0].name]
        for name in others[:MOST_NAMES]:
            if fitted(rows[0].properties, Struct(self.stage.schema.events.get(name, {}))) is not None:
                yield f"{name}: counts as well", (replace(rows[0], name=name), *rows[1:])

    def _fillings(self, node: EventTest | EventMissing, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        """The first of the rows at the edges of the conditions on rows."""
        for part in placed(node.rows.where) if rows else ():
            if not isinstance(part.node, bound.ValueTest) or part.node.column.path[0] in RESERVED_ROW:
                continue
            column = part.node.column
            name = dotted(((column.catalog,) if column.catalog else ()) + column.path)
            for edge in edges(part.node.test, column.type, self.stage.as_of_us):
                row = self._filled(part, {**self._kept(node, rows[0]), spot(column): edge.value}, rows[0])
                if row is not None:
                    yield f"{row.name}: {name} {edge.words}", (row, *rows[1:])

    def _kept(self, node: EventTest | EventMissing, row: Row) -> Cells:
        """What is measured stays as it is."""
        column = node.measure.column
        if column is None or column.scope is bound.Scope.CATALOG:
            return {}
        return {spot(column): _property(row, column.path)}

    def _filled(self, part: Leaf, cells: Cells, like: Row) -> Row | None:
        goals = [*part.around, (part.node, self.stage.true(part.node, cells))]
        for wanted in (goals, goals[-1:]):
            filled = next(self.solver.solutions(wanted, cells, rows=True), None)
            row = None if filled is None else self.stage.row(like.name, like.time_us, filled)
            if row is not None:
                return row
        return None


def _subject(node: EventTest | EventMissing) -> str:
    names = node.rows.names
    return names[0] if names else "no event"


def _property(row: Row, path: tuple[str, ...]) -> object:
    value: object = row.properties
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def author(stage: Stage, root: Node) -> Author:
    """The author of a definition's users."""
    return Author(stage, root, Solver(stage, root))
