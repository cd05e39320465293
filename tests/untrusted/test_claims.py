from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from segctl.cli.commands import COMMANDS
from segctl.cli.untrusted import COMMANDS as READING
from segctl.cli.untrusted import WITHOUT_PROJECT
from segctl.diagnostics import Diagnostic
from segctl.load.access import Access
from segctl.sources.files import find
from segctl.sources.problems import Problems
from segctl.state.origin import here
from segctl.workflow.untrusted import told
from tests.untrusted.hostile import CANARY, Place, run


def test_commands_that_do_more_than_reading_are_refused(tmp_path: Path) -> None:
    place = Place.make(tmp_path, {})
    commands = sorted(set(COMMANDS) - {*READING, *WITHOUT_PROJECT})
    for command, heard in zip(commands, run([place.line(command) for command in commands], tmp_path), strict=True):
        assert heard.code == 64
        assert f"`segctl {command}` cannot run with `--untrusted`" in heard.err


OPTIONS = (
    ("plan", "--out", "x"), ("test", "--generate", "adults"), ("test", "--mutate"), ("show", "./x.json"),
    ("plan", "--select", "git:main"), ("validate", "--select", "git:main"),
)  # fmt: skip


def test_so_are_options_that_do(tmp_path: Path) -> None:
    place = Place.make(tmp_path, {})
    for heard in run([place.line(*arguments) for arguments in OPTIONS], tmp_path):
        assert heard.code == 64
        assert "--untrusted" in heard.err
        assert not [event for event, _ in heard.events if event.startswith("subprocess.")]


def test_data_roots_of_the_command_line_may_be_read(tmp_path: Path) -> None:
    files = {"segments/theirs.yaml": {"kind": "list", "name": "theirs", "path": "../lake/ids.csv", "id": "id"}}
    place = Place.make(tmp_path, files)
    lake = tmp_path / "lake"
    lake.mkdir()
    (lake / "ids.csv").write_text("id\nu1\nu2\n")
    assert place.run("plan").code == 1
    heard = place.run("plan", "--format", "json", before=("--untrusted", "--data-root", "../lake"))
    assert heard.code == 0, heard.err
    assert '"after": 2' in heard.out
    (lake / "link.csv").symlink_to(place.outside / "secret.csv")
    place.write("segments/theirs.yaml", files["segments/theirs.yaml"] | {"path": "../lake/link.csv"})
    assert place.run("plan", before=("--untrusted", "--data-root", "../lake")).code == 1


def test_a_copy_of_the_state_is_planned_against_and_left_as_it_is(tmp_path: Path) -> None:
    place = Place.make(tmp_path, {})
    assert place.run("apply", "--auto-approve", before=()).code == 0
    copy = tmp_path / "copy"
    (place.project / ".segctl").rename(copy)
    was = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    heard = place.run("plan", before=("--untrusted", "--state-copy", str(copy)))
    assert "against serial 1" in heard.out
    assert "No changes" in heard.out
    assert was == {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    assert "nothing" in place.run("plan", before=("--untrusted",)).err
    refused = place.run("plan", before=("--untrusted", "--state-copy", "s3://bucket/x"))
    assert (refused.code, "no connection" in refused.err) == (64, True)


def test_a_data_root_that_is_a_link_of_the_checkout_is_refused(tmp_path: Path) -> None:
    """A job names a folder of the checkout, and a fork puts a link in its place."""
    files = {
        "lake": {"link": str(tmp_path / "outside")},
        "segments/theirs.yaml": {"kind": "list", "name": "theirs", "path": "lake/secret.csv", "id": "id"},
    }
    place = Place.make(tmp_path, files)
    (place.project / "own").mkdir()
    for option in ("lake", str(place.project / "lake"), "own/../lake"):
        heard = place.run("plan", before=("--untrusted", "--data-root", option))
        assert (heard.code, "passes through a link in the checkout" in heard.err) == (64, True)
    (place.project / "segments" / "theirs.yaml").unlink()
    assert place.run("plan", before=("--untrusted", "--data-root", "own")).code == 0
    (tmp_path / "ours").symlink_to(place.outside)
    assert place.run("plan", before=("--untrusted", "--data-root", "../ours")).code == 0, "a link of the job's own"


def test_a_copy_of_the_state_out_of_the_checkout_is_refused(tmp_path: Path) -> None:
    place = Place.make(tmp_path, {"copied": {"link": str(tmp_path / "elsewhere")}, "state/head.json": "{}"})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "by-a-link").symlink_to(place.project / "state")
    for option in ("state", "copied", "../by-a-link"):
        heard = place.run("plan", before=("--untrusted", "--state-copy", option))
        assert (heard.code, "is inside the checkout" in heard.err) == (64, True)
    (place.project.parent / ".git").mkdir()
    heard = place.run("plan", before=("--untrusted", "--state-copy", "../elsewhere"))
    assert heard.code == 64, "the repository around the project is its author's too"


def test_the_options_go_together(tmp_path: Path) -> None:
    place = Place.make(tmp_path, {})
    assert place.run("plan", before=("--data-root", ".")).code == 64
    assert place.run("plan", before=("--untrusted", "--data-root", "nothing")).code == 64


