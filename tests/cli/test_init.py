"""init: a project that is named, formatted, kept out of git where it should be, and works as printed."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from segctl.model.values import NAME
from segctl.workflow.init import init
from tests.cli.conftest import Outcome

Call = Callable[[list[str]], Outcome]


def printed(outcome: Outcome) -> list[list[str]]:
    """The commands that a command advises, as a shell would split them."""
    lines = [line.strip() for line in outcome.err.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("segctl ")]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("corner_shop", "corner_shop"),
        ("2024 shop!", "project_2024_shop"),
        ("Café-Größe", "cafe_grosse"),
        ("店", "my_project"),
        ("__x__", "x"),
        ("null", "project_null"),
        ("a.b.c", "a_b_c"),
        ("x" * 99 + "-yz", "x" * 99),
        (".", "here"),
    ],
)
def test_the_project_is_named_after_its_folder(tmp_path: Path, call: Call, folder: str, name: str) -> None:
    here = tmp_path / "here"
    here.mkdir()
    done = call(["-C", str(here), "init", folder])
    assert (done.code, done.out.split(" in ")[0]) == (0, f"project {name}")
    assert re.fullmatch(NAME, name)
    assert f"\nname: {name}\n" in (here / folder / "segments" / "segctl.yaml").read_text()
    assert call(["-C", str(here / folder), "fmt", "--check"]).code == 0
    assert call(["-C", str(here / folder), "validate", "--strict"]).code == 0


def test_the_commands_that_it_prints_work_and_show_members(tmp_path: Path, call: Call) -> None:
    here = ["-C", str(tmp_path)]
    validated, planned = [call([*here, *line]) for line in printed(call([*here, "init", "my new shop"]))]
    assert (validated.code, planned.code) == (0, 0)
    assert "+ segment repeat_buyers  1 member\n" in planned.out
    [publish] = re.findall(r"^Publish exactly this: segctl (.*)$", planned.out, re.MULTILINE)
    published = call([*here, *shlex.split(publish)])
    assert (published.code, published.out.splitlines()[-1]) == (0, "Published serial 1.")


def test_the_rows_reach_up_to_today_whenever_that_is(tmp_path: Path) -> None:
    init(tmp_path / "late", dt.date(2031, 3, 2))
    orders = (tmp_path / "late" / "data" / "events" / "orders.csv").read_text()
    assert "\n1,purchase,2031-01-11T16:30:00Z,40.00\n" in orders
    assert orders.endswith("\n4,product_viewed,2031-02-28T20:15:00Z,\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "/data/\n/.segctl/\n"),
        ("node_modules\n", "node_modules\n/data/\n/.segctl/\n"),
        ("*.pyc", "*.pyc\n/data/\n/.segctl/\n"),
        ("data\n.segctl/\n", "data\n.segctl/\n"),
        ("/data/\r\n", "/data/\r\n/.segctl/\n"),
    ],
)
def test_data_and_state_stay_out_of_git(tmp_path: Path, call: Call, before: str | None, after: str) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    ignore = tmp_path / ".gitignore"
    if before is not None:
        ignore.write_bytes(before.encode())
    done = call(["-C", str(tmp_path), "init"])
    assert ".gitignore keeps data/ and .segctl/ out of git" in done.out
    assert ignore.read_bytes().decode() == after
    seen = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--short", "-uall"], check=True, capture_output=True, text=True
    ).stdout
    assert "segments/segctl.yaml" in seen
    assert "data/" not in seen


def test_nothing_is_written_over(tmp_path: Path, call: Call) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "users.csv").write_text("mine\n")
    for more in ([], ["--example"]):
        done = call(["-C", str(tmp_path), "init", *more])
        assert done.code == 1
        assert done.err.startswith("error: data")
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["users.csv"]
        assert (tmp_path / "data" / "users.csv").read_text() == "mine\n"
    (tmp_path / "file").write_text("")
    assert call(["-C", str(tmp_path), "init", "file"]).code == 1


def test_the_example_is_named_and_its_plan_is_of_its_last_day(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from segctl.example.write import write_example

    monkeypatch.setattr(
        "segctl.example.write.write_example",
        lambda folder, progress: write_example(folder, users=500, progress=progress),
    )
    done = call(["-C", str(tmp_path), "init", "--example", "Shop of Ada"])
    assert done.out.startswith("project shop_of_ada in Shop of Ada: 500 users")
    validate, plan = printed(done)
    assert plan == ["-C", "Shop of Ada", "plan", "--as-of", "2026-11-22"]
    planned = call(["-C", str(tmp_path), *plan])
    assert planned.out.startswith("shop_of_ada, as of 2026-11-22")
    assert call(["-C", str(tmp_path), *validate]).code == 0
    assert call(["-C", str(tmp_path / "Shop of Ada"), "fmt", "--check"]).code == 0
