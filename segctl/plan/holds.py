"""What is held back: a resource that a guard refuses, and all that depends on it, stay as they are published. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from segctl.load.document import Key
from segctl.plan import guards
from segctl.plan.allowances import allow
from segctl.plan.plan import Action, Allowance, Change, GuardFinding, Held, Members, Plan
from segctl.state.record import HeldBack
from segctl.ways import reached, reverse

HOLDABLE = frozenset({
    guards.MAX_EXIT, guards.MAX_ENTER, guards.MIN_MEMBERS, guards.REASSIGNED, guards.EMPTY_AUDIENCE,
    guards.NEARLY_EVERYBODY, guards.MULTIPLIED, guards.LOST_DATA,
})  # fmt: skip
"""Guards on the effect on one membership; in a refresh what policies say of its size as well."""


@dataclass(frozen=True)
class Holding:
    """Who is held `before`, and what each resource `uses`; `hold` says whether more may be held."""

    before: Mapping[Key, HeldBack] = field(default_factory=dict)
    uses: Mapping[Key, Collection[Key]] = field(default_factory=dict)
    hold: bool = False


NOBODY_HELD = Holding()


def at_their_roots(changes: tuple[Change, ...], uses: Mapping[Key, Collection[Key]]) -> tuple[Change, ...]:
    """The changes, where lost data are a finding only of what depends on nothing of which something is found.

    Who lets the first one pass has seen what is lost, and what depends on it follows.
    """
    found = {change.key for change in changes if change.guards}
    return tuple(
        change if not _only_lost(change) or not found & _upstream(change.key, uses) else replace(change, guards=())
        for change in changes
    )


def _only_lost(change: Change) -> bool:
    return {finding.rule for finding in change.guards} == {guards.LOST_DATA}


def _upstream(key: Key, uses: Mapping[Key, Collection[Key]]) -> frozenset[Key]:
    """All that a resource refers to, directly or through others."""
    return reached((key,), lambda at: uses.get(at, ())) - {key}


def hold_back(
    plan: Plan, evaluated: Mapping[Key, Members | None], holding: Holding, allowances: AbstractSet[Allowance]
) -> tuple[Held, ...]:
    """What is held once the plan has been done, sorted by key.

    That is what was held and is not `evaluated` now, and, where more may be held, what is refused, with what
    depends on it.
    """
    removed = {change.key for change in plan.changes if change.action is Action.DELETE}
    still = {key: one for key, one in holding.before.items() if key not in evaluated and key not in removed}
    found = {key: replace(still_held(key, one), mixed=_mixed(key, plan, holding)) for key, one in still.items()}
    if holding.hold:
        refused = {change.key: _stops(change, plan.operation, allowances) for change in plan.changes}
        found |= _with_dependants({key: why for key, why in refused.items() if why}, still, evaluated, plan, holding)
    return tuple(found[key] for key in sorted(found))


def with_held(plan: Plan, held: tuple[Held, ...], evaluated: Collection[Key], holding: Holding) -> Plan:
    """The plan that holds these. Of a definition that is changed and held the change is made, and nobody moves."""
    now = {one.key for one in held if one.members is not None}
    refreshes = plan.operation == "refresh"
    parted = (change if change.key not in now else None if refreshes else _unmoved(change) for change in plan.changes)
    moving = {change.key for change in plan.changes}
    all_held = bool(now) and now >= (set(evaluated) if refreshes else moving)
    return replace(
        plan,
        changes=tuple(change for change in parted if change is not None),
        unchanged=plan.unchanged - (len(now - moving) if refreshes else 0),
        moves_time=plan.moves_time and not all_held,
        held=held,
        holds_change=bool(now) and {one.key for one in held} != set(holding.before),
        all_held=all_held,
    )


def _unmoved(change: Change) -> Change:
    return replace(change, members=None, membership=None, guards=())


def still_held(key: Key, held: HeldBack) -> Held:
    """What is held, and was not evaluated."""
    return Held(key, held.since_us, tuple(GuardFinding(rule, key, text) for rule, text in held.reasons), held.through)


def _mixed(key: Key, plan: Plan, holding: Holding) -> tuple[Key, ...]:
    """What is published anew by the plan, and uses what is held, itself or through others."""
    if plan.operation == "refresh":  # what depends on it is held with it
        return ()
    users = reverse({user: sorted(used) for user, used in holding.uses.items()})
    using = reached((key,), lambda at: users.get(at, ()))
    return tuple(change.key for change in plan.changes if change.members is not None and change.key in using)


def _stops(change: Change, operation: str, allowances: AbstractSet[Allowance]) -> tuple[GuardFinding, ...]:
    """What refuses a change, and can be held for that."""
    found = allow(change.guards, allowances)
    return tuple(one for one in found if one.stops and (operation == "refresh" or one.rule in HOLDABLE))


def _with_dependants(
    refused: Mapping[Key, tuple[GuardFinding, ...]],
    still: Collection[Key],
    evaluated: Mapping[Key, Members | None],
    plan: Plan,
    holding: Holding,
) -> dict[Key, Held]:
    """What is refused, and what of the evaluated depends on it; what stands as published passes nothing on."""
    held = {*still, *refused}
    waiting = {key for key, members in evaluated.items() if members is not None and key not in held}
    while more := {key for key in waiting if held & set(holding.uses.get(key, ()))}:
        held |= more
        waiting -= more
    as_of_us, before = plan.basis.as_of_us, holding.before
    return {
        key: Held(
            key,
            before[key].since_us if key in before else as_of_us,
            refused.get(key, ()),
            tuple(sorted(held & set(holding.uses.get(key, ())))),
            evaluated[key],
        )
        for key in held - set(still)
    }
