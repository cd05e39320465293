"""What an apply expects of the plan that it makes under the lock, before it writes anything."""

from __future__ import annotations

from typing import Protocol

from segctl.diagnostics import SegctlError, Stale, Usage
from segctl.plan.build import digests
from segctl.state.state import State
from segctl.workflow.opened import Opened
from segctl.workflow.prepared import Prepared
from segctl.workflow.request import Request

LEAST_DIGITS = 12
"""Of a digest; fewer could be of another plan."""


class Expected(Protocol):
    """Whoever knows what the plan should be."""

    def of_place(self, project: Opened) -> None:
        """Look at project and state before the lock is taken."""

    def of_failure(self, error: SegctlError, project: Opened) -> None:
        """Look at why there is no plan; raise what says it better, or leave it as it is."""

    def of_content(self, prepared: Prepared, request: Request, state: State) -> None:
        """Look at the whole plan, under the lock."""


class Anything:
    """Whatever the plan is, it is what is wanted."""

    def of_place(self, project: Opened) -> None:
        """Nothing to look at."""

    def of_failure(self, error: SegctlError, project: Opened) -> None:
        """Nothing to say."""

    def of_content(self, prepared: Prepared, request: Request, state: State) -> None:
        """Nothing to look at."""


class OfDigest:
    """Expects the plan of a digest, of which the first digits are given."""

    def __init__(self, written: str) -> None:
        """Take the digits.

        Raises:
            Usage: too few, or no digits.
        """
        self._digits = written.lower()
        if len(written) < LEAST_DIGITS or set(self._digits) - set("0123456789abcdef"):
            raise Usage(
                f"`--digest {written}`: a digest is at least {LEAST_DIGITS} hex digits",
                hint="`segctl plan` shows it, with the command that applies it",
            )

    def of_place(self, project: Opened) -> None:
        """Nothing of it is in a digest."""

    def of_failure(self, error: SegctlError, project: Opened) -> None:
        """Nothing to say: the options were given now."""

    def of_content(self, prepared: Prepared, request: Request, state: State) -> None:  # noqa: ARG002 the plan says it all
        """Compare.

        Raises:
            Stale: the plan is another one.
        """
        if any(digest.startswith(self._digits) for digest in digests(prepared.plan)):
            return
        now = prepared.plan.digest[:LEAST_DIGITS]
        raise Stale(
            f"the plan is not the one of `--digest {self._digits}`: its digest is {now} now; nothing was changed",
            hint=_IN_TIME if request.as_of else _TIMELESS,
        )


_IN_TIME = "run `segctl plan` with the same options again: state, definitions or data have changed since"
_TIMELESS = (
    "without `--as-of` it is evaluated as of now, which is never the instant of the plan: "
    "pass the `--as-of` that `segctl plan` shows beside the digest"
)
