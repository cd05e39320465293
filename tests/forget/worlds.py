"""One history told twice: with everybody, and as if some users had never been there."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from segctl.plan.guards import ALLOWABLE
from segctl.progress import Silent
from segctl.sources.sought import SoughtIds
from segctl.state.state import State
from segctl.workflow.apply import apply
from segctl.workflow.forget import Chosen, Forgotten, Preview, Wanted, forget
from segctl.workflow.gc import Wanted as Kept
from segctl.workflow.gc import gc
from segctl.workflow.opened import opened_state
from segctl.workflow.refresh import refresh
from segctl.workflow.request import Request, Unasked
from segctl.workflow.rollback import rollback
from tests.apply.shop import run

BEGIN_US = 1_768_003_200_000_000
"""2026-01-10."""
ALLOWED = ALLOWABLE
COLOURS = ("red", "green", "blue")


class Yes:
    """Confirms everything, and remembers what it was shown."""

    def __init__(self) -> None:
        self.seen: list[Preview] = []

    def confirm(self, preview: Preview) -> bool:
        """Yes."""
        self.seen.append(preview)
        return True


def erased(root: Path, *ids: str, reason: str = "", keep_values: bool = False, now_us: int = BEGIN_US) -> Forgotten:
    """Users are erased from the state of a project."""
    wanted, chosen = Wanted(SoughtIds.of(ids), reason, keep_values), Chosen(now_us, b"secret")
    return forget(root, wanted, run(), chosen, review=Yes(), progress=Silent())


def state_of(root: Path) -> State:
    """The state of a project."""
    return opened_state(root)[1]


@dataclass
class Side:
    """A project whose data lack the users `without`."""

    root: Path
    without: frozenset[str] = frozenset()

    def data(self, users: dict[str, int], events: list[tuple[str, str, int]]) -> None:
        """Let these be the data: ages by user, and `user, colour, day` of purchases."""
        folder = self.root / "data"
        folder.mkdir(parents=True, exist_ok=True)
        rows = [f"{user},{age}" for user, age in users.items() if user not in self.without]
        (folder / "users.csv").write_text("\n".join(["id,age", *rows]) + "\n")
        bought = [f"{u},purchase,{c},2026-01-{d:02}T00:00:00Z" for u, c, d in events if u not in self.without]
        (folder / "events.csv").write_text("\n".join(["user,event,colour,time", *bought]) + "\n")

    def define(self, documents: list[dict[str, Any]]) -> None:
        """Let these be all the definitions."""
        folder = self.root / "segments"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        project = {
            "kind": "project", "name": "twice", "users": {"path": "data/users.csv", "id": "id"},
            "events": [{"path": "data/events.csv", "user": "user", "time": "time", "name": {"column": "event"}}],
        }  # fmt: skip
        (folder / "segctl.yaml").write_text(json.dumps(project))
        (folder / "all.yaml").write_text("\n---\n".join(map(json.dumps, documents)))

    def request(self, day: int) -> Request:
        """As of a day of January, whatever guards say."""
        return Request(BEGIN_US, f"2026-01-{day:02}", ALLOWED, everything=True, reason="it is meant")


@dataclass
class Twice:
    """Both sides, with the same things done to both."""

    folder: Path
    gone: frozenset[str]
    chance: random.Random
    users: dict[str, int] = field(default_factory=dict)
    events: list[tuple[str, str, int]] = field(default_factory=list)
    named: str = "adults"
    age: int = 30
    day: int = 2

    def __post_init__(self) -> None:
        """Begin with all of them."""
        self.whole, self.rest = Side(self.folder / "whole"), Side(self.folder / "rest", self.gone)
        self.users = {user: self.chance.randrange(10, 60) for user in self._ids()}
        self.events = [("u00", "red", 1)]
        self.apply()

    def _ids(self) -> list[str]:
        others = [f"u{n:02}" for n in range(25)]
        return sorted([*others, *self.gone])

    def step(self) -> None:
        """A day passes, and something is done."""
        self.day += 1
        for user in self.chance.sample(list(self.users), min(8, len(self.users))):
            self.events.append((user, self.chance.choice(COLOURS), self.day - 1))
        if self.chance.random() < 0.3 and len(self.users) > 20:
            del self.users[self.chance.choice(list(self.users))]
        elif self.chance.random() < 0.3:
            self.users.setdefault(self.chance.choice(self._ids()), self.chance.randrange(10, 60))
        act = self.chance.choice([self.apply, self.apply, self.refresh, self.refresh, self.rename, self.rollback])
        act()

    def apply(self) -> None:
        """Definitions that change a little."""
        self.age = self.chance.randrange(20, 50)
        self._apply([])

    def rename(self) -> None:
        """The segment gets another name."""
        before, self.named = self.named, f"adults_{self.day}"
        self._apply([before])

    def _apply(self, moved: list[str]) -> None:
        adults = {"kind": "segment", "name": self.named, "where": [{"attribute": "age", "at_least": self.age}]}
        documents: list[dict[str, Any]] = [
            adults | ({"moved": {"from": moved[0]}} if moved else {}),
            {"kind": "segment", "name": "buyers", "where": [{"event": "purchase", "within": "3d"}]},
            {"kind": "extension", "name": "loyal", "refresh": "daily 00:00",
             "from": {"event": "purchase", "count": {"at_least": 2}}},
            {"kind": "campaign", "name": "mail", "audience": {"include": [self.named]}, "variants": self._variants()},
            {"kind": "trait", "name": "orders", "value": {"event": "purchase", "count": True}},
            {"kind": "trait", "name": "colour", "value": {"event": "purchase", "last_value": {"of": "colour"}}},
            {"kind": "trait", "name": "colours", "value": {"event": "purchase", "unique_list": {"of": "colour"}}},
        ]  # fmt: skip
        for side in (self.whole, self.rest):
            side.data(self.users, self.events)
            side.define(documents)
            apply(side.root, side.request(self.day), run(), Unasked(), Silent())

    def _variants(self) -> list[dict[str, Any]]:
        share = self.chance.choice([30, 50])
        return [{"name": "a", "percent": share}, {"name": "b", "percent": 100 - share}]

    def refresh(self) -> None:
        """The same definitions on the data of the day."""
        for side in (self.whole, self.rest):
            side.data(self.users, self.events)
            refresh(side.root, side.request(self.day), run(), Unasked(), Silent())

    def rollback(self) -> None:
        """An older serial comes back."""
        head = state_of(self.whole.root).head()
        assert head is not None
        if head.serial < 2:
            return
        serial = self.chance.randrange(head.kept, head.serial)
        for side in (self.whole, self.rest):
            rollback(side.root, serial, side.request(self.day), run(), review=Unasked(), progress=Silent())

    def collect(self, keep: int) -> None:
        """Older serials are forgotten."""
        for side in (self.whole, self.rest):
            gc(side.root, Kept(keep), run(), BEGIN_US, Silent())
