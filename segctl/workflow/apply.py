"""`segctl apply`: the plan, made and done under the lock."""

from __future__ import annotations

from pathlib import Path

from segctl.diagnostics import SegctlError
from segctl.progress import Progress
from segctl.workflow.commit import Outcome, commit, held
from segctl.workflow.expected import Anything, Expected
from segctl.workflow.opened import Opened, opened
from segctl.workflow.plan import prepare
from segctl.workflow.prepared import Prepared
from segctl.workflow.request import Request, Review, Run


def apply(  # noqa: PLR0913 what is asked, who asks, who looks, and what was looked at before
    start: Path,
    request: Request,
    run: Run,
    review: Review,
    progress: Progress,
    *,
    expected: Expected = Anything(),  # noqa: B008 it has no state
) -> Outcome:
    """Publish the definitions on disk; with nothing to do, no new serial.

    Definitions that are wrong are found before the lock is taken; the state is read under it, so that
    what was shown is what is done. What is `expected` of the plan is looked at before the first write.

    Raises:
        InvalidInput: definitions or data that are wrong.
        Locked: somebody else is at work.
        Refused: guards stop it.
        Stale: the plan is not the expected one, or the state is damaged.
        Usage: guards are let pass without a reason.
    """
    project = opened(start)
    request.check_reason()
    request.selection()
    expected.of_place(project)
    with held(project.state, run, "apply", request.now_us, request.reason) as hold:
        prepared = _prepared(project, request, progress, expected)
        expected.of_content(prepared, request, project.state)
        return commit(hold.granting(request.granted), prepared, review, progress)


def _prepared(project: Opened, request: Request, progress: Progress, expected: Expected) -> Prepared:
    try:
        return prepare(project, request, progress)
    except SegctlError as error:
        expected.of_failure(error, project)
        raise
