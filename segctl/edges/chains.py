"""Rows at the edges of a sequence: each step there and not, in order and out of it, at its limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from segctl.edges.cells import Cells
from segctl.edges.making import Fill
from segctl.edges.stage import Stage
from segctl.logic import times
from segctl.logic.bound import Sequence, Step
from segctl.logic.interpret import Row

Rowed = tuple[str, tuple[Row, ...]]
"""What rows show, and the rows."""

_APART_US = 60 * times.SECOND_US
_FAR_US = 30 * times.DAY_US


@dataclass(frozen=True)
class Chains:
    """Makes the rows of one sequence."""

    stage: Stage
    sequence: Sequence
    fill: Fill

    def all(self) -> Iterator[Rowed]:
        """The rows at every edge; none if a step cannot be made."""
        rows = self._base()
        if rows is None:
            return
        yield "all steps", rows
        yield "none", ()
        yield from self._without(rows)
        if len(rows) > 1:
            yield "steps in reverse", self._reversed(rows)
        yield from self._limits(rows)
        yield from self._absent(rows)
        yield from self._windows(rows)

    def _present(self) -> list[Step]:
        return [step for step in self.sequence.steps if not step.absent]

    def _base(self) -> tuple[Row, ...] | None:
        """A row for each step that is not absent, a little after one another."""
        found: list[Row] = []
        at = self._start()
        for step in self._present():
            at += self._apart(step) if found else 0
            row = self._row(step, at)
            if row is None:
                return None
            found.append(row)
        return tuple(found)

    def _apart(self, step: Step) -> int:
        least = 0 if step.more_than_us is None else step.more_than_us + 1
        return least if step.within_us is not None and step.within_us < least + _APART_US else least + _APART_US

    def _start(self) -> int:
        """When the first step lies: in its window, with time for all that follows."""
        steps = self.sequence.steps
        needed = sum((step.within_us or 0) if step.absent else self._apart(step) for step in steps[1:])
        start, end = self.stage.limits(steps[0].rows)
        latest = min(end - 1, self.stage.as_of_us - needed - _APART_US)
        usual = min(latest, self.stage.as_of_us - needed - times.DAY_US)
        return usual if start is None or usual >= start else max(latest, start)

    def _row(self, step: Step, at: int, cells: Cells | None = None) -> Row | None:
        filled = next(self.fill(step.rows.where, cells or {}), None)
        if filled is None:
            return None
        rows = (self.stage.row(name, at, filled) for name in step.rows.names)
        return next((row for row in rows if row is not None), None)

    def _without(self, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        for number, row in enumerate(rows):
            yield f"without {row.name}, step {number + 1}", (*rows[:number], *rows[number + 1 :])

    def _reversed(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        instants = [row.time_us for row in rows][::-1]
        return tuple(replace(row, time_us=at) for row, at in zip(rows, instants, strict=True))

    def _limits(self, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        """Steps at their limits, and all steps at the time they may take together."""
        present = self._present()
        for number, (before, step) in enumerate(pairwise(present), 1):
            del before
            limits = [("longest", step.within_us), ("shortest", step.more_than_us)]
            limits += [("no time", 0 if step.more_than_us is None else None)]
            for words, limit in limits:
                for word, more in (("exactly", 0), ("a microsecond more than", 1)):
                    if limit is not None:
                        name = f"{rows[number].name} {word} the {words} after the step before"
                        yield name, self._moved(rows, number, rows[number - 1].time_us + limit + more)
        longest = self.sequence.complete_within_us
        if longest is not None and len(rows) > 1:
            yield "complete in exactly the time", self._moved(rows, len(rows) - 1, rows[0].time_us + longest)
            yield "complete a microsecond late", self._moved(rows, len(rows) - 1, rows[0].time_us + longest + 1)

    def _moved(self, rows: tuple[Row, ...], number: int, at: int) -> tuple[Row, ...]:
        """The rows with one, and those after it, moved; and all earlier where it would not be over as of now."""
        by = at - rows[number].time_us
        moved = (*rows[:number], *(replace(row, time_us=row.time_us + by) for row in rows[number:]))
        over = max(moved[-1].time_us + self._waiting() + _APART_US - self.stage.as_of_us, 0)
        return tuple(replace(row, time_us=row.time_us - over) for row in moved)

    def _waiting(self) -> int:
        """How long after the last row an absent step is waited for."""
        steps = self.sequence.steps
        return max((step.within_us or 0 for step in steps[1:] if step.absent), default=0)

    def _absent(self, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        """What must not happen, at the edges of its time."""
        number = 0
        for step in self.sequence.steps[1:]:
            if not step.absent:
                number += 1
                continue
            after = rows[number].time_us
            instants = [("at the step before", after), ("a microsecond before it", after - 1)]
            if step.within_us is not None:
                instants += [("at its limit", after + step.within_us)]
                instants += [("a microsecond after its limit", after + step.within_us + 1)]
            else:
                instants += [("a minute after", after + _APART_US // 2)]
            for words, at in instants:
                row = self._row(step, at)
                if row is not None:
                    yield f"{row.name} {words}", (*rows, row)
            yield from self._running(rows, step)

    def _running(self, rows: tuple[Row, ...], step: Step) -> Iterator[Rowed]:
        """The time of what must not happen runs out at as_of, and just before."""
        if step.within_us is None:
            return
        ends = rows[-1].time_us + step.within_us
        for words, by in (("as of now", 0), ("a microsecond before", 1)):
            moved = tuple(replace(row, time_us=row.time_us + self.stage.as_of_us - by - ends) for row in rows)
            yield f"time is over {words}", moved

    def _windows(self, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        """The first step at the edges of its window."""
        start, end = self.stage.limits(self.sequence.steps[0].rows)
        instants = [] if start is None else [("first microsecond", start), ("a microsecond too early", start - 1)]
        instants += [("long before", start - _FAR_US)] if start is not None else []
        if end < self.stage.as_of_us:
            instants += [("last microsecond", end - 1), ("a microsecond too late", end)]
        for words, at in instants:
            by = at - rows[0].time_us
            yield f"first step at {words}", tuple(replace(row, time_us=row.time_us + by) for row in rows)
        late = tuple(replace(row, time_us=self.stage.as_of_us) if row is rows[-1] else row for row in rows)
        yield "last step at as_of", late
