from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house.requirements import TRACES
from tests.untrusted.hostile import CANARY, ROOT, SECRET, Heard, Place, run

CASES = sorted((ROOT / "tests" / "cases" / "untrusted").glob("*.yaml"))
STARTS = ("subprocess.", "os.exec", "os.system", "os.posix_spawn", "os.fork")
REACHES = ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "urllib.", "http.")


def case(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def check(place: Place, heard: Heard) -> None:
    assert "Traceback" not in heard.err
    for text in (heard.out, heard.err):
        assert CANARY not in text
        assert SECRET not in text
    assert not heard.outside(place.outside)
    assert not [event for event, _ in heard.events if event.startswith((*STARTS, *REACHES))]


@dataclass(frozen=True)
class Tried:
    """A hostile project, what it was outside before, and what came of a plan."""

    case: dict[str, Any]
    place: Place
    before: dict[str, int]
    heard: Heard


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tried]:
    """All cases, planned in one process."""
    cases = {path.stem: case(path) for path in CASES}
    places = {name: Place.make(tmp_path_factory.mktemp(name), one["files"]) for name, one in cases.items()}
    before = {name: place.untouched() for name, place in places.items()}
    folder = tmp_path_factory.mktemp("temporary")
    heard = run([place.line("plan", "--format", "markdown") for place in places.values()], folder)
    assert not list(folder.glob("segctl-*")), "what was made for the runs is gone"
    return {name: Tried(cases[name], places[name], before[name], one) for name, one in zip(places, heard, strict=True)}


@pytest.mark.parametrize("name", [path.stem for path in CASES])
def test_nothing_outside_is_read_or_written_and_nothing_is_told_of_it(name: str, tried: dict[str, Tried]) -> None:
    found = tried[name]
    check(found.place, found.heard)
    assert found.heard.code == found.case["code"], found.heard.err
    assert found.case["says"] in found.heard.err + found.heard.out
    assert found.place.untouched() == found.before


STRACED = ("absolute_list", "linked_parquet", "linked_glob", "hostile_index", "linked_definition", "device")


@TRACES.mark
@pytest.mark.parametrize("name", STRACED)
def test_libraries_open_nothing_outside_either(name: str, tmp_path: Path) -> None:
    place = Place.make(tmp_path, case(ROOT / "tests" / "cases" / "untrusted" / f"{name}.yaml")["files"])
    log = tmp_path / "strace"
    what = "trace=open,openat,openat2,creat,connect,execve,rename,unlink,link,symlink"
    tool = ("strace", "-f", "-y", "-qq", "-e", what, "-o", str(log))
    place.run("plan", tool=tool)
    calls = [line for line in log.read_text().splitlines() if str(place.outside) in line or "/dev/zero" in line]
    assert not [line for line in calls if re.search(r"= \d+<", line) or "/dev/zero" in line]
    assert not re.search(r"connect\(.*(AF_INET|AF_INET6)", log.read_text())
    assert log.read_text().count("execve(") == 1, "segctl itself"


VERBS = (
    ("validate",), ("validate", "--format", "github"), ("test",), ("list",), ("show", "adults"), ("graph",),
    ("explain", "adults", "--user", "u1"), ("plan", "--format", "json"), ("plan", "--select", "state:modified"),
)  # fmt: skip


def test_every_command_keeps_to_the_project(tmp_path: Path) -> None:
    files = {
        ".segctl": {"link": "../outside"},
        "segments/steal.yaml": {"kind": "list", "name": "steal", "path": "../outside/secret.csv", "id": "id"},
    }
    place = Place.make(tmp_path, files)
    before = place.untouched()
    for heard in run([place.line(*arguments) for arguments in VERBS], tmp_path):
        check(place, heard)
        assert heard.code in {0, 1}
    assert place.untouched() == before
