from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from segctl.cli.commands import COMMANDS
from segctl.cli.main import cli, main
from segctl.cli.terminal import colour
from segctl.diagnostics import ExitCode, Locked, Refused, SegctlError, Stale
from tests.cli.conftest import ROOT, Outcome, process

Call = Callable[[list[str]], Outcome]
HELP_WITHIN_S = 0.2


def test_help_is_quick() -> None:
    """In seconds of the processor: with nothing else running that is the time one waits, and here much else runs."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert process(["--help"], {}).returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(once() for _ in range(10)) < HELP_WITHIN_S


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom segctl.cli.main import main\nmain(['--help'])\n"
        "print(sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    for heavy in ("numpy", "pyarrow", "pydantic", "rich", "yaml", "xxhash", "duckdb"):
        assert f"'{heavy}'" not in done.stderr


def test_help_lists_every_command(call: Call) -> None:
    said = call(["--help"]).out
    assert re.findall(r"^  ([a-z]+)  +\S", said.split("Commands:")[1], re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(call: Call, name: str) -> None:
    done = call([name, "--help"])
    assert done.code == 0
    assert done.out.startswith(f"Usage: segctl {name}")
    assert COMMANDS[name] in " ".join(done.out.split())
    assert re.search(rf"Examples:\n  segctl ([-\w =]+ )?{name}\b", done.out)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_docs(name: str) -> None:
    assert f"## segctl {name}\n" in (ROOT / "docs" / "commands.md").read_text()


def test_version(call: Call) -> None:
    from segctl import __version__

    assert call(["--version"]) == Outcome(0, f"segctl {__version__}\n", "")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["plann"], "error: no such command `plann`: did you mean `plan`?\n  hint: see `segctl --help`\n"),
        (["plan", "--formt", "json"], "error: no such option"),
        (["plan", "--format", "xml"], "error: invalid value for '--format'"),
        (["plan", "surplus"], "error: got unexpected extra argument (surplus)"),
        (["explain"], "error: missing argument 'NAME'.\n  hint: see `segctl explain --help`\n"),
        (["-C", "no/such/folder", "list"], "error: -C no/such/folder: No such file or directory\n"),
    ],
)
def test_a_line_that_makes_no_sense_is_64(call: Call, line: list[str], said: str) -> None:
    done = call(line)
    assert (done.code, done.out) == (64, "")
    assert done.err.startswith(said)


def test_no_command_at_all_shows_the_help_and_is_64(call: Call) -> None:
    done = call([])
    assert (done.code, done.out) == (64, "")
    assert done.err.startswith("Usage: segctl")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SegctlError("it broke", hint="mend it"), 1, "error: it broke\n  hint: mend it\n"),
        (Refused(["a", "b"], hint="--allow"), 3, "refused: a\nrefused: b\n  hint: --allow\n"),
        (Stale("moved"), 4, "error: moved\n"),
        (Locked("held by ada"), 5, "error: held by ada\n"),
        (OSError(28, "No space left on device", "state/x"), 1, "error: state/x: No space left on device\n"),
        (MemoryError(), 1, "error: out of memory\n  hint: fewer workers need less memory\n"),
        (KeyboardInterrupt(), 130, "interrupted; nothing half-done is left in the state\n"),
    ],
)
def test_every_outcome_has_its_code_and_one_line(
    call: Call, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def broken(**_: object) -> int:
        raise error

    monkeypatch.setattr(cli, "main", broken)
    assert call(["list"]) == Outcome(code, "", said)


def test_a_bug_is_told_with_a_report_that_holds_no_values(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(**_: object) -> int:
        raise KeyError("oops")

    monkeypatch.setattr(cli, "main", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = call(["explain", "vip", "--user", "u4711", "--as-of=2026-11-22"])
    [report] = tmp_path.iterdir()
    assert (done.code, done.out) == (70, "")
    assert done.err.startswith("bug: segctl failed with KeyError: 'oops'\n")
    assert done.err.endswith(f"  {report}\n")
    text = report.read_text()
    assert "command: segctl explain … --user … --as-of\n" in text
    assert "Traceback" in text
    assert "u4711" not in text


@pytest.mark.parametrize(("before", "variable"), [(["--untrusted"], ""), ([], "1")])
def test_over_definitions_of_anybody_a_bug_is_told_without_pythons_words(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: list[str], variable: str
) -> None:
    def broken(**_: object) -> int:
        raise KeyError("value of the data")

    monkeypatch.setattr(cli, "main", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("SEGCTL_UNTRUSTED", variable)
    done = call([*before, "plan"])
    assert (done.code, done.out) == (70, "")
    assert done.err.startswith("bug: segctl failed with KeyError\n")
    assert "value of the data" not in done.err


@pytest.mark.parametrize(
    ("mode", "environ", "is_terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colours(mode: str, environ: dict[str, str], is_terminal: bool, expected: bool) -> None:  # noqa: FBT001 a case
    assert colour(mode, environ, is_terminal=is_terminal) is expected


def test_the_exit_codes_are_all_told() -> None:
    page = (ROOT / "docs" / "exit-codes.md").read_text()
    for code in ExitCode:
        assert re.search(rf"^\|[ \d,]*\b{code.value}\b", page, re.MULTILINE), code


def test_a_closed_pipe_is_quiet_and_keeps_the_code() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "segctl", "schema", "--help"], env={"PYTHONPATH": str(ROOT)},
        stdout=writer, stderr=subprocess.PIPE, check=False, text=True,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_main_returns_what_the_command_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "main", lambda **_: ExitCode.CHANGES)
    assert main(["plan"]) == 2
