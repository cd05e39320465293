"""Beside a plan: that what is published is of an earlier instant, and what a refresh would move now."""

from __future__ import annotations

from dataclasses import replace

from segctl.diagnostics import SegctlError
from segctl.plan.plan import Older
from segctl.progress import Progress
from segctl.state.record import Record
from segctl.workflow.opened import Opened
from segctl.workflow.prepared import Prepared
from segctl.workflow.refresh import refreshed
from segctl.workflow.request import Request

MOST_ROWS = 500_000
MOST_DEFINITIONS = 200
"""So much is evaluated without being asked for: it takes no longer than the plan itself."""


def with_older(prepared: Prepared, project: Opened, request: Request, progress: Progress) -> Prepared:
    """The plan, which says so if what is published is of an earlier instant than it."""
    before, plan = prepared.before, prepared.plan
    if before is None or before.as_of_us >= plan.basis.as_of_us:
        return prepared
    return replace(prepared, plan=replace(plan, older=_older(before, project, request, progress)))


def _older(before: Record, project: Opened, request: Request, progress: Progress) -> Older:
    """What a refresh would do, if that is cheap enough or was asked for; data that cannot be read are no failure."""
    because = _unwanted(before, request)
    if because:
        return Older(before.as_of_us, because=because)
    asked = replace(request, select=(), exclude=(), allow=(), reason="", backtest=None, hold=True)
    try:
        found = refreshed(project.definitions.root, project.state, asked, progress).plan
    except SegctlError as error:
        return Older(before.as_of_us, because=str(error).partition("\n")[0])
    return Older(before.as_of_us, len(found.changes), len(found.held_now))


def _unwanted(before: Record, request: Request) -> str:
    """Why it is not evaluated; empty if it is."""
    if request.access.confined:
        return "definitions of others are evaluated by themselves alone"
    last = before.evaluated.get(max(before.evaluated, default=0))
    if request.refresh or (last and last.rows <= MOST_ROWS and len(before.definitions) <= MOST_DEFINITIONS):
        return ""
    return "`--with-refresh` does" if last is None else f"there are {last.rows:,} rows; `--with-refresh` does"