HOLDS: tuple[tuple[dict[str, object], str], ...] = (
        ({"data/users.csv": f"id,age\n{CANARY},1\n{CANARY},2\n"}, "row"),
        ({"data/users.csv": f"{CANARY},age\nu1,1\n"}, "no column `id`"),
        ({"data/users.csv": f"id,age\nu1,1\n{CANARY},2,3\n"}, "cannot be read as this says"),
        ({"data/users.csv": f'id,age\nu1,"{CANARY}\n'}, "cannot be read as this says"),
        ({"data/users.csv": f"id,{CANARY}\nu1,1\n"}, "age"),
        ({"data/users.csv": f"id,age\nu1,{CANARY}\n"}, "age"),
        ({"data/ids.csv": f"{CANARY}\nu1\n",
          "segments/l.yaml": {"kind": "list", "name": "l", "path": "data/ids.csv", "id": "id"}}, "no column"),
        ({"data/users.csv": f"id,age,mail\nu1,20,{CANARY}\n",
          "segments/x.yaml": {"kind": "segment", "name": "x", "where": {"attribute": "mail", "is": "CANARI"}}}, ""),
        ({"data/e.csv": f"u,t,n\nu1,2026-01-01,{CANARY}\n",
          "segments/segctl.yaml": {"kind": "project", "name": "evil", "users": {"path": "data/users.csv", "id": "id"},
                                   "events": [{"path": "data/e.csv", "user": "u", "time": "t",
                                               "name": {"column": "n"}}]},
          "segments/x.yaml": {"kind": "segment", "name": "x", "where": {"event": "CANARI"}}}, ""),
)  # fmt: skip


def test_errors_and_warnings_say_nothing_of_what_the_data_hold(tmp_path: Path) -> None:
    lines, said = [], []
    for number, (files, words) in enumerate(HOLDS):
        (tmp_path / str(number)).mkdir()
        place = Place.make(tmp_path / str(number), files)
        lines += [place.line("plan"), place.line("validate")]
        said += [words, words]
    for heard, words in zip(run(lines, tmp_path), said, strict=True):
        assert CANARY not in heard.out + heard.err
        assert words in heard.out + heard.err


def test_what_is_told_of_data_has_no_values() -> None:
    confined = Access(scratch=Path())
    shown = told([Diagnostic("bad-value", "`age` in 2 rows of a.csv", None, f"row 1: `{CANARY}`", CANARY)], confined)
    assert shown[0].summary == "`age` in 2 rows of a.csv"
    assert CANARY not in str(shown)


@pytest.mark.parametrize(
    "pattern", ["*.csv", "**/*.csv", "**", "a/*/*.csv", "a/**/c.csv", "[ab]/b/?.csv", "a/b/c.csv", ".hidden/*.csv",
                ".*/*", "*", "a/**", "nothing/*.csv", "./a/b/*.csv"],
)  # fmt: skip
def test_patterns_mean_what_they_mean_to_the_trusted(pattern: str, tmp_path: Path) -> None:
    for name in ("x.csv", "a/b/c.csv", "a/b/d.csv", "a/e/c.csv", "b/b/f.csv", "a/.h/c.csv", "a/b/.g.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("id\n")
    plain = [file.name for file in find(tmp_path, pattern, (), Problems())]
    confined = [file.name for file in find(tmp_path, pattern, (), Problems(), Access(scratch=tmp_path / "s"))]
    assert confined == plain


def test_git_runs_no_program_that_a_repository_names(tmp_path: Path) -> None:
    canary = tmp_path / "ran"
    program = tmp_path / "evil"
    program.write_text(f"#!/bin/sh\ntouch {canary}\n")
    program.chmod(0o755)
    repository = tmp_path / "repository"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(repository)]
    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    (repository / "file").write_text("x")
    subprocess.run([*git, "add", "file"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "x"], check=True)
    subprocess.run([*git, "config", "core.fsmonitor", str(program)], check=True)
    (repository / "file").write_text("y")
    assert str(here(repository, {}).commit).endswith("+")
    assert not canary.exists()


def test_what_definitions_say_is_shown_and_does_nothing_to_a_terminal(tmp_path: Path) -> None:
    said = {"description": "a\x1b]0;title\x07\u202eb", "owner": "o\x1b[2J", "tags": ["\x9b1m"]}
    evil = {"kind": "segment", "name": "evil", "where": {"everyone": True}, **said}
    place = Place.make(tmp_path, {"segments/evil.yaml": evil})
    for heard in run([place.line(*one) for one in (("list",), ("show", "evil"), ("plan",), ("graph",))], tmp_path):
        assert heard.code == 0
        assert not set("\x1b\x07\x9b\u202e") & set(heard.out + heard.err)


def test_the_environment_can_say_it_too(tmp_path: Path) -> None:
    place = Place.make(tmp_path, {})
    done = subprocess.run(
        [sys.executable, "-m", "segctl", "-C", str(place.project), "members", "adults"],
        env={**os.environ, "SEGCTL_UNTRUSTED": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 64


def test_definitions_may_not_be_without_end(tmp_path: Path) -> None:
    large = "# " + "x" * 3_900_000 + "\n"
    place = Place.make(tmp_path, {f"segments/large_{number}.yaml": large for number in range(17)})
    heard = place.run("validate", "--no-data")
    assert heard.code == 1
    assert "MB" in heard.err + heard.out
