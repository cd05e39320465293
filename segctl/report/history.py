"""What was applied, when, and by whom: counts only."""

from __future__ import annotations

from collections import Counter

from rich.console import Group, RenderableType
from rich.text import Text

from segctl.report.authors import by, commit
from segctl.report.hanging import Flow
from segctl.report.held import all_held_data, because
from segctl.report.inventory import snapshot_data
from segctl.report.overrides import override, override_data
from segctl.report.table import Column, Rows
from segctl.report.text import count, plural
from segctl.report.times import clock, local
from segctl.state.erasures import Erasure
from segctl.state.instants import to_text
from segctl.state.record import Record
from segctl.workflow.history import HELD, Entry, History, Move

_COLUMNS = (
    Column("serial", right=True), Column("when"), Column("what", spare=1), Column("as of", spare=3),
    Column("by", spare=4), Column("commit", spare=5), Column("changes", spare=2), Column("entered", right=True),
    Column("exited", right=True),
)  # fmt: skip
_OF_ONE = (
    Column("serial", right=True), Column("when"), Column("what", spare=2), Column("name", spare=3),
    Column("change", spare=1), Column("members", right=True), Column("entered", right=True),
    Column("exited", right=True), Column("by", spare=4), Column("commit", spare=5),
)  # fmt: skip
_OF_SERIAL = (
    Column("kind", spare=1), Column("name"), Column("change", spare=2), Column("members", right=True),
    Column("entered", right=True), Column("exited", right=True), Column("variants", spare=3),
)  # fmt: skip
_SIGNS = {"create": "+", "update": "~", "delete": "-", "refresh": "refreshed "}
_UNKNOWN = "?"


def history(past: History) -> RenderableType:
    """The table, the last serial first, and under it what was let pass, and why."""
    if not past.entries:
        return Text("nothing has been applied yet\n")
    if past.key is not None:
        rows = Rows(_OF_ONE, [_row_of(entry, move, past) for entry in past.entries for move in entry.moves])
    else:
        rows = Rows(_COLUMNS, [_row(entry, past.zone) for entry in past.entries])
    lines = [
        Flow(Text(f"serial {e.record.serial} overrode {override(o)}")) for e in past.entries for o in e.record.overrides
    ]
    lines += [Flow(Text(_erased(one, past.zone))) for one in past.erasures]
    return Group(rows, *([Text("")] if lines else []), *lines, *_collected(past.kept))


def _erased(erasure: Erasure, zone: str) -> str:
    """`erased 2 users from all serials up to 14, 2026-11-22 10:00:00 CET, ada@laptop: request 118`."""
    when, author = local(erasure.erased_us, zone), erasure.author
    reason = f": {erasure.reason}" if erasure.reason else ""
    users = plural(erasure.users, "user")
    return f"erased {users} from all serials up to {erasure.serial}, {when}, {by(author.who, author.host)}{reason}"


def _collected(kept: int) -> list[Text]:
    """A last line, where older serials are gone."""
    if kept == 1:
        return []
    gone = "serial 1 was" if kept - 1 == 1 else f"serials 1 to {kept - 1} were"
    return [Text(f"kept from serial {kept} on; {gone} collected by `segctl gc`", style="dim")]


def serial(past: History) -> RenderableType:
    """One serial: who, when, from what, and what it did to each resource."""
    (entry,) = past.entries
    text = Text(f"serial {entry.record.serial}  {_operation(entry.record)}\n", style="bold")
    for label, value in _facts(entry.record, past.zone):
        text.append(f"  {label}:".ljust(14), style="dim").append(f"{value}\n")
    if not entry.moves:
        return text.append("no membership and no definition changed\n")
    has_variants = any(move.snapshot and move.snapshot.variants for move in entry.moves)
    columns = _OF_SERIAL if has_variants else _OF_SERIAL[:-1]
    return Group(Flow(text), Rows(columns, [_row_in(move) for move in entry.moves]))


