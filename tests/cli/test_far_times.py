"""Times and dates at the ends of what a column holds: shown, compared and asked for in zones on both sides of UTC."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Outcome

FAR, DAYS = 2**63 - 1, 2**31 - 1
FIRST, LAST = -62_135_596_800_000_000, 253_402_300_799_999_999
"""0001-01-01 00:00 and 9999-12-31 23:59:59.999999, UTC."""
USERS = {
    "infinite": (FAR, DAYS), "least": (-(2**63), -(2**31)), "minus": (-FAR, -DAYS), "edge": (FAR - 1, DAYS - 1),
    "first": (FIRST, -719_162), "last": (LAST, 2_932_896), "beyond": (LAST + 1, 2_932_897),
    "today": (1_768_046_400_000_000, 20_463), "none": (None, None),
}  # fmt: skip
PROJECT = """kind: project
name: far
timezone: {zone}
users: {{path: users.parquet, id: id}}
events:
  - {{path: events.arrow, user: user, time: at, name: {{value: visit}}}}
"""
DEFINITIONS = """kind: segment
name: later
where: {attribute: until, later_than: 7d}
---
kind: segment
name: later_day
where: {attribute: day, later_than: 7d}
---
kind: segment
name: older
where: {attribute: until, older_than: 7d}
---
kind: segment
name: never_ends
where: {attribute: day, after: 9999-12-31}
---
kind: segment
name: last_day
where: {attribute: day, on: 9999-12-31}
---
kind: segment
name: turns
where: {any: [{attribute: until, anniversary: {on: 12-31}}, {attribute: day, anniversary: {within_next: 7d}}]}
---
kind: segment
name: highest
where: {attribute: until, top: 2}
---
kind: segment
name: long_ago
where: {event: visit, first: {before: 0001-01-01}}
---
kind: segment
name: days
where: {event: visit, days: {at_least: 2}}
---
kind: segment
name: ends_later
where: {trait: ends, later_than: 7d}
---
kind: trait
name: ends
value: {event: visit, last_value: {of: to}}
---
kind: trait
name: first_visit
value: {event: visit, first: true}
---
kind: trait
name: all_ends
value: {event: visit, unique_list: {of: to}}
"""
MEMBERS = {  # the same in every zone: nothing lies near enough to a day's edge, but 31 December in `turns`
    "later": {"infinite", "edge", "last", "beyond"},
    "later_day": {"infinite", "edge", "last", "beyond"},
    "older": {"least", "minus", "first"},
    "never_ends": {"infinite", "edge", "beyond"},
    "last_day": {"last"},
    "highest": {"infinite", "edge"},
    "ends_later": {"first", "today"},
    "days": {"first"},
}
AT = ("--as-of", "2026-01-10T12:00:00Z")
Call = Callable[[list[str]], Outcome]


@pytest.fixture(params=["America/Anchorage", "UTC", "Asia/Tokyo", "Pacific/Apia", "Pacific/Kiritimati"])
def far(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project over the data of this module, in a zone."""
    instant = pa.timestamp("us", "UTC")
    times, days = ([pair[place] for pair in USERS.values()] for place in (0, 1))
    columns = {"until": pa.array(times, pa.int64()).view(instant), "day": pa.array(days, pa.int32()).view(pa.date32())}
    pq.write_table(pa.table({"id": list(USERS), **columns}), tmp_path / "users.parquet")
    visits = [("minus", -FAR, FIRST), ("first", FIRST, None), ("first", 0, FAR), ("today", 0, LAST), ("last", LAST, 0)]
    user, at, to = zip(*visits, strict=True)
    events = pa.table({"user": user, "at": pa.array(at).view(instant), "to": pa.array(to, pa.int64()).view(instant)})
    with pa.OSFile(str(tmp_path / "events.arrow"), "wb") as file, pyarrow.ipc.new_file(file, events.schema) as writer:
        writer.write_table(events)
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments" / "segctl.yaml").write_text(PROJECT.format(zone=request.param), encoding="utf-8")
    (tmp_path / "segments" / "definitions.yaml").write_text(DEFINITIONS, encoding="utf-8")
    return tmp_path


def test_every_command_takes_them_and_the_engine_agrees_with_the_interpreter(far: Path, call: Call) -> None:
    def done(*arguments: str) -> str:
        found = call(["-C", str(far), *arguments])
        assert found.code == 0, (arguments, found.err)
        return found.out

    done("validate")
    names = [*MEMBERS, "turns", "long_ago"]
    members = json.loads(done("members", *names, "--live", *AT, "--format", "json"))
    for name, expected in MEMBERS.items():
        assert set(members[name]) == expected, name
    assert "minus" in members["long_ago"]
    for user in USERS:
        held = json.loads(done("user", user, *AT, "--format", "json"))["memberships"]
        assert {one["name"] for one in held if one["holds"]} == {name for name in names if user in members[name]}
        done("user", user, *AT)
        done("explain", "later", "--user", user, *AT)
        done("explain", "turns", "--user", user, *AT, "--format", "json")
    done("explain", "highest", "--user", "last", *AT)
    done("traits", "--live", *AT)
    done("traits", "--live", *AT, "--format", "json")
    for form in ("human", "json", "markdown"):
        done("plan", *AT, "--format", form)
    done("apply", *AT, "--auto-approve")
    done("list")
    done("traits")


def test_values_are_told_in_the_same_way_by_every_command(far: Path, call: Call) -> None:
    table = call(["-C", str(far), "traits", "ends", "all_ends", "--live", *AT, "--format", "csv"]).out
    rows = {row["user_id"]: row for row in csv.DictReader(io.StringIO(table))}
    assert rows["first"]["ends"] == "infinity"
    assert rows["today"]["ends"] == "9999-12-31 23:59:59.999999Z"
    assert json.loads(rows["minus"]["all_ends"]) == ["0001-01-01T00:00:00Z"]
    page = json.loads(call(["-C", str(far), "user", "beyond", *AT, "--format", "json"]).out)
    assert page["attributes"] == {"id": "beyond", "until": "+10000-01-01T00:00:00Z", "day": "+10000-01-01"}
    least = json.loads(call(["-C", str(far), "user", "least", *AT, "--format", "json"]).out)
    assert least["attributes"] == {"id": "least", "until": "-infinity", "day": "-infinity"}


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31", "9999-12-31 23:59:59.999999"])
def test_as_of_may_be_the_first_or_the_last_day(far: Path, call: Call, as_of: str) -> None:
    for arguments in (
        ["explain", "later_day", "--user", "last"], ["explain", "turns", "--user", "first"],
        ["explain", "long_ago", "--user", "first"], ["explain", "days", "--user", "first"], ["plan"],
        ["apply", "--auto-approve"], ["list"], ["history"],
    ):  # fmt: skip
        shown = [] if arguments[0] in ("list", "history") else ["--as-of", as_of]
        found = call(["-C", str(far), *arguments, *shown])
        assert found.code == 0, (arguments, found.err)
