"""Windows that reach back to where there is no data."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.diagnostics import Diagnostic
from segctl.lint.facts import Facts
from segctl.lint.rules import WINDOW_BEYOND_DATA
from segctl.lint.subject import Subject, all_rows
from segctl.logic import calendar, nodes, times
from segctl.logic.bound import At
from segctl.logic.nodes import Rows
from segctl.logic.windows import limits


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """Windows that end before the first row of the data, or of which more than half lies before it.

    Young data is no mistake: `within: 30d` is right for a project of 20 days. So a window that is counted back
    from today is found only where it is more than twice as long as all the data together, and an event name
    that is younger than the rest does not count. A date to start from (`since`) may lie as far back as one likes.
    """
    facts = subject.facts
    if facts is None or facts.first_us is None or facts.first_us >= facts.as_of_us:
        return
    for definition in subject.definitions.values():
        for rows in all_rows(definition.logic):
            found = _finding(rows, facts, facts.first_us)
            if found is not None:
                yield found


def _finding(rows: Rows, facts: Facts, first_us: int) -> Diagnostic | None:
    zone = facts.schema.zone
    bounds = limits(rows.window, zone, lambda _problem, _place: None)
    first = f"the first row of all events is of {_day(first_us, zone)}"
    end = rows.window.end
    if isinstance(end, nodes.Written) and isinstance(bounds.end, At) and bounds.end.us <= first_us:
        return WINDOW_BEYOND_DATA.found(
            "the window ends before the data begins", end.origin or rows.origin, detail=first, hint="fix its dates"
        )
    if bounds.start is None or isinstance(rows.window.start, nodes.Written):
        return None
    before = first_us - times.instant_of(bounds.start, facts.as_of_us)
    covered = facts.as_of_us - first_us
    if before <= covered:
        return None
    whole = (before + covered) // times.DAY_US
    detail = f"{first}: the data covers {covered // times.DAY_US:,} of the {whole:,} days that the window goes back"
    return WINDOW_BEYOND_DATA.found(
        "most of the window lies before the data begins", rows.origin, detail=detail,
        hint="make the window shorter, or read older data",
    )  # fmt: skip


def _day(instant_us: int, zone: str) -> str:
    return calendar.date_text(times.local_day(instant_us, zone))
