"""What the actions share that publish: never over a pull request, how long to wait, what exit codes say."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checkout import of_the_event, unreachable
from runner import Runner, Wrong

SAYS: Mapping[int, str] = {
    1: "failed",
    3: "refused by a guard or a policy",
    4: "the plan is stale because something has changed since; plan again",
    5: "another process holds the state's lock",
    64: "invalid command line",
}
_LONGEST = 500_000


def must_be_ours(runner: Runner, why: str) -> None:
    """Refuse to publish what a pull request says, or any commit that is on no branch of this repository.

    Raises:
        Wrong: it is one; `why` says what to do instead for the event of a pull request.
    """
    after = (runner.event.get("workflow_run") or {}).get("event", "")
    if runner.is_from_fork or runner.event.get("pull_request") or str(after).startswith("pull_request"):
        raise Wrong(why)
    stranger = unreachable(runner, of_the_event(runner))
    if stranger:
        raise Wrong(f"only commits on a branch of this repository are published, but {stranger}")


def lock_timeout(runner: Runner) -> str:
    """How many seconds to wait for the lock."""
    seconds = runner.input("lock-timeout", "300")
    if not re.fullmatch(r"[0-9]{1,6}", seconds):
        raise Wrong("`lock-timeout` is not a number of seconds")
    return seconds


def folded(said: str) -> str:
    """What was printed, in a block that it cannot leave."""
    fence = "`" * (max((len(run) for run in re.findall("`+", said)), default=2) + 3)
    return f"<details><summary>What was published</summary>\n\n{fence}text\n{said[:_LONGEST]}\n{fence}\n\n</details>\n"
