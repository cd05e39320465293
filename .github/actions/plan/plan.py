"""Plan: the comment, the JSON and the saved plan as files, the summary of the run, the outputs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from runner import Runner, Wrong, say, wrong

_PLANNED = (0, 2)


def main(runner: Runner) -> int:
    """Plan, and keep all that others need of it; the exit code is an output, and no reason to stop here."""
    fork = runner.is_from_fork
    trusted = not fork and runner.choice("untrusted", ("auto", "always")) == "auto"
    folder = runner.folder
    files = {"markdown": folder / "plan.md", "json": folder / "plan.json", "out": folder / "plan.segctl"}
    for path in (*files.values(), folder / "comment.md"):
        path.unlink(missing_ok=True)
    done = runner.segctl(*_arguments(runner, files, trusted=trusted), trusted=trusted)
    runner.show(done.stdout, done.stderr)
    (folder / "plan.txt").write_text(done.stdout, encoding="utf-8")
    if done.returncode in _PLANNED and files["markdown"].exists():
        body = files["markdown"].read_text(encoding="utf-8")
    else:
        body = _failed(runner, done.returncode)
    _keep(runner, body, files, done.returncode)
    return 0


def _arguments(runner: Runner, files: dict[str, Path], *, trusted: bool) -> list[str]:
    """The command line; a plan of definitions that are not trusted cannot be saved, and never is applied."""
    confined = [] if trusted else ["--untrusted", *_repeated("--data-root", runner.lines("data-roots"))]
    if not trusted and runner.input("state-copy"):
        confined += ["--state-copy", runner.input("state-copy")]
    found = [*confined, "plan", "--detailed-exitcode"]
    found += ["--markdown-into", str(files["markdown"]), "--json-into", str(files["json"])]
    found += ["--out", str(files["out"])] if trusted and runner.input("save", "true") == "true" else []
    for name in ("as-of", "backtest"):
        found += [f"--{name}", runner.input(name)] if runner.input(name) else []
    found += _repeated("--select", runner.lines("select"))
    return found + _repeated("--exclude", runner.lines("exclude"))


def _repeated(option: str, values: list[str]) -> list[str]:
    return [part for value in values for part in (option, value)]


def _failed(runner: Runner, code: int) -> str:
    """What stands in the comment where there is no plan; what was said may show rows of data, and stays in the log."""
    return f"### No plan\n\n`segctl plan` ended with exit code {code}; the [log]({runner.run_url}) says why.\n"


def _keep(runner: Runner, body: str, files: dict[str, Path], code: int) -> None:
    pointer = f"\nThe whole plan is in the summary and the artifact of [this run]({runner.run_url}).\n"
    (runner.folder / "comment.md").write_text(f"{runner.marker}\n{body}{pointer}", encoding="utf-8")
    runner.summary(body)
    plan = json.loads(files["json"].read_text(encoding="utf-8")) if code in _PLANNED and files["json"].exists() else {}
    runner.output(
        exit_code=str(code),
        changes=str(bool(plan.get("changes"))).lower(),
        digest=str(plan.get("digest", "")),
        folder=str(runner.folder),
        plan_file=str(files["out"]) if files["out"].exists() else "",
        json_file=str(files["json"]) if files["json"].exists() else "",
        comment_file=str(runner.folder / "comment.md"),
        artifact=f"segctl-plan-{runner.environment}",
    )
    if code not in _PLANNED:
        say("error", f"segctl plan ended with exit code {code}")


if __name__ == "__main__":
    try:
        sys.exit(main(Runner()))
    except Wrong as error:
        sys.exit(wrong(error))
