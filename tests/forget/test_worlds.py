"""After an erasure every serial is what it would be if the users had never been there: the other side shows it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from segctl.state.record import Record
from tests.forget.worlds import Twice, erased, state_of

GONE = frozenset({"gone_one", "gone_two"})


def records(root: Path) -> list[Record]:
    return list(state_of(root).records())


@pytest.mark.parametrize("seed", range(6))
def test_every_serial_is_as_if_the_users_had_never_been_there(tmp_path: Path, seed: int) -> None:
    twice = Twice(tmp_path, GONE, random.Random(seed))  # noqa: S311 nothing secret
    for _ in range(12):
        twice.step()
    found = erased(twice.whole.root, *GONE)
    assert found.erased
    assert found.absence is not None
    assert found.absence.is_proved
    ours, theirs = records(twice.whole.root), records(twice.rest.root)
    assert len(ours) == len(theirs) > 8
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.serial == other.serial
        assert dict(mine.snapshots) == dict(other.snapshots)
        assert mine.traits == other.traits
        assert mine.population == other.population
        assert (mine.operation, mine.archived) == (other.operation, other.archived)
        assert set(other.changes.items()) <= set(mine.changes.items())  # who alone moved is erased; that it ran stays
    names = {name for name in _objects(twice.whole.root) if not name.startswith(("records/", "erasures/"))}
    assert names == {name for name in _objects(twice.rest.root) if not name.startswith("records/")}


def test_where_the_serial_before_is_not_kept_counts_stay_within_the_members(tmp_path: Path) -> None:
    twice = Twice(tmp_path, GONE, random.Random(7))  # noqa: S311 nothing secret
    for _ in range(10):
        twice.step()
    twice.collect(3)
    erased(twice.whole.root, *GONE)
    ours, theirs = records(twice.whole.root), records(twice.rest.root)
    assert len(ours) == len(theirs) == 3
    first = ours[-1].serial
    for mine, other in zip(ours, theirs, strict=True):
        for key, snapshot in mine.snapshots.items():
            assert snapshot.entered <= snapshot.members
            if snapshot.serial > first:
                assert snapshot == other.snapshots[key]
            same = {"entered": 0, "exited": 0, "reassigned": 0}
            assert replace(snapshot, **same) == replace(other.snapshots[key], **same)  # type: ignore[arg-type]


def test_whoever_is_erased_twice_is_erased_once_and_others_follow(tmp_path: Path) -> None:
    twice = Twice(tmp_path, GONE, random.Random(8))  # noqa: S311 nothing secret
    for _ in range(5):
        twice.step()
    one, two = sorted(GONE)
    assert erased(twice.whole.root, one, reason="first").erased
    assert not erased(twice.whole.root, one, reason="again").erased
    assert erased(twice.whole.root, two, one, reason="second").erased
    state = state_of(twice.whole.root)
    assert [(e.reason, e.users) for e in state.erasures()] == [("first", 1), ("second", 1)]
    for mine, other in zip(state.records(), records(twice.rest.root), strict=True):
        assert dict(mine.snapshots) == dict(other.snapshots)
        assert mine.traits == other.traits


def _objects(root: Path) -> set[str]:
    state = root / ".segctl"
    folders = ("populations", "memberships", "traits", "records", "erasures")
    return {str(path.relative_to(state)) for name in folders for path in (state / name).glob("*")}