def _facts(record: Record, zone: str) -> list[tuple[str, str]]:
    author = record.author
    facts = [
        ("when", local(record.created_us, zone)),
        ("as of", local(record.as_of_us, zone)),
        ("by", by(author.who, author.host)),
        ("commit", author.commit or "none"),
        *([("run", author.run)] if author.run else []),
        *([("plan", record.plan)] if record.plan else []),
    ]
    held = (("held", f"{' '.join(key)} since {because(one, zone)}") for key, one in sorted(record.held.items()))
    return [*facts, *(("overrode", override(one)) for one in record.overrides), *held]


def _operation(record: Record) -> str:
    return record.operation if record.restores is None else f"{record.operation} to {record.restores}"


def _row(entry: Entry, zone: str) -> list[str]:
    record = entry.record
    return [
        str(record.serial),
        clock(record.created_us, zone),
        _operation(record),
        clock(record.as_of_us, zone),
        by(record.author.who, record.author.host),
        commit(record.author.commit),
        _changes(record),
        count(entry.entered),
        count(entry.exited),
    ]


def _row_of(entry: Entry, move: Move, past: History) -> list[str]:
    record = entry.record
    when = clock(record.created_us, past.zone)
    first = [str(record.serial), when, _operation(record), move.key[1], move.what]
    author = record.author
    return [*first, *_counts(move), by(author.who, author.host), commit(author.commit)]


def _row_in(move: Move) -> list[str]:
    variants = move.snapshot.variants if move.snapshot else ()
    return [*move.key, move.what, *_counts(move), ", ".join(f"{name} {count(members)}" for name, members in variants)]


def _counts(move: Move) -> tuple[str, str, str]:
    """Members, entered and exited; of a trait the users with a value, and those whose value changed."""
    if move.key[0] == "trait":
        return (count(move.values.users), f"{count(move.values.changed)} changed", "") if move.values else ("", "", "")
    members = count(move.snapshot.members) if move.snapshot else ""
    return members, _number(move.entered), _number(move.exited)


def _number(number: int | None) -> str:
    return _UNKNOWN if number is None else count(number)


def _changes(record: Record) -> str:
    """`+1 ~2`."""
    counted = Counter([*record.changes.values(), *(HELD for _ in record.held)])
    signs = {**_SIGNS, **{what: f"{what} " for what in counted if what not in _SIGNS}}
    return " ".join(f"{sign}{counted[what]}" for what, sign in signs.items() if counted[what]) or "none"


def history_data(past: History) -> dict[str, object]:
    """The records for JSON, whole or those of one resource; those below `kept_from` are gone."""
    return {
        "format_version": "1.2",
        "kept_from": past.kept,
        **({} if past.key is None else {"kind": past.key[0], "name": past.key[1]}),
        "records": [_entry_data(entry) for entry in past.entries],
        "erasures": [_erasure_data(erasure) for erasure in past.erasures],
    }


def _erasure_data(erasure: Erasure) -> dict[str, object]:
    author = erasure.author
    return {
        "erased": to_text(erasure.erased_us), "users": erasure.users, "serial": erasure.serial,
        "reason": erasure.reason, "who": author.who, "host": author.host, "commit": author.commit, "run": author.run,
    }  # fmt: skip


def _entry_data(entry: Entry) -> dict[str, object]:
    record, author = entry.record, entry.record.author
    return {
        "serial": record.serial, "operation": record.operation, "restores": record.restores,
        "created": to_text(record.created_us), "as_of": to_text(record.as_of_us),
        "who": author.who, "host": author.host, "commit": author.commit, "run": author.run,
        "plan": record.plan, "overrides": [override_data(one) for one in record.overrides],
        "entered": entry.entered, "exited": entry.exited,
        "changes": [_move_data(move) for move in entry.moves if move.what != HELD],
        "held": all_held_data({move.key: move.held for move in entry.moves if move.held}),
    }  # fmt: skip


def _move_data(move: Move) -> dict[str, object]:
    data: dict[str, object] = {"kind": move.key[0], "name": move.key[1], "action": move.what or None}
    if move.values is not None:
        values = move.values
        return data | {"values": {"as_of": to_text(values.as_of_us), "users": values.users, "changed": values.changed}}
    moved = {} if move.key[0] == "trait" else {"entered": move.entered, "exited": move.exited}
    return data | moved | ({"snapshot": snapshot_data(move.snapshot)} if move.snapshot else {})
