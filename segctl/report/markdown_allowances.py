"""What a plan lets pass, in a comment: each rule with who allowed it, why, and whether it was needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segctl.plan.allowances import idle
from segctl.plan.grants import Grant
from segctl.plan.plan import Allowance, Plan
from segctl.report.markdown_text import code, prose
from segctl.report.text import count

_MOST = 20


def allowances(planned: Plan, granted: Sequence[Grant]) -> str:
    """A list of all allowances, empty where there is none."""
    lines = list(_lines(planned, granted))
    if not lines:
        return ""
    more = [f"- and {count(len(lines) - _MOST)} more\n"] if len(lines) > _MOST else []
    return "".join(["**Allowed:**\n\n", *lines[:_MOST], *more, "\n"])


def _lines(planned: Plan, granted: Sequence[Grant]) -> Iterator[str]:
    unneeded = frozenset(idle(planned))
    for grant in granted:
        by = f" by {code(grant.by, 80)}" if grant.by else ""
        yield f"- {code(grant.allow)}{by}: {prose(grant.reason)}{_need(grant.allowance, unneeded)}\n"
    for allowance in sorted(planned.allowances - {grant.allowance for grant in granted}):
        yield f"- {code(str(allowance))}{_need(allowance, unneeded)}\n"


def _need(allowance: Allowance, unneeded: frozenset[Allowance]) -> str:
    return " (not needed: it lets nothing pass)" if allowance in unneeded else ""
