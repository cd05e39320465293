"""Values that are made of others: formulas over measures, in their order."""

from __future__ import annotations

from collections.abc import Mapping

from segctl.engine.gauges import constant, operated
from segctl.engine.plan import Constant, Gauged, ListTested, Operation, Plan, Tested
from segctl.engine.source import ColumnData


def complete(values: dict[int, ColumnData], plan: Plan, size: int) -> None:
    """Add all values that are no measures; what nobody reads any more is let go, so that long chains need no room."""
    last = _last_read(plan)
    for number, value in enumerate(plan.values):
        match value:
            case Constant():
                values[number] = constant(value, size)
            case Operation(left=left, right=right):
                values[number] = operated(value, values[left], values[right])
                for part in {left, right}:
                    if last[part] == number:
                        del values[part]
            case Gauged():
                pass  # measured over rows before


def _last_read(plan: Plan) -> Mapping[int, int]:
    """The last value that each value is read for; those that are asked for or tested are read at the end."""
    last = {part: number for number, step in enumerate(plan.values) for part in _parts(step)}
    end = len(plan.values)
    tested = (step.value for step in plan.steps if isinstance(step, Tested | ListTested))
    return last | dict.fromkeys((*plan.columns, *tested), end)


def _parts(value: object) -> tuple[int, ...]:
    return (value.left, value.right) if isinstance(value, Operation) else ()
