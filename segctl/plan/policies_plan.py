"""Policies in a plan: what they find becomes findings of what changes, or of the plan as a whole."""

from __future__ import annotations

from dataclasses import replace

from segctl.plan.plan import Action, Plan
from segctl.plan.policies import as_guards, policies_among
from segctl.plan.policies_sizes import wrong_sizes
from segctl.plan.policies_subject import Judged


def judge(plan: Plan, judged: Judged) -> Plan:
    """The plan with what policies find: beside the change that it is about, else beside the plan.

    A finding can stop only what the plan touches: the resource, the policy, or what the policy refers to.
    What stands as it was applied is told, and stops nothing.
    """
    policies = policies_among(judged.documents)
    if not policies:
        return plan
    changed = {change.key for change in plan.changes}
    touched = changed | {policy for policy, others in judged.rests_on.items() if others & changed}
    kept = {change.key for change in plan.changes if change.action is not Action.DELETE}
    after = {change.key: change.members.after for change in plan.changes if change.members and change.key in kept}
    sizes = wrong_sizes(judged.documents, {**judged.sizes, **after}, judged.population)
    found = as_guards(policies, (*judged.found, *sizes), touched)
    changes = tuple(
        replace(change, guards=(*change.guards, *(one for one in found if one.key == change.key)))
        for change in plan.changes
    )
    beside = tuple(one for one in found if one.key not in kept)
    return replace(plan, changes=changes, guards=(*plan.guards, *beside))
