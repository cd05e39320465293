"""Sequences as a join of one row for each step (law 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.sql.clock import length_us, timestamp
from tests.sql.events import Events

_AT = "epoch_us({}.at)"
Steps = Sequence[Mapping[str, Any]]


def sequence(written: Mapping[str, Any], events: Events) -> str:
    """Whether any chain of rows holds for the user `u`."""
    steps: Steps = written["sequence"]
    window = {key: one for key, one in written.items() if key in {"within", "between", "since", "until"}}
    present = [number for number, step in enumerate(steps) if "event" in step]
    tables = [f"({_rows(steps[n], window if n == 0 else {}, events)}) r{n}" for n in present]
    tests = [f"r{n}.user_id = u.id" for n in present]
    tests += [f"r{one}.id <> r{other}.id" for one in present for other in present if one < other]
    for number in range(1, len(steps)):
        tests += _step(number, steps, present, events)
    if "complete_within" in written:
        tests.append(f"{_at(present[-1])} - {_at(0)} <= {length_us(written['complete_within'])}")
    return f"EXISTS (SELECT 1 FROM {', '.join(tables)} WHERE {' AND '.join(tests)})"


def _rows(step: Mapping[str, Any], window: Mapping[str, Any], events: Events) -> str:
    where = {"where": step["where"]} if "where" in step else {}
    return events.rows({"event": step.get("event", step.get("no")), **where, **window}, "count", None)


def _at(number: int) -> str:
    return _AT.format(f"r{number}")


def _step(number: int, steps: Steps, present: Sequence[int], events: Events) -> list[str]:
    """What a step asks of the rows of the chain."""
    step = steps[number]
    before = max(n for n in present if n < number)
    limits = step.get("after_previous", {})
    if "no" in step:
        return _absent(number, steps, present, events)
    found = [f"{_at(number)} >= {_at(before)}"]
    if "within" in limits:
        found.append(f"{_at(number)} - {_at(before)} <= {length_us(limits['within'])}")
    if "more_than" in limits:
        found.append(f"{_at(number)} - {_at(before)} > {length_us(limits['more_than'])}")
    return found


def _absent(number: int, steps: Steps, present: Sequence[int], events: Events) -> list[str]:
    """No row but those of the steps before up to the limit, which has run out; else up to the next row, or as_of."""
    step, now = steps[number], f"epoch_us({timestamp(events.operators.clock.as_of)})"
    earlier = [n for n in present if n < number]
    following = [n for n in present if n > number][:1]
    found: list[str] = []
    if "after_previous" in step:
        end = f"{_at(earlier[-1])} + {length_us(step['after_previous']['within'])}"
        found.append(f"{end} < {now}")
        aside = earlier
    else:
        end = _at(following[0]) if following else now
        aside = earlier + following
    others = " AND ".join(f"x.id <> r{n}.id" for n in aside)
    found.append(
        f"NOT EXISTS (SELECT 1 FROM ({_rows(step, {}, events)}) x WHERE x.user_id = u.id AND {others} "
        f"AND {_AT.format('x')} >= {_at(earlier[-1])} AND {_AT.format('x')} <= {end})"
    )
    return found
