"""A damaged file of the index is rebuilt from the data with a note: no command answers wrongly, none gives up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.apply.conftest import Command
from tests.apply.shop import ADULTS, BUYERS, LOYAL, NOON, Shop, segment

SPENT = segment("spent", {"event": "purchase", "sum": {"of": "amount", "at_least": 2.5}})
RED = segment("red", {"event": "purchase", "where": {"property": "product.color", "is": "red"}})
NAMES = ("adults", "buyers", "loyal", "spent", "red")
MEMBERS = {
    "adults": list("bcdef"), "buyers": list("abc"), "loyal": list("bc"), "spent": list("bc"), "red": list("ac"),
}  # fmt: skip


@pytest.fixture
def indexed(shop: Shop, segctl: Command) -> Path:
    """The folder of an index that was made of users, events, sums and a catalogue."""
    shop.define(ADULTS, BUYERS, LOYAL, SPENT, RED, catalogs={"product": {"path": "data/products.csv", "key": "sku"}})
    rows = ["a,1,2,p1", "b,2,3,p2", "b,1,4,p2", "c,1,5,p2", "c,1,6,p1", "c,1,7,p2"]
    lines = [
        f"{user},purchase,2026-01-{int(day):02}T00:00:00Z,{amount}.25,{sku}"
        for user, amount, day, sku in (row.split(",") for row in rows)
    ]
    data = shop.root / "data"
    (data / "events-1.csv").write_text("\n".join(["user,event,time,amount,sku", *lines]) + "\n")
    (data / "products.csv").write_text("sku,color\np1,red\np2,blue\n")
    assert members(segctl) == MEMBERS
    return shop.root / ".segctl/index"


def members(segctl: Command) -> dict[str, list[str]]:
    said = segctl("members", *NAMES, "--live", "--as-of", NOON, "--format", "json")
    assert said.code == 0, said.err
    found: dict[str, list[str]] = json.loads(said.out)
    return found


def files_of(index: Path) -> list[Path]:
    return sorted(path.relative_to(index) for path in index.rglob("*") if path.is_file() and path.stat().st_size)


@pytest.mark.parametrize("how", ["flipped", "emptied"])
def test_damage_of_any_file_is_rebuilt_with_a_note(how: str, indexed: Path, segctl: Command, tmp_path: Path) -> None:
    sound = tmp_path / "sound"
    shutil.copytree(indexed, sound)
    told = 0
    for name in files_of(sound):
        shutil.rmtree(indexed)
        shutil.copytree(sound, indexed)
        content = bytearray((indexed / name).read_bytes())
        content[len(content) // 2] ^= 4
        (indexed / name).write_bytes(content if how == "flipped" else b"")
        said = segctl("members", *NAMES, "--live", "--as-of", NOON, "--format", "json")
        assert (said.code, json.loads(said.out)) == (0, MEMBERS), name
        rebuilt = "note: the index is damaged: " in said.err
        if name.name != "manifest.json":  # without it there is no index, which is nothing to tell
            assert rebuilt == (segctl("doctor").code == 0), f"{name} was read and is damaged still, or was not read"
            told += rebuilt
    assert told > 10


def test_a_plan_rebuilds_and_an_apply_publishes_what_is_right(indexed: Path, segctl: Command, shop: Shop) -> None:
    for path in indexed.rglob("*.values.arrow"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    said = segctl("apply", "--as-of", NOON, "--auto-approve")
    assert said.code == 0
    assert "more files; it is rebuilt from the data\n" in said.err
    assert {name: list(shop.members(name)) for name in NAMES} == {name: sorted(MEMBERS[name]) for name in NAMES}


def test_all_files_emptied_as_after_a_power_failure_heal(indexed: Path, segctl: Command) -> None:
    for name in files_of(indexed):
        if name.name != "manifest.json":
            (indexed / name).write_bytes(b"")
    assert members(segctl) == MEMBERS


def test_damage_in_an_index_that_cannot_be_written_is_an_error_that_says_how_to_go_on(
    indexed: Path, segctl: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = next(indexed.rglob("users.arrow"))
    path.write_bytes(b"")
    monkeypatch.setattr("segctl.index.heal.forget_damaged", refuse)
    said = segctl("members", "buyers", "--live", "--as-of", NOON)
    assert said.code == 1
    assert said.err.startswith("error: the index is damaged: ")
    assert "hint: remove " in said.err
