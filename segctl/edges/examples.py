"""Users at the edges of a definition: of each condition one that just passes and one that just fails.

Everything around the condition holds, or does not, so that the condition decides. Where that cannot be,
the rest is as near to it as it gets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from segctl.edges.alternatives import subject
from segctl.edges.cells import Cells, Spot, with_rows
from segctl.edges.chains import Rowed
from segctl.edges.measuring import Measuring, parts
from segctl.edges.rows import Shape, shapes
from segctl.edges.solve import ALL_STEPS, FEW_STEPS, FEWER_STEPS, MANY_STEPS, Keep, Solver, anything
from segctl.edges.stage import RESERVED_ROW, RESERVED_USER, Leaf, Stage, fitted, placed
from segctl.logic import bound, times
from segctl.logic.bound import Node
from segctl.logic.interpret import Row
from segctl.logic.measures import INSTANTS
from segctl.logic.types import Struct

MOST_NAMES = 6
MOST_TRIED = 12


@dataclass(frozen=True)
class Example:
    """One user: what it shows, and whether the condition it is about decides."""

    words: str
    cells: Cells
    decides: bool = True
    about: str = ""


@dataclass(frozen=True)
class Author:
    """Writes the users of one definition."""

    stage: Stage
    root: Node
    solver: Solver

    def examples(self) -> Iterator[Example]:
        """The users at every edge; a member and one who is none where no edge has one, and one who is quite unknown."""
        shown: set[bool] = set()
        for example in self._at_all_edges():
            shown.add(self.stage.whole(self.root, example.cells))
            yield example
        for words, wanted in (("member", True), ("no member", False)):
            self.solver.left = ALL_STEPS
            cells = None if wanted in shown else self.solver.first([(self.root, wanted)], {}, steps=MANY_STEPS)
            if cells is not None:
                yield Example(words, cells)
        yield Example("nothing known", {})

    def _at_all_edges(self) -> Iterator[Example]:
        found = list(placed(self.root))
        for number, leaf in enumerate(found):
            self.solver.left = ALL_STEPS // len(found)
            yield from (replace(example, about=f"{number}") for example in self.at_edges(leaf))

    def at_edges(self, leaf: Leaf) -> Iterator[Example]:
        """The users at the edges of one condition; none of one that is not known here."""
        measured = list(parts(leaf.node))
        for part in measured:
            yield from self._events(leaf, part)
        if measured:
            return
        if isinstance(leaf.node, bound.Sequence | bound.EngagementTest):
            subject_of = "sequence" if isinstance(leaf.node, bound.Sequence) else "engagement"
            for words, rows in self.solver.chains(leaf.node):
                yield self._around(leaf, f"{subject_of}: {words}", with_rows({}, rows))
            for words, rows in self._in_steps(leaf.node):
                yield self._around(leaf, f"{subject_of}: {words}", with_rows({}, rows))
        else:
            for way in self.solver.alternatives(leaf.node):
                if not _is_reserved(way.cells):
                    yield self._around(leaf, f"{subject(leaf.node)}: {way.words}", way.cells)

    def _around(self, leaf: Leaf, words: str, cells: Cells) -> Example:
        """The cells at an edge, with everything around the condition so that it decides."""
        found = self._deciding(leaf, cells)
        if found is not None:
            return Example(words, found)
        for goal in leaf.around:
            cells = self.solver.first([goal], cells) or cells
        return Example(words, cells, decides=False)

    def _deciding(self, leaf: Leaf, cells: Cells, keep: Keep = anything, steps: int = FEW_STEPS) -> Cells | None:
        """More cells, with which everything around the condition is so that it decides."""
        return self.solver.first([*leaf.around, (leaf.node, self.stage.true(leaf.node, cells))], cells, keep, steps)

    # --- events -----------------------------------------------------------------------------------

    def _events(self, leaf: Leaf, node: Measuring) -> Iterator[Example]:
        made: list[tuple[Row, ...]] = []
        ways: dict[int, list[tuple[Row, ...]]] = {}
        for shape in shapes(node, self.stage.as_of_us):
            found: list[tuple[Row, ...]] = [()]
            if shape.rows:
                found = list(islice(self.solver.maker.realised(node, shape), MOST_TRIED))
            if found:
                example, rows = self._with(leaf, node, f"{_subject(node)}: {shape.words}", found)
                yield example
                made.append(rows)
                ways[id(rows)] = found
        decisive = self._decisive(node, made) or self._any_rows(node)
        tries = [decisive, *(rows for rows in ways.get(id(decisive), []) if rows is not decisive)]
        for moved in zip(*(self._windows(node, rows) for rows in tries), strict=True):
            yield self._with(leaf, node, moved[0][0], [rows for _, rows in moved])[0]
        for words, rows in (*self._names(node, decisive), *self._fillings(node, decisive)):
            yield self._with(leaf, node, words, [rows])[0]

    def _with(
        self, leaf: Leaf, node: Measuring, words: str, tries: list[tuple[Row, ...]]
    ) -> tuple[Example, tuple[Row, ...]]:
        """The first of several ways to have rows at an edge with which the condition decides; and these rows."""
        for number, rows in enumerate(tries):
            cells = with_rows({}, rows)
            steps = FEWER_STEPS if number else FEW_STEPS
            found = self._deciding(leaf, cells, self._same_measure(node, cells), steps)
            if found is not None:
                return Example(words, found), rows
        return self._around(leaf, words, with_rows({}, tries[0])), tries[0]

    def _same_measure(self, node: Measuring, cells: Cells) -> Keep:
        measure = self.stage.measure(node, cells)
        return lambda more: self.stage.measure(node, more) == measure

    def _decisive(self, node: Measuring, made: list[tuple[Row, ...]]) -> tuple[Row, ...]:
        """Rows of which the first decides: those made, or of a first or last time two that were made; else none."""
        tries = made
        if node.measure.kind in INSTANTS:
            tries = [(one[0], *others) for others in made for one in made if one and others and one is not others]
        for rows in (*tries, *made):
            with_all, without = with_rows({}, rows), with_rows({}, rows[1:])
            if rows and self.stage.true(node.node, with_all) is not self.stage.true(node.node, without):
                return rows
        return ()

    def _any_rows(self, node: Measuring) -> tuple[Row, ...]:
        return next(self.solver.maker.made(node, Shape("one", ({},))), ())

    def _windows(self, node: Measuring, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        """The first of the rows at the window's edges, and before all windows."""
        start, end = self.stage.limits(node.rows)
        instants = [] if start is None else [("first microsecond", start), ("a microsecond too early", start - 1)]
        instants += [] if start is None else [("long before", min(start, *self.solver.instants) - times.DAY_US)]
        last = "last microsecond before as_of" if end == self.stage.as_of_us else "last microsecond"
        late = "at as_of" if end == self.stage.as_of_us else "a microsecond too late"
        for words, instant in (*instants, (last, end - 1), (late, end)) if rows else ():
            yield f"{rows[0].name}: {words}", (replace(rows[0], time_us=instant), *rows[1:])

    def _names(self, node: Measuring, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        others = [name for name in node.rows.names if rows and name != rows[0].name]
        for name in others[:MOST_NAMES]:
            if fitted(rows[0].properties, Struct(self.stage.schema.events.get(name, {}))) is not None:
                yield f"{name}: counts as well", (replace(rows[0], name=name), *rows[1:])

    def _in_steps(self, node: Node) -> Iterator[Rowed]:
        """The rows of a sequence, each at the edges of its step's condition."""
        rows = dict(self.solver.chains(node)).get("all steps", ())
        steps = [step for step in node.steps if not step.absent] if isinstance(node, bound.Sequence) and rows else []
        for number, step in enumerate(steps):
            for words, row in self._refilled(step.rows.where, rows[number]):
                yield words, (*rows[:number], row, *rows[number + 1 :])

    def _fillings(self, node: Measuring, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        """The first of the rows at the edges of the conditions on rows."""
        for words, row in self._refilled(node.rows.where, rows[0]) if rows else ():
            yield words, (row, *rows[1:])

    def _refilled(self, where: Node, row: Row) -> Iterator[tuple[str, Row]]:
        """A row at every edge of a condition on it; what the condition does not read stays as it is."""
        cells = {cell: value for cell, value in _cells_of(row).items() if cell not in self._keys}
        for part in placed(where):
            for way in self.solver.alternatives(part.node):
                if _is_reserved(way.cells, RESERVED_ROW):
                    continue
                kept: Cells = {cell: value for cell, value in cells.items() if not _below(cell, way.cells)}
                filled = self._filled(part, {**kept, **way.cells}, row)
                if filled is not None:
                    yield f"{row.name}: {_full_subject(part.node)} {way.words}", filled

    @property
    def _keys(self) -> set[Spot]:
        """The properties that lead to catalogues: they follow from what is in them."""
        return {Spot(catalog.on) for catalog in self.stage.schema.catalogs.values()}

    def _filled(self, part: Leaf, cells: Cells, like: Row) -> Row | None:
        goals = [*part.around, (part.node, self.stage.true(part.node, cells))]
        for wanted in (goals, goals[-1:]):
            filled = next(self.solver.solutions(wanted, cells, rows=True), None)
            row = None if filled is None else self.stage.row(like.name, like.time_us, filled)
            if row is not None:
                return row
        return None


def _is_reserved(cells: Cells, names: frozenset[str] = RESERVED_USER) -> bool:
    return any(isinstance(cell, Spot) and not cell.catalog and cell.path[0] in names for cell in cells)


def _full_subject(node: Node) -> str:
    """What a condition on a row is about, with the catalogue."""
    catalog = node.column.catalog if isinstance(node, bound.ValueTest) else None
    return f"{catalog}.{subject(node)}" if catalog else subject(node)


def _subject(node: Measuring) -> str:
    names = node.rows.names
    return names[0] if names else "no event"


def _cells_of(row: Row) -> dict[Spot, object]:
    """The properties of a row, those of structs one by one."""
    found: dict[Spot, object] = {}
    waiting: list[tuple[tuple[str, ...], object]] = [((name,), value) for name, value in row.properties.items()]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Mapping) and value:
            waiting += [((*path, name), part) for name, part in value.items()]
        else:
            found[Spot(path)] = value
    return found


def _below(cell: Spot, cells: Cells) -> bool:
    """Whether the cell is one of these, or a part of one."""
    return any(
        isinstance(one, Spot) and one.catalog is None and cell.path[: len(one.path)] == one.path for one in cells
    )


def author(stage: Stage, root: Node) -> Author:
    """The author of a definition's users."""
    return Author(stage, root, Solver(stage, root))
