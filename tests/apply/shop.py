"""A shop small enough to know every membership by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from segctl.load.document import Key
from segctl.plan.plan import Change, Plan
from segctl.progress import Silent
from segctl.state.origin import Origin
from segctl.state.process import realm, started
from segctl.state.record import Record
from segctl.workflow.apply import apply
from segctl.workflow.commit import Outcome
from segctl.workflow.history import history
from segctl.workflow.members import Asked, Direction, members
from segctl.workflow.opened import opened_state
from segctl.workflow.plan import plan
from segctl.workflow.prepared import Prepared
from segctl.workflow.refresh import refresh
from segctl.workflow.request import Request, Run, Unasked

NOON = "2026-01-10T12:00:00Z"
NOON_US = 1_768_046_400_000_000
DAY_US = 86_400_000_000
PROJECT: dict[str, Any] = {
    "kind": "project", "name": "shop", "users": {"path": "data/users.csv", "id": "id"},
    "events": [{"path": "data/events-*.csv", "user": "user", "time": "time", "name": {"column": "event"}}],
}  # fmt: skip


def segment(name: str, *where: Any, **rest: Any) -> dict[str, Any]:
    return {"kind": "segment", "name": name, "where": list(where), **rest}


ADULTS = segment("adults", {"attribute": "age", "at_least": 18})
BUYERS = segment("buyers", {"event": "purchase", "within": "30d"})
LOYAL: dict[str, Any] = {
    "kind": "extension", "name": "loyal", "refresh": "daily 06:00",
    "from": {"event": "purchase", "count": {"at_least": 2}},
}  # fmt: skip
BETA: dict[str, Any] = {"kind": "list", "name": "beta", "path": "data/beta.csv", "id": "id"}


def request(as_of: str, allow: Sequence[str], *, everything: bool = False) -> Request:
    """What a writing command asks for; whatever is let pass has a reason."""
    return Request(NOON_US, as_of, tuple(allow), everything, reason="it is meant" if allow else "")


@dataclass(frozen=True)
class Shop:
    """A project in a folder; definitions are written as JSON, which is YAML."""

    root: Path
    files: list[int] = field(default_factory=list)

    def define(self, *documents: Mapping[str, Any], **project: Any) -> None:
        """Let these be all the definitions."""
        folder = self.root / "segments"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "segctl.yaml").write_text(json.dumps(PROJECT | project))
        (folder / "all.yaml").write_text("\n---\n".join(map(json.dumps, documents)))

    def users(self, *rows: str, columns: str = "id,age") -> None:
        """Let these be all the users."""
        self._data("users.csv", columns, rows)

    def events(self, *rows: str) -> None:
        """One more file of events: `user,event,day of January 2026`."""
        parts = [row.split(",") for row in rows]
        self.files.append(len(rows))
        lines = [f"{user},{event},2026-01-{int(day):02}T00:00:00Z" for user, event, day in parts]
        self._data(f"events-{len(self.files)}.csv", "user,event,time", lines)

    def ids(self, name: str, *ids: str) -> None:
        """A file of ids."""
        self._data(name, "id", ids)

    def _data(self, name: str, columns: str, rows: Sequence[str]) -> None:
        (self.root / "data").mkdir(parents=True, exist_ok=True)
        (self.root / "data" / name).write_text("\n".join([columns, *rows]) + "\n")

    def plan(self, as_of: str = NOON, *allow: str) -> Plan:
        return self.prepared(as_of, *allow).plan

    def prepared(self, as_of: str = NOON, *allow: str) -> Prepared:
        return plan(self.root, Request(NOON_US, as_of, allow), Silent())

    def apply(self, as_of: str = NOON, *allow: str, review: Unasked = Unasked()) -> Outcome:  # noqa: B008 it has no state
        return apply(self.root, request(as_of, allow), run(), review, Silent())

    def refresh(self, as_of: str, *allow: str, everything: bool = False) -> Outcome:
        return refresh(self.root, request(as_of, allow, everything=everything), run(), Unasked(), Silent())

    def members(self, name: str, serial: int | None = None) -> str:
        """Ids, which are single letters, in one text."""
        return "".join(members(self.root, Asked((name,), serial=serial))[0].ids.to_pylist())

    def moved(self, name: str, serial: int | None = None) -> tuple[str, str]:
        """Who entered and who exited."""
        return self._moved(name, serial, "entered"), self._moved(name, serial, "exited")

    def _moved(self, name: str, serial: int | None, direction: Direction) -> str:
        (found,) = members(self.root, Asked((name,), serial=serial, direction=direction))
        return "".join(found.ids.to_pylist())

    def records(self) -> tuple[Record, ...]:
        return history(self.root).records

    def serial(self) -> int:
        head = opened_state(self.root)[1].head()
        return head.serial if head else 0


def run() -> Run:
    return Run(Origin("ada", "engine", 1, realm(), started(1), "abc"), "line")


def change(found: Plan, name: str) -> Change:
    """The change of a resource."""
    return next(change for change in found.changes if change.key[1] == name)


def reasons(found: Plan) -> dict[str, list[str]]:
    return {c.key[1]: [str(reason) for reason in c.reasons] or [str(c.action)] for c in found.changes}


def numbers(found: Plan, name: str) -> tuple[int, int, tuple[int, int], tuple[int, int]]:
    """Before, after, (entered, exited) by definition, the same by data."""
    members = change(found, name).members
    assert members is not None
    definition, data = members.by_definition, members.by_data
    return members.before, members.after, (definition.entered, definition.exited), (data.entered, data.exited)


def keys(found: Plan) -> list[Key]:
    return [change.key for change in found.changes]
