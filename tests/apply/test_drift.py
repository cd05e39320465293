"""Drift: what was tampered with, what moves beyond its band, and what is neither."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from segctl.diagnostics import InvalidInput, SegctlError, Usage
from segctl.progress import Silent
from segctl.report.drift import drift as text
from segctl.report.drift import drift_data
from segctl.report.json import dumps
from segctl.report.text import render
from segctl.state.examine import examine
from segctl.state.holder import Holder
from segctl.state.local import LocalStore
from segctl.state.lock import AT_ONCE, lock
from segctl.workflow.drift import Drift, drift
from segctl.workflow.gc import Wanted, gc
from segctl.workflow.request import Request, Unasked
from segctl.workflow.rollback import rollback
from tests.apply.shop import ADULTS, BETA, BUYERS, LOYAL, NOON_US, Shop, run, segment

LATER = "2026-01-20T12:00:00Z"
SPENT = {"kind": "trait", "name": "spent", "value": {"event": "purchase", "count": {}}}


def found(shop: Shop, *, with_data: bool = True, as_of: str = LATER) -> Drift:
    return drift(shop.root, Request(NOON_US, as_of), Silent(), with_data=with_data)


def said(seen: Drift) -> str:
    return render(text(seen), width=100, colour=False)


def moved(seen: Drift) -> dict[str, tuple[int, int, bool]]:
    """Who would enter and exit, and whether that is an anomaly."""
    assert seen.moving is not None
    return {m.key[1]: (m.members.entered, m.members.exited, m.is_anomaly) for m in seen.moving.memberships}


def narrow(document: dict[str, Any], band: str, **more: int) -> dict[str, Any]:
    return {**document, "drift": {"band": band, **more}}


def state(shop: Shop) -> Path:
    return shop.root / ".segctl"


def objects(shop: Shop) -> dict[Path, bytes]:
    """Everything in the state but the index, which is a cache."""
    files = (path for path in state(shop).rglob("*") if path.is_file() and "index" not in path.parts)
    return {path: path.read_bytes() for path in files}


def test_a_state_as_it_was_recorded_has_not_drifted(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS, SPENT)
    shop.apply()
    seen = found(shop, as_of="2026-01-11")
    assert (seen.found, seen.tampered, moved(seen)) == (False, (), {})
    assert said(seen) == (
        "published: serial 1, 6 objects checked, all as recorded\n"
        "members: by the definitions applied, as of 2026-01-11 00:00 UTC, no anomaly\n"
        "  3 as published\n"
    )


def test_nothing_applied_has_not_drifted(shop: Shop) -> None:
    shop.define(ADULTS)
    assert not found(shop).found
    assert said(found(shop)) == "nothing has been applied yet, so nothing can have drifted\n"
    assert json.loads(dumps(drift_data(found(shop))))["serial"] is None


def test_definitions_that_are_not_applied_are_no_drift(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(segment("adults", {"attribute": "age", "at_least": 60}), BUYERS)
    assert (found(shop).found, moved(found(shop))) == (False, {})
    shop.define({"kind": "segment", "name": "torn"})
    assert not found(shop).found


def test_movement_within_the_band_is_told_and_is_no_drift(shop: Shop) -> None:
    """Of 5 adults b goes, g and h come; buyers a, b, c get d."""
    shop.define(ADULTS, BUYERS, SPENT)
    shop.apply()
    shop.users("a,10", "b,17", "c,30", "d,40", "e,50", "f,60", "g,20", "h,20")
    shop.events("d,purchase,15")
    seen = found(shop)
    assert moved(seen) == {"adults": (2, 1, False), "buyers": (1, 0, False)}
    assert not seen.found
    assert said(seen).splitlines()[-1] == (
        "  2 within their bands (3 entered, 1 exited); 1 trait with 3 new values; 0 as published"
    )


def test_movement_beyond_the_band_is_an_anomaly(shop: Shop) -> None:
    shop.define(narrow(ADULTS, "10%"), narrow(BUYERS, "50%"))
    shop.apply()
    shop.users("a,10", "b,17", "c,30", "d,40", "e,50", "f,60")
    shop.events("d,purchase,15")
    seen = found(shop)
    assert moved(seen) == {"adults": (0, 1, True), "buyers": (1, 0, False)}
    assert (seen.found, seen.tampered) == (True, ())
    lines = said(seen).splitlines()
    assert lines[1] == "members: by the definitions applied, as of 2026-01-20 12:00 UTC, 1 anomaly"
    assert lines[2] == "  ! segment adults  5 → 4  -1 exited; 20.0 % of its members; its band is 10%"
    data = json.loads(dumps(drift_data(seen)))
    assert [one["name"] for one in data["anomalies"]] == ["adults"]
    assert [one["name"] for one in data["expected"]] == ["buyers"]
    assert data["anomalies"][0] | {"band": "10%", "floor": 0} == data["anomalies"][0]


def test_a_selection_narrows_what_is_looked_at(shop: Shop) -> None:
    shop.define(narrow(ADULTS, "10%", floor=1), narrow(BUYERS, "0%"), SPENT)
    shop.apply()
    shop.users("a,10", "b,17", "c,30", "d,40", "e,50", "f,60")
    shop.events("d,purchase,15")
    seen = drift(shop.root, Request(NOON_US, LATER, select=("adults",)), Silent())
    assert moved(seen) == {"adults": (0, 1, True)}
    assert seen.moving is not None
    assert (seen.moving.traits, seen.moving.still) == ((), 0)
    with pytest.raises(Usage, match="adluts"):
        drift(shop.root, Request(NOON_US, LATER, select=("adluts",)), Silent())
    with pytest.raises(Usage, match="`drift` takes what is applied"):
        drift(shop.root, Request(NOON_US, LATER, select=("path:segments",)), Silent())


def test_the_projects_band_holds_where_nothing_else_is_said(shop: Shop) -> None:
    shop.define(ADULTS, narrow(BUYERS, "50%"), drift={"band": "10%", "floor": 1})
    shop.apply()
    shop.users("a,10", "b,17", "c,30", "d,40", "e,50", "f,60")
    shop.events("d,purchase,15")
    assert moved(found(shop)) == {"adults": (0, 1, True), "buyers": (1, 0, False)}


def test_the_bands_that_count_are_those_that_are_applied(shop: Shop) -> None:
    shop.define(narrow(ADULTS, "10%"))
    shop.apply()
    shop.users("a,10", "b,17", "c,30", "d,40", "e,50", "f,60")
    shop.define(narrow(ADULTS, "90%"))
    assert found(shop).found


def test_another_band_is_metadata(shop: Shop) -> None:
    shop.define(narrow(ADULTS, "10%"))
    shop.apply()
    shop.define(narrow(ADULTS, "20%"))
    (change,) = shop.plan().changes
    assert (change.reasons, change.members) == (("metadata",), None)
    assert [(f.path, f.before, f.after) for f in change.diff] == [("drift.band", "10%", "20%")]


def test_extensions_move_when_they_are_due(shop: Shop) -> None:
    """`loyal` is due at 06:00: before that it stands as it was published."""
    shop.define(narrow(LOYAL, "0%"))
    shop.apply()
    shop.events("d,purchase,9", "d,purchase,10")
    assert moved(found(shop, as_of="2026-01-10T20:00:00Z")) == {}
    assert moved(found(shop, as_of="2026-01-11T20:00:00Z")) == {"loyal": (1, 0, True)}


def test_lists_have_bands_too(shop: Shop) -> None:
    shop.ids("beta.csv", "a", "f")
    shop.define(narrow(BETA, "50%", floor=2))
    shop.apply()
    shop.ids("beta.csv", "b", "f", "c")
    assert moved(found(shop)) == {"beta": (2, 1, True)}


@pytest.mark.parametrize("folder", ["memberships", "populations", "records", "traits"])
@pytest.mark.parametrize("harm", ["missing", "changed", "torn"])
def test_what_is_not_as_it_was_recorded_is_named(shop: Shop, folder: str, harm: str) -> None:
    shop.define(ADULTS, SPENT)
    shop.apply()
    (victim,) = (state(shop) / folder).iterdir()
    content = bytearray(victim.read_bytes())
    if harm == "missing":
        victim.unlink()
    else:
        content[len(content) // 2] ^= 1
        victim.write_bytes(bytes(content[: 20 if harm == "torn" else None]))
    seen = found(shop)
    assert seen.found
    assert [finding.name for finding in seen.tampered] == [f"{folder}/{victim.name}"]
    assert (seen.moving, seen.because) == (None, "what is published is damaged")
    assert f"✗ {folder}/{victim.name}: " in said(seen)
    assert found(shop, with_data=False).found


def test_an_older_serial_that_was_tampered_with_does_not_keep_the_data_from_being_looked_at(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    first = set(objects(shop))
    shop.define(narrow(segment("adults", {"attribute": "age", "at_least": 40}), "10%"))
    shop.apply()
    (victim,) = [path for path in first if path.parent.name == "memberships"]
    victim.unlink()
    shop.users("a,10", "b,17", "c,30", "d,40", "e,5", "f,60")
    seen = found(shop)
    assert [finding.serials for finding in seen.tampered] == [(1,)]
    assert moved(seen) == {"adults": (0, 1, True)}


def test_a_head_that_was_set_back_is_found(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    head = (state(shop) / "head.json").read_bytes()
    for age in (30, 40):
        shop.define(segment("adults", {"attribute": "age", "at_least": age}))
        shop.apply()
    (state(shop) / "head.json").write_bytes(head)
    (finding,) = found(shop).tampered
    assert (finding.name, finding.what) == (
        "head.json", "it points to serial 1, though there are records up to 3: it was set back",
    )  # fmt: skip


def test_a_head_that_is_gone_is_found(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(segment("adults", {"attribute": "age", "at_least": 40}))
    shop.apply()
    (state(shop) / "head.json").unlink()
    seen = found(shop)
    assert [finding.name for finding in seen.tampered] == ["head.json"]
    assert "no serial that can be read" in said(seen)


@pytest.mark.parametrize("name", ["memberships/notes.txt", "extra.json", "records/1.json.bak"])
def test_what_no_segctl_writes_is_named(shop: Shop, name: str) -> None:
    shop.define(ADULTS)
    shop.apply()
    (state(shop) / name).write_text("who put this here?")
    seen = found(shop)
    assert [(finding.name, finding.what) for finding in seen.tampered] == [(name, "segctl did not write it")]
    assert "hint: find out who put it there" in said(seen)
    assert moved(seen) == {}


def test_what_a_killed_command_leaves_is_no_drift(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    head = (state(shop) / "head.json").read_bytes()
    shop.define(segment("adults", {"attribute": "age", "at_least": 40}))
    shop.apply()
    (state(shop) / "head.json").write_bytes(head)  # as if it had been killed right before the commit
    assert (found(shop).found, found(shop).tampered) == (False, ())


def test_nothing_is_written_to_the_state_and_no_lock_is_needed(shop: Shop) -> None:
    shop.define(ADULTS, SPENT)
    shop.apply()
    shop.events("d,purchase,15")
    before = objects(shop)
    with lock(LocalStore(state(shop)), Holder(run().origin, "apply", NOON_US), AT_ONCE):
        assert found(shop).moving is not None
    assert objects(shop) == before


def test_without_data_only_the_state_is_read(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shutil.rmtree(shop.root / "data")
    shutil.rmtree(state(shop) / "index")
    seen = found(shop, with_data=False)
    assert (seen.found, seen.moving, seen.because) == (False, None, "")
    assert not (state(shop) / "index").exists()
    with pytest.raises(InvalidInput):
        found(shop)


def test_data_that_are_wrong_do_not_hide_what_was_tampered_with(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    (state(shop) / "extra.json").write_text("{}")
    shutil.rmtree(shop.root / "data")
    seen = found(shop)
    assert [finding.name for finding in seen.tampered] == ["extra.json"]
    assert seen.because.startswith("definitions and data do not fit: ")
    assert "members: not checked, because definitions and data do not fit" in said(seen)


def test_where_the_index_cannot_be_written_it_is_made_elsewhere(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write everywhere, so that only the answer about it can be another one."""
    shop.define(narrow(ADULTS, "10%"))
    shop.apply()
    shutil.rmtree(state(shop) / "index")
    shop.users("a,10", "b,17", "c,30", "d,40", "e,50", "f,60")
    monkeypatch.setattr(os, "access", lambda path, _: state(shop) not in (path, *Path(path).parents))
    assert moved(found(shop)) == {"adults": (0, 1, True)}
    assert not (state(shop) / "index").exists()


