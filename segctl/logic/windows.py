"""Windows of event rows as instants, fixed or relative to as_of (law 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from segctl.diagnostics import Span
from segctl.logic import spans, times
from segctl.logic.bound import At, Instant, LocalMidnight
from segctl.logic.nodes import Ago, Midnight, Window, Written
from segctl.logic.problem import Problem

Report = Callable[[Problem, Span | None], object]


@dataclass(frozen=True, slots=True)
class Limits:
    """[start, end), open-ended where None; `never` if no row can lie in it, whatever as_of is."""

    start: Instant | None = None
    end: Instant | None = None
    never: bool = False


NEVER = Limits(never=True)


def limits(window: Window, zone: str, report: Report) -> Limits:
    """The window's limits; what is wrong with them is reported, and then it holds no row."""
    start, end = _start(window.start, zone), _end(window.end, zone)
    for limit, written in ((start, window.start), (end, window.end)):
        if isinstance(limit, Problem):
            report(limit, written.origin if isinstance(written, Written) else None)
    if isinstance(start, Problem) or isinstance(end, Problem):
        return NEVER
    if not _reversed(start, end):
        return Limits(start, end)
    first, last = _words(window.start), _words(window.end)
    problem = Problem(
        "empty-window", f"from `{first}` to `{last}` is an empty range", hint="write the earlier one first"
    )
    report(problem, window.start.origin if isinstance(window.start, Written) else None)
    return NEVER


def _start(start: Ago | Midnight | Written | None, zone: str) -> Instant | Problem | None:
    match start:
        case Midnight(days_before):
            return LocalMidnight(days_before, zone)
        case Written(text):
            stretch = spans.written_stretch(text, zone)
            return stretch if isinstance(stretch, Problem) else At(stretch[0])
        case _:
            return start


def _end(end: Ago | Written | None, zone: str) -> Instant | Problem | None:
    """A date ends with its day, an instant is itself; as_of ends every window anyway."""
    if isinstance(end, Written):
        stretch = spans.written_stretch(end.text, zone)
        if isinstance(stretch, Problem):
            return stretch
        return At(stretch[1] if spans.is_date(end.text) else stretch[0])
    return None if end is None or end.us <= 0 else end


def _reversed(start: Instant | None, end: Instant | None) -> bool:
    match start, end:
        case At(low), At(high):
            return low >= high
        case Ago(longer), Ago(shorter):
            return longer <= shorter
        case _:
            return False


def _words(limit: Ago | Midnight | Written | None) -> str:
    """A limit as it was written."""
    return limit.text if isinstance(limit, Written) else times.duration_text(limit.us if isinstance(limit, Ago) else 0)
