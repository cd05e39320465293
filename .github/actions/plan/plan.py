"""Plan: the comment, the JSON and the saved plan as files, the summary of the run, the outputs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from advice import advice, findings
from allowances import Allowances, allowances
from checkout import distrust
from runner import Runner, Wrong, say, wrong

_PLANNED = (0, 2)
_REFUSED = 3


def main(runner: Runner) -> int:
    """Plan, and keep all that others need of it; the exit code is an output, and no reason to stop here."""
    why = distrust(runner)
    if why:
        say("notice", f"Definitions are not trusted: {why}.")
    folder = runner.folder
    files = {"markdown": folder / "plan.md", "json": folder / "plan.json", "out": folder / "plan.segctl"}
    for path in (*files.values(), folder / "comment.md", folder / "allow.json"):
        path.unlink(missing_ok=True)
    allowed = allowances(runner)
    done = runner.segctl(*_arguments(runner, files, allowed, trusted=not why), trusted=not why)
    runner.show(done.stdout, done.stderr)
    (folder / "plan.txt").write_text(done.stdout, encoding="utf-8")
    planned = done.returncode in _PLANNED and files["json"].exists()
    plan = json.loads(files["json"].read_text(encoding="utf-8")) if planned else {}
    _keep(runner, advice(runner, plan, allowed, done.returncode), files, plan, done.returncode)
    return 0


def _arguments(runner: Runner, files: dict[str, Path], allowed: Allowances, *, trusted: bool) -> list[str]:
    """The command line; a plan of definitions that are not trusted cannot be saved, and never is applied."""
    confined = [] if trusted else ["--untrusted", *_repeated("--data-root", runner.lines("data-roots"))]
    if not trusted and runner.input("state-copy"):
        confined += ["--state-copy", runner.input("state-copy")]
    found = [*confined, "plan", "--detailed-exitcode"]
    found += ["--markdown-into", str(files["markdown"]), "--json-into", str(files["json"])]
    found += ["--out", str(files["out"])] if trusted and runner.input("save", "true") == "true" else []
    for name in ("as-of", "backtest", "reason"):
        found += [f"--{name}", runner.input(name)] if runner.input(name) else []
    for name in ("select", "exclude", "allow"):
        found += _repeated(f"--{name}", runner.lines(name))
    return found + _granted(runner, allowed)


def _granted(runner: Runner, allowed: Allowances) -> list[str]:
    if not allowed.granted:
        return []
    path = runner.folder / "allow.json"
    path.write_text(json.dumps(allowed.granted, indent=2), encoding="utf-8")
    return ["--allow-from", str(path)]


def _repeated(option: str, values: list[str]) -> list[str]:
    return [part for value in values for part in (option, value)]


def _keep(runner: Runner, above: str, files: dict[str, Path], plan: dict[str, Any], code: int) -> None:
    written = files["markdown"]
    body = above + (written.read_text(encoding="utf-8") if written.exists() else "### No plan\n")
    refused = any(found["blocking"] for found in findings(plan))
    stops = refused and runner.choice("fail-on-refused", ("true", "false")) == "true"
    pointer = f"\nThe full plan is in the summary and the artifact of [this run]({runner.run_url}).\n"
    if code not in _PLANNED:
        pointer = f"\n`segctl plan` ended with exit code {code}; see the [log]({runner.run_url}).\n"
    (runner.folder / "comment.md").write_text(f"{runner.marker}\n{body}{pointer}", encoding="utf-8")
    runner.summary(body if code in _PLANNED else body + pointer)
    runner.output(
        exit_code=str(code),
        changes=str(bool(plan.get("changes"))).lower(),
        noteworthy=str(bool(plan.get("changes") or above) or code not in _PLANNED).lower(),
        refused=str(refused).lower(),
        outcome=str(_REFUSED if stops else 0 if code in _PLANNED else code),
        digest=str(plan.get("digest", "")),
        folder=str(runner.folder),
        plan_file=str(files["out"]) if files["out"].exists() else "",
        json_file=str(files["json"]) if files["json"].exists() else "",
        comment_file=str(runner.folder / "comment.md"),
        artifact=f"segctl-plan-{runner.environment}",
    )
    if code not in _PLANNED:
        say("error", f"segctl plan ended with exit code {code}")
    elif refused:
        say("error" if stops else "warning", "A guard or a policy refuses this plan; see the comment for what to do.")


if __name__ == "__main__":
    try:
        sys.exit(main(Runner()))
    except Wrong as error:
        sys.exit(wrong(error))
