"""`segctl state pull`: a copy that is whole at every instant, and what it refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from segctl.diagnostics import SegctlError
from segctl.state.local import LocalStore
from tests.cli.conftest import Shop

DAY = ("--as-of", "2026-11-22")


def apply(shop: Shop, age: int) -> None:
    shop.segment("adults", f"{{attribute: age, at_least: {age}}}", "guards: {max_exit: 100%}\n")
    done = shop.run("apply", *DAY, "--auto-approve")
    assert done.code == 0, done.err


def pull(shop: Shop, *more: str) -> dict[str, int]:
    done = shop.run("state", "pull", "../copy", *more, "--format", "json")
    assert done.code == 0, done.err
    found: dict[str, int] = json.loads(done.out)
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def planned(shop: Shop) -> dict[str, object]:
    done = shop.run("--untrusted", "--state-copy", "../copy", "plan", *DAY, "--format", "json")
    assert done.code == 0, done.err
    found: dict[str, object] = json.loads(done.out)
    return found


def test_a_plan_against_the_copy_is_the_plan_against_the_state(shop: Shop) -> None:
    apply(shop, 18)
    apply(shop, 21)
    assert pull(shop) | {"bytes": 0} == {
        "format_version": "1.0", "first": 2, "last": 2, "copied": 3, "bytes": 0, "present": 0, "deleted": 0,
    }  # fmt: skip
    shop.segment("adults", "{attribute: age, at_least: 30}")
    ours = json.loads(shop.run("plan", *DAY, "--format", "json").out)
    assert (planned(shop)["serial"], planned(shop)["changes"]) == (2, ours["changes"])


def test_it_is_brought_up_to_date_and_holds_no_more_than_it_needs(shop: Shop) -> None:
    apply(shop, 18)
    pull(shop)
    assert (pull(shop)["copied"], pull(shop)["present"]) == (0, 3)
    apply(shop, 30)
    again = pull(shop)
    assert (again["last"], again["copied"], again["present"], again["deleted"]) == (2, 2, 1, 2)
    assert pull(shop, "--keep", "5")["first"] == 1
    copied, state = files(shop.folder.parent / "copy"), files(shop.folder / ".segctl")
    assert {name: state[name] for name in copied if "/" in name} == {
        name: data for name, data in copied.items() if "/" in name
    }
    assert len([name for name in copied if name.startswith("records/")]) == 2


def test_what_is_damaged_in_the_copy_is_copied_again_and_what_is_damaged_in_the_state_is_not(shop: Shop) -> None:
    apply(shop, 18)
    pull(shop)
    copy = shop.folder.parent / "copy"
    (membership,) = (copy / "memberships").iterdir()
    whole = membership.read_bytes()
    membership.write_bytes(whole[:-1] + b"?")
    assert (pull(shop)["copied"], membership.read_bytes()) == (1, whole)
    apply(shop, 30)
    before = files(copy)
    source = next(path for path in (shop.folder / ".segctl/memberships").iterdir() if path.name != membership.name)
    source.write_bytes(source.read_bytes()[:-1] + b"?")
    done = shop.run("state", "pull", "../copy")
    assert (done.code, "is damaged" in done.err) == (4, True)
    after = files(copy)
    assert {name: after[name] for name in before} == before, "the older copy is whole"
    assert planned(shop)["serial"] == 1


@pytest.mark.parametrize("many", range(6))
def test_a_pull_that_ends_anywhere_leaves_the_older_copy_or_the_newer_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """The disk is full after so many writes."""
    apply(shop, 18)
    pull(shop)
    apply(shop, 30)
    left = iter(range(many))

    def limited(real: Callable[..., Any]) -> Callable[..., Any]:
        def write(store: LocalStore, name: str, *rest: Any, **more: Any) -> Any:
            if next(left, None) is None:
                raise SegctlError(f"cannot write `{name}`: No space left on device")
            return real(store, name, *rest, **more)

        return write

    for method in ("write_once", "replace", "discard"):
        monkeypatch.setattr(LocalStore, method, limited(getattr(LocalStore, method)))
    shop.run("state", "pull", "../copy")
    monkeypatch.undo()
    monkeypatch.chdir("/")
    assert planned(shop)["serial"] == (1 if many < 3 else 2)
    assert pull(shop)["last"] == 2
    assert len(files(shop.folder.parent / "copy")) == 6


def test_a_folder_of_something_else_is_refused_and_left_alone(shop: Shop) -> None:
    apply(shop, 18)
    for folder in ("data", ".segctl", ".", ".segctl/copy"):
        before = files(shop.folder)
        done = shop.run("state", "pull", folder)
        assert (done.code, files(shop.folder)) == (1, before), folder


def test_a_copy_of_another_state_and_one_that_is_ahead_are_refused(shop: Shop) -> None:
    apply(shop, 18)
    older = shop.folder.parent / "older"
    shutil.copytree(shop.folder / ".segctl", older)
    apply(shop, 30)
    pull(shop)
    shutil.rmtree(shop.folder / ".segctl")
    shutil.move(older, shop.folder / ".segctl")
    assert "is at serial 2, and the state at 1" in shop.run("state", "pull", "../copy").err
    shutil.rmtree(shop.folder / ".segctl")
    apply(shop, 18)
    assert "is a copy of another state" in shop.run("state", "pull", "../copy").err


def test_an_erasure_reaches_the_copy_with_the_next_pull(shop: Shop) -> None:
    apply(shop, 18)
    pull(shop)
    copy = shop.folder.parent / "copy"
    assert any(b"finn" in data for data in files(copy).values())
    done = shop.run("forget", "--user", "finn", "--reason", "request 7", "--auto-approve")
    assert done.code == 0, done.err
    assert pull(shop)["last"] == 1
    assert not any(b"finn" in data for data in files(copy).values())
    assert planned(shop)["serial"] == 1


def test_nothing_applied_is_a_copy_too_that_later_becomes_one_of_a_state(shop: Shop) -> None:
    done = shop.run("state", "pull", "../copy")
    assert (done.code, done.out) == (0, "`../copy`: nothing has been applied yet\n")
    shop.segment("adults", "{attribute: age, at_least: 18}")
    assert planned(shop)["serial"] == 0
    apply(shop, 18)
    assert pull(shop)["last"] == 1


def test_it_does_not_run_over_definitions_that_are_not_trusted(shop: Shop) -> None:
    assert shop.run("--untrusted", "state", "pull", "../copy").code == 64
