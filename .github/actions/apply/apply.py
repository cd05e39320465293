"""Apply: a saved plan, a plan of a digest, or what the definitions say now; never anything of a fork."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from publishing import SAYS, folded, lock_timeout, must_be_ours
from runner import Runner, Wrong, say, wrong


def main(runner: Runner) -> int:
    """Publish; ends with segctl's own exit code."""
    must_be_ours(runner, "pull requests are only planned: apply on a push to the default branch")
    done = runner.segctl(*_arguments(runner))
    runner.show(done.stdout, done.stderr)
    verdict = "published" if done.returncode == 0 else SAYS.get(done.returncode, f"exit code {done.returncode}")
    runner.summary(f"### Apply to {runner.environment}: {verdict}\n\n{folded(done.stdout)}")
    runner.output(exit_code=str(done.returncode), applied=str(done.returncode == 0).lower())
    if done.returncode:
        say("error", f"segctl apply: {verdict}")
    return done.returncode


def _arguments(runner: Runner) -> list[str]:
    file, digest = runner.input("plan-file"), runner.input("digest")
    if file and digest:
        raise Wrong("set `plan-file` or `digest`, not both")
    if digest and not re.fullmatch(r"[0-9a-f]{12,64}", digest):
        raise Wrong("`digest` is invalid: use 12 to 64 hexadecimal digits, as shown in the plan")
    found = ["apply", *([file] if file else []), "--lock-timeout", lock_timeout(runner)]
    found += ["--digest", digest] if digest else []
    found += [] if file or digest else ["--auto-approve"]
    for name in ("as-of", "reason"):
        found += [f"--{name}", runner.input(name)] if runner.input(name) else []
    return found + [part for rule in runner.lines("allow") for part in ("--allow", rule)]


if __name__ == "__main__":
    try:
        sys.exit(main(Runner()))
    except Wrong as error:
        sys.exit(wrong(error))
