"""Drift: one open issue for each environment as long as something is found, closed when it clears."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from api import Api, ApiError
from publishing import must_be_ours
from runner import Runner, Wrong, say, wrong

LONGEST = 60_000
_CLEAR, _FOUND = 0, 2


def main(runner: Runner) -> int:
    """Look, and keep the issue; 0 where it could be looked, whatever was found, unless `fail` says otherwise."""
    must_be_ours(runner, "drift is not checked for pull requests: check it on a schedule, on the default branch")
    done = runner.segctl("drift", "--detailed-exitcode")
    runner.show(done.stdout, done.stderr)
    found = done.returncode == _FOUND
    runner.output(exit_code=str(done.returncode), drift=str(found).lower())
    if done.returncode not in {_CLEAR, _FOUND}:
        say("error", f"segctl drift ended with exit code {done.returncode}; the issue is unchanged")
        return done.returncode
    body = _body(runner, done.stdout)
    runner.summary(body if found else f"No drift in {runner.environment}.\n")
    if runner.choice("issue", ("true", "false")) == "true":
        try:
            _keep(runner, body, found=found)
        except ApiError as error:
            say("error", f"The issue could not be updated: {error}")
            return 1
    return _FOUND if found and runner.input("fail") == "true" else 0


def _body(runner: Runner, said: str) -> str:
    """What was found, in a block that it cannot leave; counts only, as segctl prints it."""
    fence = "`" * (max((len(run) for run in re.findall("`+", said)), default=2) + 3)
    text = said if len(said) <= LONGEST else f"{said[:LONGEST]}\n(truncated; the full text is in the log of the run)"
    return (
        f"{runner.marker}\nThe published audiences in `{runner.environment}` differ from what was recorded.\n\n"
        f"{fence}text\n{text}\n{fence}\n\nLast seen by [this run]({runner.run_url}). "
        f"This issue is closed automatically when the drift is gone.\n"
    )


def _keep(runner: Runner, body: str, *, found: bool) -> None:
    api, issues = runner.api(), f"/repos/{runner.repository}/issues"
    ours = list(_ours(runner, api, issues))
    if not found:
        for issue in ours:
            api.call("POST", f"{issues}/{issue['number']}/comments", {"body": f"The drift is gone: {runner.run_url}"})
            api.call("PATCH", f"{issues}/{issue['number']}", {"state": "closed", "state_reason": "completed"})
        runner.output(issue="closed" if ours else "none")
    elif ours:
        api.call("PATCH", f"{issues}/{ours[0]['number']}", {"body": body})
        runner.output(issue="updated")
    else:
        title = f"Audiences drifted: {runner.environment}"
        _opened(runner, api, issues, {"title": title, "body": body, "labels": [_label(runner)]})
        runner.output(issue="opened")


def _opened(runner: Runner, api: Api, issues: str, issue: dict[str, Any]) -> None:
    """Open it; where the answer was lost look whether it is there, so that there is never a second one."""
    try:
        api.call("POST", issues, issue)
    except ApiError as error:
        lost = error.status == 0 or error.status >= 500  # noqa: PLR2004 the server's fault
        if not lost:
            raise
        if not list(_ours(runner, api, issues)):
            api.call("POST", issues, issue)


def _label(runner: Runner) -> str:
    return runner.input("label", "segctl-drift")


def _ours(runner: Runner, api: Api, issues: str) -> Iterator[dict[str, Any]]:
    """Our open issues of this environment; the list has pull requests in it too."""
    author = runner.input("author", "github-actions[bot]")
    for issue in api.pages(f"{issues}?state=open"):
        by_us = (issue.get("user") or {}).get("login") == author
        if by_us and "pull_request" not in issue and str(issue.get("body") or "").startswith(runner.marker):
            yield issue


if __name__ == "__main__":
    try:
        sys.exit(main(Runner()))
    except Wrong as error:
        sys.exit(wrong(error))
