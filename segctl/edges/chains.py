"""Rows at the edges of a sequence: each step there and not, in order and out of it, at its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from segctl.edges.cells import Cells
from segctl.edges.making import Fill
from segctl.edges.stage import Stage
from segctl.logic import times
from segctl.logic.bound import Sequence, Step
from segctl.logic.interpret import Row, User, matching
from segctl.logic.step_times import StepTimes, step_times

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
        yield from self._after_absent(rows)
        yield from self._absent(rows)
        yield from self._windows(rows)

    def _present(self) -> list[Step]:
        return [step for step in self.sequence.steps if not step.absent]

    def _base(self) -> tuple[Row, ...] | None:
        """A row for each step that is not absent, a little after one another, and after what forbids it is over."""
        found: dict[int, Row] = {}
        for number, step in enumerate(self.sequence.steps):
            row = None if step.absent else self._row(step, self.stage.as_of_us - 1)
            if row is not None:
                found[number] = row
        if len(found) < len(self._present()):
            return None
        times = self._times(found)
        start = self._start(times.over)
        return tuple(replace(row, time_us=start + at) for row, at in zip(found.values(), times.steps, strict=True))

    def _times(self, rows: Mapping[int, Row]) -> StepTimes:
        """When the steps are to lie: a minute apart where the limits leave the time; if they leave none, anyhow."""

        def forbids(no: int, step: int) -> bool:
            return self._counts(self.sequence.steps[no], rows[step])

        found = step_times(self.sequence, forbids, self._slack) or step_times(self.sequence, forbids)
        if found is not None:
            return found
        at = tuple(accumulate(self._least(step) + self._slack(step) for step in self._present()))
        return StepTimes(tuple(one - at[0] for one in at), at[-1] - at[0] + self._waiting())

    def _counts(self, absent: Step, row: Row) -> bool:
        """Whether a row counts against a `no`."""
        return bool(matching(absent.rows, User("", {}, (row,)), self.stage.world))

    def _least(self, step: Step) -> int:
        return 0 if step.more_than_us is None else step.more_than_us + 1

    def _slack(self, step: Step) -> int:
        short = step.within_us is not None and step.within_us < self._least(step) + _APART_US
        return 0 if short else _APART_US

    def _start(self, needed: int) -> int:
        """When the first step lies: in its window, with time for all that follows."""
        start, end = self.stage.limits(self.sequence.steps[0].rows)
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

    def _after_absent(self, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        """Steps whose rows a `no` counts, at the end of its time."""
        for before, step in self._absences():
            if step.within_us is None:
                continue
            for number in range(before + 1, len(rows)):
                if self._counts(step, rows[number]):
                    limit = rows[before].time_us + step.within_us
                    name = f"{rows[number].name}, step {number + 1},"
                    yield f"{name} at the limit of what forbids it", self._moved(rows, number, limit)
                    yield f"{name} a microsecond after what forbids it", self._moved(rows, number, limit + 1)

    def _absences(self) -> Iterator[tuple[int, Step]]:
        """The `no` steps, each with the place of the step before it among those that are not absent."""
        before = -1
        for step in self.sequence.steps:
            if step.absent:
                yield before, step
            else:
                before += 1

    def _absent(self, rows: tuple[Row, ...]) -> Iterator[Rowed]:
        """What must not happen, at the edges of its time."""
        for number, step in self._absences():
            after = rows[number].time_us
            instants = [("at the step before", after), ("a microsecond before it", after - 1)]
            if step.within_us is not None:
                instants += [("at its limit", after + step.within_us)]
                instants += [("a microsecond after its limit", after + step.within_us + 1)]
            else:
                instants += [("a minute after", after + _APART_US // 2)]
                following = [row.time_us for row in rows[number + 1 : number + 2]]
                instants += [("at the next step", at) for at in following]
                instants += [("a microsecond after the next step", at + 1) for at in following]
            for words, at in instants:
                row = self._row(step, at)
                if row is not None:
                    yield f"{row.name} {words}", (*rows, row)
            yield from self._running(rows, rows[number], step)

    def _running(self, rows: tuple[Row, ...], before: Row, step: Step) -> Iterator[Rowed]:
        """The time of what must not happen runs out at as_of, and just before."""
        if step.within_us is None:
            return
        ends = before.time_us + step.within_us
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
