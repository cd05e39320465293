"""Two serials against each other: what is defined otherwise, and who moved; counts only."""

from __future__ import annotations

from collections import Counter

from rich.text import Text

from segctl.plan.plan import Action
from segctl.report.plan import changes_text
from segctl.report.plan_json import change_data
from segctl.report.text import count, plural
from segctl.report.times import local
from segctl.state.instants import to_text
from segctl.state.record import Record
from segctl.workflow.diff import Between


def between(found: Between) -> Text:
    """The differences, as a plan shows them."""
    before, after = found.before, found.after
    text = Text(f"{after.project['name']}, from serial {before.serial} to serial {after.serial}\n", style="bold")
    text.append(f"as of {local(before.as_of_us, found.zone)} → {local(after.as_of_us, found.zone)}\n", style="dim")
    if not found.changes:
        return text.append(f"No differences; {plural(found.unchanged, 'definition')} unchanged.\n")
    text.append("\n").append_text(changes_text(found.changes, found.zone)).append("\n")
    done = Counter(change.action for change in found.changes)
    parts = [f"{count(done[action])} {action}d" for action in Action]
    return text.append(f"{', '.join(parts)}, {count(found.unchanged)} unchanged.\n", style="bold")


def between_data(found: Between) -> dict[str, object]:
    """The differences for JSON; changes are those of a plan."""
    done = Counter(change.action for change in found.changes)
    return {
        "format_version": "1.0",
        "project": found.after.project["name"],
        "lineage": found.after.lineage,
        "from": _serial(found.before),
        "to": _serial(found.after),
        "changes": [change_data(change) for change in found.changes],
        "summary": {**{str(action): done[action] for action in Action}, "unchanged": found.unchanged},
    }


def _serial(record: Record) -> dict[str, object]:
    return {"serial": record.serial, "as_of": to_text(record.as_of_us), "created": to_text(record.created_us)}
