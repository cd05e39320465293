"""When the steps of a sequence can happen: what its limits, and its `no` steps, ask of their instants (law 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from segctl.logic.bound import Sequence, Step
from segctl.logic.value_tests import Ago

Forbids = Callable[[int, int], bool]
"""Whether a `no` step surely counts each row of another step; both by their numbers in the sequence."""

Slack = Callable[[Step], int]
"""How much later than it must a step is to lie, in microseconds."""


@dataclass(frozen=True)
class StepTimes:
    """Instants of the steps that are not absent, after that of the first, and when all is over; in microseconds."""

    steps: tuple[int, ...]
    over: int


def step_times(sequence: Sequence, forbids: Forbids, slack: Slack = lambda _: 0) -> StepTimes | None:
    """The earliest instants at which the steps can lie; None if the limits leave no time for a chain.

    All that is asked is of the form "this instant is at least so long after that one", which makes it a search
    for the longest paths; where they grow without end, the limits contradict each other.
    """
    present = [number for number, step in enumerate(sequence.steps) if not step.absent]
    asked = list(_asked(sequence, present, forbids, slack))
    earliest = [0] * (len(present) + 1)
    for _ in range(len(earliest)):
        changed = False
        for later, earlier, least in asked:
            if earliest[later] < earliest[earlier] + least:
                earliest[later] = earliest[earlier] + least
                changed = True
        if not changed:
            first = earliest[0]
            return StepTimes(tuple(one - first for one in earliest[:-1]), earliest[-1] - first)
    return None


_Asked = tuple[int, int, int]
"""An instant, another one, and how long the first is at least after it; as_of is numbered after the steps."""


def _asked(sequence: Sequence, present: list[int], forbids: Forbids, slack: Slack) -> Iterator[_Asked]:
    now = len(present)
    yield now, now - 1, 1
    if sequence.complete_within_us is not None:
        yield 0, now - 1, -sequence.complete_within_us
    for place, number in enumerate(present):
        step = sequence.steps[number]
        if isinstance(step.rows.start, Ago):
            yield place, now, -step.rows.start.us
        if isinstance(step.rows.end, Ago):
            yield now, place, step.rows.end.us + 1
        if place:
            more = 0 if step.more_than_us is None else step.more_than_us + 1
            yield place, place - 1, more + slack(step)
            if step.within_us is not None:
                yield place - 1, place, -step.within_us
    for number, step in enumerate(sequence.steps):
        if step.absent:
            yield from _of_absent(sequence, number, present, forbids, slack)


def _of_absent(sequence: Sequence, number: int, present: list[int], forbids: Forbids, slack: Slack) -> Iterator[_Asked]:
    """Its time runs out before as_of; rows of later steps that it counts lie after its time.

    Without a limit that time ends with the next step, whose own row it does not count.
    """
    before = sum(other < number for other in present) - 1
    limit = sequence.steps[number].within_us
    if limit is not None:
        yield len(present), before, limit + 1
    for place in range(before + 1 if limit is not None else before + 2, len(present)):
        if forbids(number, present[place]):
            from_place, least = (before, limit + 1) if limit is not None else (before + 1, 1)
            yield place, from_place, least + slack(sequence.steps[present[place]])
