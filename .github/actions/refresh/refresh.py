"""Refresh: publish what is applied on today's data; what a guard refuses is held, and the summary says so."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from publishing import SAYS, folded, lock_timeout, must_be_ours
from runner import Runner, Wrong, say, wrong

_REFUSED = 3
_PUBLISHED = re.compile(r"^Published serial \d+\b", re.MULTILINE)


def main(runner: Runner) -> int:
    """Refresh; ends with segctl's own exit code, but with 0 where some resources are held and the others published."""
    must_be_ours(runner, "pull requests are only planned: refresh on a schedule")
    done = runner.segctl(*_arguments(runner))
    runner.show(done.stdout, done.stderr)
    published = bool(_PUBLISHED.search(done.stdout))
    held = published and done.returncode == _REFUSED
    verdict = _verdict(done.returncode, published=published, held=held)
    runner.summary(f"### Refresh of {runner.environment}: {verdict}\n\n{folded(done.stdout + done.stderr)}")
    runner.output(exit_code=str(done.returncode), published=str(published).lower(), held=str(held).lower())
    fails = runner.choice("fail-on-held", ("false", "true")) == "true"
    if held:
        say("error" if fails else "warning", f"segctl refresh: {verdict}")
        return _REFUSED if fails else 0
    if done.returncode:
        say("error", f"segctl refresh: {verdict}")
    return done.returncode


def _verdict(code: int, *, published: bool, held: bool) -> str:
    if held:
        return "published, but a guard holds some resources; they stay as published before"
    if code:
        return SAYS.get(code, f"exit code {code}")
    return "published" if published else "nothing to publish"


def _arguments(runner: Runner) -> list[str]:
    found = ["refresh", "--lock-timeout", lock_timeout(runner)]
    if runner.choice("all-or-nothing", ("false", "true")) == "true":
        found.append("--all-or-nothing")
    for name in ("as-of", "reason"):
        found += [f"--{name}", runner.input(name)] if runner.input(name) else []
    for name in ("select", "allow"):
        found += [part for value in runner.lines(name) for part in (f"--{name}", value)]
    return found


if __name__ == "__main__":
    try:
        sys.exit(main(Runner()))
    except Wrong as error:
        sys.exit(wrong(error))