class Cut(LocalStore):
    """A folder that is gone after the head and a number of other reads: a share that is not there any more."""

    reads = 0

    def read(self, name: str) -> bytes:
        Cut.reads += 1
        if Cut.reads > 3:
            raise SegctlError("cannot read: the share is gone")
        return super().read(name)


def test_a_store_that_cannot_be_reached_any_more_is_not_called_tampered(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS, SPENT)
    shop.apply()
    with pytest.raises(SegctlError, match="the share is gone"):
        examine(Cut(state(shop)), NOON_US, Silent())


class Busy(Silent):
    """Somebody collects the older serials once the records are read, and before the objects are."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.collected = 0

    def start(self, label: str, total: int) -> None:  # noqa: ARG002 Progress has it
        if label == "checking" and not self.collected:
            self.collected = 1
            gc(self._root, Wanted(1), run(), NOON_US, Silent())


def test_a_collection_meanwhile_is_no_tampering(shop: Shop) -> None:
    for age in (20, 30, 40):
        shop.define(segment("adults", {"attribute": "age", "at_least": age}))
        shop.apply()
    busy = Busy(shop.root)
    seen = drift(shop.root, Request(NOON_US, LATER), busy)
    assert (busy.collected, seen.tampered, seen.found) == (1, (), False)


def test_a_single_object_that_cannot_be_read_is_named(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    (victim,) = (state(shop) / "memberships").iterdir()
    victim.unlink()
    victim.mkdir()
    assert [finding.name for finding in found(shop).tampered] == [f"memberships/{victim.name}"]


def test_after_a_rollback_the_older_definitions_are_the_ones(shop: Shop) -> None:
    shop.define(narrow(ADULTS, "10%"))
    shop.apply()
    shop.define(narrow(segment("adults", {"attribute": "age", "at_least": 40}), "10%"))
    shop.apply()
    rollback(shop.root, 1, Request(NOON_US), run(), review=Unasked(), progress=Silent())
    shop.users("a,10", "b,17", "c,30", "d,40", "e,50", "f,60")
    assert moved(found(shop)) == {"adults": (0, 1, True)}
