"""Global options on both sides of the command; what is answered where an option or a command does not exist."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from segctl.cli.commands import COMMANDS, Lazy
from segctl.cli.global_options import BEFORE_ONLY
from segctl.cli.main import cli
from tests.cli.conftest import ROOT, Outcome, Shop

Call = Callable[[list[str]], Outcome]


@pytest.mark.parametrize("options", [["-q"], ["--quiet"], ["--color", "always"], ["--color=always", "-q"]])
def test_an_option_after_the_command_does_what_it_does_before(shop: Shop, options: list[str]) -> None:
    before, after = shop.run(*options, "list"), shop.run("list", *options)
    assert before.code == 0
    assert before == after
    assert shop.run("list").err + shop.run("list").out != after.err + after.out or "always" not in "".join(options)


def test_verbose_and_quiet_after_the_command_are_heard(shop: Shop) -> None:
    day = ("--as-of", "2026-11-22")
    plain, verbose, quiet = shop.run("plan", *day), shop.run("plan", *day, "-v"), shop.run("plan", *day, "-q")
    assert len(verbose.err) > len(plain.err) > len(quiet.err) == 0


def test_a_log_after_the_command_is_json(shop: Shop) -> None:
    done = shop.run("list", "--log-format", "json")
    assert json.loads(done.err.splitlines()[-1])["event"] == "exit"


def test_the_folder_may_be_given_after_the_command_and_in_steps(shop: Shop, call: Call) -> None:
    expected = shop.run("list")
    assert call(["list", "-C", str(shop.folder)]) == expected
    assert call(["-C", str(shop.folder.parent), "list", "-C", shop.folder.name]) == expected
    assert call(["-C", str(shop.folder.parent), "-C", shop.folder.name, "list"]) == expected
    assert call(["list", "-C", "no/such"]).code == 64


def test_a_plan_from_elsewhere_is_published_from_there(shop: Shop, call: Call) -> None:
    for line in (["-C", str(shop.folder), "plan"], ["plan", "-C", str(shop.folder)]):
        out = call([*line, "--as-of", "2026-11-22"]).out
        assert f"Publish exactly this: segctl -C {shop.folder} apply --as-of" in out


def test_no_option_of_a_command_hides_a_global_one() -> None:
    group = cli
    assert isinstance(group, Lazy)
    for name in COMMANDS:
        command = group.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        names = [option for parameter in command.params for option in parameter.opts]
        assert len(names) == len(set(names)), name
        assert {"-C", "-q", "-v", "--color", "--log-format"} < set(names), name


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (["plan", "--json"], "`--format json`"),
        (["plan", "-json"], "`--format json`"),
        (["plan", "-o", "x.plan"], "`--out FILE`"),
        (["plan", "-ox.plan"], "`--out FILE`"),
        (["plan", "-o", "json"], "`--format json`"),
        (["list", "-o", "all.txt"], "`> FILE`"),
        (["traits", "--out", "x"], "`--output FILE`"),
        (["plan", "--target", "vip"], "`--select WHICH`"),
        (["plan", "-target=vip"], "`--select WHICH`"),
        (["apply", "-auto-approve"], "`--auto-approve`"),
        (["apply", "--yes"], "`--auto-approve`"),
        (["apply", "--dry-run"], "`segctl plan`, which publishes nothing"),
        (["plan", "--asof", "2026-11-22"], "`--as-of TIME`"),
        (["explain", "vip", "--id", "u1"], "`--user ID`"),
        (["plan", "--formt", "json"], "`--format`"),
        (["plan", "--no-color"], "`--color never`"),
        (["plan", "--chdir", "x"], "`-C DIR`"),
        (["--json", "list"], "`segctl list --format json`"),
        (["--format", "json", "list"], "`segctl list --format`"),
        (["lst"], "`list`"),
        (["publish"], "`apply`"),
        (["help", "plann"], "`plan`"),
    ],
)
def test_what_is_meant_is_answered(call: Call, line: list[str], meant: str) -> None:
    done = call(line)
    assert (done.code, done.out) == (64, "")
    assert f"did you mean {meant}?\n" in done.err


@pytest.mark.parametrize("line", [["init", "--json"], ["plan", "--xyzzy"], ["xyzzy"], ["schema", "-o", "f"]])
def test_where_nothing_is_meant_nothing_is_suggested(call: Call, line: list[str]) -> None:
    done = call(line)
    assert done.code == 64
    assert "did you mean" not in done.err


@pytest.mark.parametrize("option", BEFORE_ONLY)
def test_an_option_that_must_stand_before_the_command_says_so(call: Call, option: str) -> None:
    done = call(["plan", option])
    assert done.code == 64
    assert f"it goes before the command: `segctl {option} plan`" in done.err


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_is_its_help(call: Call, name: str) -> None:
    assert call(["help", name]) == call([name, "--help"])


def test_help_alone_lists_the_commands(call: Call) -> None:
    assert call(["help"]) == call(["--help"])


def test_the_version_says_more_where_more_is_wanted(call: Call) -> None:
    short = call(["version"])
    assert short == call(["--version"])
    assert call(["-v", "version"]) == call(["version", "-v"])
    assert "pyarrow " in call(["version", "-v"]).out
    assert json.loads(call(["version", "--format", "json"]).out)["segctl"] == short.out.split()[1]
    assert call(["--untrusted", "version"]) == short


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_that_of_the_variable(call: Call, shell: str) -> None:
    done = call(["completion", shell])
    direct = subprocess.run(
        [sys.executable, "-m", "segctl"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "_SEGCTL_COMPLETE": f"{shell}_source"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert (done.code, done.out.strip()) == (0, direct.stdout.strip())


def test_completion_in_bash_finds_definitions(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "segctl"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m segctl "$@"\n')
    program.chmod(0o755)
    words = f"segctl -C {shop.folder} members ad"
    typed = (
        'eval "$(segctl completion bash)"\n'
        f"COMP_WORDS=({words}); COMP_CWORD={len(words.split()) - 1}\n"
        '_segctl_completion segctl; echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        ["bash", "-c", typed], capture_output=True, text=True, check=True,
        env={"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout == "adults\n"


def test_an_unknown_shell_is_invalid(call: Call) -> None:
    done = call(["completion", "tcsh"])
    assert done.code == 64
    assert "'bash', 'zsh', 'fish'" in done.err
