"""`segctl explain`: one user through a definition, with the user's own values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import SegctlError
from segctl.load.document import Key
from segctl.logic.change import Smallest, smallest_change
from segctl.logic.flips import NEVER, Flip, next_flip
from segctl.logic.outcome import Outcome
from segctl.plan.variants import Given, given_to
from segctl.progress import Progress
from segctl.workflow import untrusted
from segctl.workflow.as_of import instant
from segctl.workflow.evaluate import open_data
from segctl.workflow.levels import level_named
from segctl.workflow.naming import find_evaluated
from segctl.workflow.opened import opened
from segctl.workflow.opening import Opening
from segctl.workflow.request import Request


@dataclass(frozen=True)
class Explained:
    """Whether a user is in, and the condition tree that says why; instants are UTC microseconds.

    `smallest` is the smallest change that would turn the outcome round, None if nothing can. `flip` says
    when it turns round by time alone. `variant` is that of a campaign's member.
    """

    key: Key
    user: str
    as_of_us: int
    zone: str
    outcome: Outcome
    smallest: Smallest | None = None
    flip: Flip = NEVER
    variant: Given | None = None


def explain(start: Path, name: str, user: str, request: Request, progress: Progress) -> Explained:
    """Why a user is in or out by the definitions on disk; extensions stand as they were published.

    Raises:
        InvalidInput: definitions or data that are wrong.
        SegctlError: no such name, or no such user.
    """
    project = opened(start, request.access)
    key = level_named(name) or find_evaluated(name, project.defined)
    if key[0] == "trait":
        raise SegctlError(f"`{name}` is a trait: it has no members", hint="`segctl user ID` shows its value")
    as_of_us = instant(request.as_of, project.zone, request.now_us)
    with untrusted.reticent(request.access):
        opening = Opening(project, open_data(project.definitions, as_of_us, progress))
        node = opening.logic(key)
        tracer = opening.tracer(opening.asked([node]), user, progress)
    outcome = tracer.trace(node)
    flip = next_flip(opening.binder().bind(node), tracer.user, tracer.world)
    document = project.definitions.documents.get(key)
    variant = given_to(user, key, document.data) if document is not None and outcome.holds else None
    return Explained(key, user, as_of_us, project.zone, outcome, smallest_change(outcome), flip, variant)
