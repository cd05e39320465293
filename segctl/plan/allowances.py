"""What `--allow RULE[:NAME]` lets pass: checked, put onto findings, and what of it was of use."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from segctl.diagnostics import Usage, did_you_mean
from segctl.load.document import Key
from segctl.plan.grants import Grant
from segctl.plan.guards import ALLOWABLE
from segctl.plan.plan import Allowance, GuardFinding, Plan
from segctl.state.record import Override


def check_names(allowances: Iterable[Allowance], known: Collection[Key]) -> None:
    """Refuse a rule or a name that nothing has: what it was meant for would go on being refused.

    `known` are all resources, policies too.

    Raises:
        Usage: there is no such guard or policy, or no such resource.
    """
    rules = (*ALLOWABLE, *sorted(name for kind, name in known if kind == "policy"))
    names = {name for key in known for name in (key[1], ".".join(key))}
    for allowance in sorted(allowances):
        if allowance.rule not in rules:
            hint = did_you_mean(allowance.rule, rules) or f"they are {', '.join(rules)}"
            raise Usage(f"`--allow {allowance}`: there is no guard or policy `{allowance.rule}`", hint=hint)
        if allowance.name and allowance.name not in names:
            hint = did_you_mean(allowance.name, names) or "`segctl list` shows what there is"
            raise Usage(f"`--allow {allowance}`: there is no `{allowance.name}`", hint=hint)


def allow(findings: Iterable[GuardFinding], allowances: AbstractSet[Allowance]) -> tuple[GuardFinding, ...]:
    """The findings, those that a flag covers marked as allowed."""
    return tuple(replace(f, allowed=any(a.covers(f) for a in allowances)) for f in findings)


def used(plan: Plan) -> tuple[Allowance, ...]:
    """The allowances without which something would have stopped the plan, sorted."""
    stopping = [finding for finding in plan.findings() if finding.blocking]
    return tuple(sorted(a for a in plan.allowances if any(a.covers(finding) for finding in stopping)))


def idle(plan: Plan) -> tuple[Allowance, ...]:
    """The allowances that let nothing pass, sorted: there was nothing that they could have let pass."""
    return tuple(sorted(plan.allowances - set(used(plan))))


def overrides(plan: Plan, reason: str, grants: Iterable[Grant] = ()) -> tuple[Override, ...]:
    """What a record keeps of the allowances that let something pass.

    Each with its own reason and giver if it was granted, else with the one `reason`, on one line.
    """
    granted = tuple(grants)
    return tuple(override for allowance in used(plan) for override in _overrides(allowance, reason, granted))


def _overrides(allowance: Allowance, reason: str, grants: tuple[Grant, ...]) -> tuple[Override, ...]:
    rule, name = allowance.rule, allowance.name or None
    given = [grant for grant in grants if grant.allowance == allowance]
    if not given:
        return (Override(rule, name, " ".join(reason.split())),)
    return tuple(Override(rule, name, grant.reason, grant.by, grant.source) for grant in given)
