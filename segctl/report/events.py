"""The event names of the data, as a table or data."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from segctl.report.table import Column, Rows
from segctl.report.text import count, plural
from segctl.report.times import clock
from segctl.state.instants import to_text
from segctl.workflow.events import EventNames

_COLUMNS = (Column("event"), Column("rows", right=True), Column("first", spare=1), Column("last", spare=1))


def events(found: EventNames) -> RenderableType:
    """One line for each name."""
    if not found.events:
        return Text(f"{found.project}: the data has no events\n")
    rows = [
        [name, count(seen.rows), clock(seen.first_us, found.zone), clock(seen.last_us, found.zone)]
        for name, seen in found.events.items()
    ]
    total = Text(f"\n{found.project}: {plural(len(found.events), 'event name')}", style="bold")
    return Group(Rows(_COLUMNS, rows), total)


def events_data(found: EventNames) -> dict[str, object]:
    """The table for JSON."""
    return {
        "format_version": "1.0", "project": found.project,
        "events": [
            {"name": name, "rows": seen.rows, "first": to_text(seen.first_us), "last": to_text(seen.last_us)}
            for name, seen in found.events.items()
        ],
    }  # fmt: skip
