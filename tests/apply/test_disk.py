"""A disk that is full, a folder that is read-only, a clock that goes back, an index that is damaged."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from segctl.diagnostics import ExitCode, Refused
from segctl.progress import Silent
from segctl.sources.files import File
from segctl.sources.format import Request as Columns
from segctl.sources.table import Batch, Source
from segctl.workflow.apply import apply
from segctl.workflow.refresh import refresh
from segctl.workflow.request import Request, Unasked
from tests.apply.conftest import Command
from tests.apply.mounts import fill, read_only, small
from tests.apply.shop import ADULTS, BUYERS, NOON, NOON_US, Shop, run, segment
from tests.apply.test_doctor import DAMAGES, content

PAGE = 4096
HOUR_US = 3_600_000_000
FUNNEL = segment("funnel", {"sequence": [{"event": "purchase"}, {"event": "purchase"}]})


def test_a_disk_that_is_full_at_any_page_is_told_and_the_old_serial_holds(shop: Shop, segctl: Command) -> None:
    shop.define(ADULTS)
    state = shop.root / ".segctl"
    told = set()
    with small(state, "400k"):
        shop.apply(NOON)
        for pages in range(40):
            shop.define(segment("adults", {"attribute": "age", "at_least": 11 + pages}), BUYERS, FUNNEL)
            serial, before = shop.serial(), shop.members("adults")
            filler = fill(state, pages * PAGE)
            said = segctl("apply", "--auto-approve", "--as-of", NOON, "--allow", "max_exit", "--reason", "full")
            filler.unlink()
            assert not (state / "lock.json").exists()
            assert segctl("doctor").code == 0
            if said.code == 0:
                break
            assert said.code == ExitCode.FAILED
            assert "Traceback" not in said.err
            assert "No space left on device" in said.err
            assert (shop.serial(), shop.members("adults")) == (serial, before)
            told.add(said.err.splitlines()[0].partition("`")[0])
        assert said.code == 0
        assert shop.serial() == 2
        assert shop.members("buyers") == "abc"
        assert "left over" not in segctl("doctor").out
    assert len(told) > 1  # the index could not be written, or the state


def test_a_folder_that_is_read_only_can_be_read_and_says_so_when_written_to(shop: Shop, segctl: Command) -> None:
    shop.define(ADULTS)
    shop.apply(NOON)
    shop.define(ADULTS, BUYERS)
    before = content(shop)
    with read_only(shop.root / ".segctl"):
        for command in ("history", "members adults", "list", "doctor", "gc --dry-run", "plan"):
            assert segctl(*command.split()).code == 0, command
        for command in ("apply --auto-approve", "refresh", "gc", "rollback 1 --auto-approve"):
            said = segctl(*command.split())
            assert said.code == ExitCode.FAILED, command
            assert said.err.startswith("error: cannot write "), command
            assert "Read-only file system" in said.err, command
    assert content(shop) == before
    assert shop.serial() == 1


NOTE = "note: `.segctl/index` cannot be written: this command uses a temporary index; the next one starts again\n"


@pytest.fixture
def temporary_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files lie."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("what", ["index", "whole project", "whole project, never indexed"])
def test_an_index_that_cannot_be_written_is_replaced_by_a_temporary_one(
    shop: Shop, segctl: Command, temporary_folder: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.define(ADULTS)
    shop.apply(NOON)
    shop.define(ADULTS, BUYERS)
    asked = {
        ("plan", "--as-of", NOON): "+ segment buyers  3 members",
        ("members", "buyers", "--live", "--as-of", NOON): "a\nb\nc\n",
        ("explain", "buyers", "--user", "a", "--as-of", NOON): "a is in segment buyers",
        ("validate",): "2 definitions (2 segments): valid",
        ("user", "a", "--as-of", NOON): "buyers",
        ("drift", "--as-of", NOON): "1 as published",
        ("list", "--events"): "purchase",
    }
    expected = {command: segctl(*command).out for command in asked}
    if what.endswith("never indexed"):
        shutil.rmtree(shop.root / ".segctl/index")
    before = content(shop)
    with read_only(shop.root / ".segctl/index" if what == "index" else shop.root):
        for command, part in asked.items():
            said = segctl(*command)
            assert (said.code, said.out, said.err.count(NOTE)) == (0, expected[command], 1), (command, said)
            assert part in said.out + said.err, command
            assert list(temporary_folder.iterdir()) == []
        said = segctl("-q", "plan", "--as-of", NOON)
        assert (said.code, NOTE in said.err) == (0, False)
        said = segctl("--log-format", "json", "plan", "--as-of", NOON)
        assert any("temporary index" in json.loads(line).get("message", "") for line in said.err.splitlines())
    monkeypatch.chdir(shop.root)  # out of what was mounted there
    assert content(shop) == before
    assert NOTE not in segctl("plan", "--as-of", NOON).err


def test_a_temporary_index_takes_over_what_is_indexed_and_sees_what_is_new(
    shop: Shop, segctl: Command, temporary_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del temporary_folder
    shop.define(ADULTS, BUYERS)
    shop.apply(NOON)
    read: list[str] = []
    raw = Source.raw

    def noted(source: Source, file: File, request: Columns) -> Iterator[Batch]:
        read.append(file.name)
        return raw(source, file, request)

    monkeypatch.setattr(Source, "raw", noted)
    with read_only(shop.root / ".segctl/index"):
        assert segctl("members", "adults", "--live", "--as-of", NOON).code == 0
        assert read == []
        shop.users("a,10", "b,20", "z,90")
        assert segctl("members", "adults", "--live", "--as-of", NOON).out.split() == ["b", "z"]
        assert set(read) == {"data/users.csv"}


def test_a_clock_that_goes_back_an_hour_loses_nothing(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply(NOON)
    early = Request(NOON_US - HOUR_US)
    with pytest.raises(Refused, match="earlier_as_of"):
        refresh(shop.root, early, run(), Unasked(), Silent())
    assert shop.serial() == 1
    shop.define(ADULTS, BUYERS)
    done = apply(shop.root, Request(NOON_US - HOUR_US, NOON), run(), Unasked(), Silent())
    assert done.serial == 2
    assert shop.members("buyers") == "abc"
    assert [record.created_us for record in shop.records()] == [NOON_US - HOUR_US, NOON_US]
    shop.users("a,10", "b,20")
    assert shop.refresh("2026-01-11T12:00:00Z", "max_exit").serial == 3


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_rebuilt_from_the_data_and_never_answers_wrongly(
    shop: Shop, segctl: Command, damage: str
) -> None:
    shop.define(ADULTS, BUYERS, FUNNEL)
    shop.apply(NOON)
    index, copy = shop.root / ".segctl/index", shop.root / "copy"
    live = ("members", "adults", "buyers", "funnel", "--live", "--as-of", NOON, "--format", "csv")
    right = segctl(*live)
    shutil.copytree(index, copy)
    names = sorted(str(path.relative_to(copy)) for path in copy.rglob("*") if path.stat().st_size and path.is_file())
    rebuilt = 0
    for name in names:
        _put_back(copy, index)
        DAMAGES[damage](index / name)
        said = segctl(*live)
        assert (said.code, said.out) == (ExitCode.OK, right.out), name
        rebuilt += "note: the index is damaged: " in said.err
    assert rebuilt or damage == "missing"
    assert segctl("doctor").code == 0


def test_the_doctor_finds_any_altered_byte_of_the_index(shop: Shop, segctl: Command) -> None:
    shop.define(ADULTS, BUYERS, FUNNEL)
    shop.apply(NOON)
    index, copy = shop.root / ".segctl/index", shop.root / "copy"
    shutil.copytree(index, copy)
    assert segctl("doctor").code == 0
    path = next(index.rglob("times.arrow"))
    whole = path.read_bytes()
    time = (NOON_US - 8 * 24 * HOUR_US - 12 * HOUR_US).to_bytes(8, "little")  # 2 January
    assert whole.count(time) == 1
    path.write_bytes(whole.replace(time, (NOON_US + HOUR_US).to_bytes(8, "little")))
    said = segctl("doctor")
    assert said.code == ExitCode.STALE
    name = f".segctl/index/{path.relative_to(index)}"
    assert f"damaged: {name}: it is not as it was written\n" in said.out
    assert f"  fix: remove `{name.rpartition('/')[0]}`: the next command rebuilds it\n" in said.out
    shutil.rmtree(path.parent)
    assert segctl("members", "buyers", "--live", "--as-of", NOON).out == "a\nb\nc\n"
    assert segctl("doctor").code == 0
    for name in sorted(str(path.relative_to(copy)) for path in copy.rglob("*.json")):
        _put_back(copy, index)
        DAMAGES["altered"](index / name)
        assert f"damaged: .segctl/index/{name}: " in segctl("doctor").out


def _put_back(copy: Path, index: Path) -> None:
    shutil.rmtree(index, ignore_errors=True)
    shutil.copytree(copy, index)
