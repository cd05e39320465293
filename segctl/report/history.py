"""What was applied, when, and by whom: counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from segctl.report.inventory import snapshot_data
from segctl.report.table import Column, Rows
from segctl.report.text import count
from segctl.report.times import clock
from segctl.state.instants import to_text
from segctl.state.record import Record

_COLUMNS = (
    Column("serial", right=True), Column("when"), Column("what"), Column("as of", spare=1), Column("by", spare=2),
    Column("commit", spare=3), Column("changes"), Column("entered", right=True), Column("exited", right=True),
)  # fmt: skip
_SIGNS = {"create": "+", "update": "~", "delete": "-", "refresh": "refreshed "}
_COMMIT_DIGITS = 10


def history(records: Sequence[Record], zone: str, kept: int = 1) -> RenderableType:
    """The table, the last serial first; instants in the zone. Serials below `kept` are said to be gone."""
    if not records:
        return Text("nothing has been applied yet\n")
    rows = Rows(_COLUMNS, [_row(record, zone) for record in records])
    return Group(rows, Text(f"kept from serial {kept} on", style="dim")) if kept > 1 else rows


def _row(record: Record, zone: str) -> list[str]:
    entered, exited = _moved(record)
    return [
        str(record.serial),
        clock(record.created_us // 1_000_000 * 1_000_000, zone),
        record.operation,
        clock(record.as_of_us, zone),
        f"{record.author.who}@{record.author.host}",
        _short(record.author.commit),
        _changes(record),
        count(entered),
        count(exited),
    ]


def _short(commit: str | None) -> str:
    """A commit's first digits; `+` behind it says that the folder held what was not committed."""
    if commit is None:
        return ""
    return commit[:_COMMIT_DIGITS] + ("+" if commit.endswith("+") else "")


def _moved(record: Record) -> tuple[int, int]:
    """Users who entered and who exited, over all snapshots that this serial made."""
    made = [snapshot for snapshot in record.snapshots.values() if snapshot.serial == record.serial]
    return sum(snapshot.entered for snapshot in made), sum(snapshot.exited for snapshot in made)


def _changes(record: Record) -> str:
    """`+1 ~2`."""
    counted = Counter(record.changes.values())
    return " ".join(f"{sign}{counted[what]}" for what, sign in _SIGNS.items() if counted[what]) or "none"


def history_data(records: Sequence[Record], kept: int = 1) -> dict[str, object]:
    """The records for JSON; those below `kept_from` are gone."""
    return {"format_version": "1.0", "kept_from": kept, "records": [_record_data(record) for record in records]}


def _record_data(record: Record) -> dict[str, object]:
    author = record.author
    return {
        "serial": record.serial, "operation": record.operation, "created": to_text(record.created_us),
        "as_of": to_text(record.as_of_us), "who": author.who, "host": author.host, "commit": author.commit,
        "changes": [
            {
                "kind": key[0], "name": key[1], "action": action,
                **({"snapshot": snapshot_data(record.snapshots[key])} if key in record.snapshots else {}),
            }
            for key, action in sorted(record.changes.items())
        ],
    }  # fmt: skip
