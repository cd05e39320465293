"""Differences and memberships to a plan: effects are counted, guards are checked, a digest is put on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field, replace

from segctl.load.document import Key
from segctl.plan import guards
from segctl.plan.allowances import allow
from segctl.plan.compare import Difference
from segctl.plan.holds import NOBODY_HELD, Holding, at_their_roots, hold_back, with_held
from segctl.plan.losses import NOTHING_LOST, Loss
from segctl.plan.plan import (
    Action,
    Allowance,
    Backtest,
    Basis,
    Change,
    GuardFinding,
    Held,
    Members,
    Plan,
    Proved,
    Reason,
)
from segctl.plan.policies_plan import judge
from segctl.plan.policies_subject import NOTHING_JUDGED, Judged
from segctl.plan.values import Values
from segctl.state import canonical
from segctl.state.record import Definition


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to one membership, with the digest of what would be published, or to the values of a trait.

    `proved` and `backtest` say more about the definition, and change nothing.
    """

    members: Members | None = None
    digest: str | None = None
    values: Values | None = None
    proved: Proved | None = None
    backtest: Backtest | None = None

    @property
    def moves(self) -> bool:
        """Whether any user is in another place, or has another value, afterwards."""
        return bool((self.members and self.members.moves) or (self.values and self.values.changed))


@dataclass(frozen=True)
class Sides:
    """What is applied, as of when (None: nothing is), and what would be; what policies say of that.

    `population` is how many users can be members, 0 where that is not known. `lost` is what the data have lost
    that a resource reads; `holding` says who is held already, and whether more may be.
    """

    before: Mapping[Key, Definition]
    after: Mapping[Key, Definition]
    applied_as_of_us: int | None = None
    judged: Judged = NOTHING_JUDGED
    population: int = 0
    lost: Mapping[Key, Loss] = field(default_factory=dict)
    holding: Holding = NOBODY_HELD


def apply_plan(
    basis: Basis,
    sides: Sides,
    differences: Sequence[Difference],
    effects: Mapping[Key, Effect],
    allowances: AbstractSet[Allowance] = frozenset(),
) -> Plan:
    """What an apply of the definitions would do; resources without an effect keep their snapshots."""
    changes = at_their_roots(_changes(differences, effects, sides), sides.holding.uses)
    archived = {d.key for d in differences if Reason.ARCHIVED in d.reasons}
    found = guards.check_removals(sides.before, sides.after, archived)
    if any(change.membership is not None or change.values is not None for change in changes):
        found += guards.check_time(sides.applied_as_of_us, basis.as_of_us)
    plan = Plan("apply", basis, changes, _unchanged(sides, changes), found)
    return _finish(_held(judge(plan, sides.judged), effects, sides, allowances), allowances)


def refresh_plan(
    basis: Basis,
    sides: Sides,
    differences: Sequence[Difference],
    effects: Mapping[Key, Effect],
    allowances: AbstractSet[Allowance] = frozenset(),
) -> Plan:
    """What a refresh would do; of the differences only those that move somebody are changes."""
    moved = tuple(_change(d, effects[d.key], sides) for d in differences if effects[d.key].moves)
    moving = at_their_roots(moved, sides.holding.uses)
    moves_time = bool(effects) and basis.as_of_us != sides.applied_as_of_us
    found = guards.check_time(sides.applied_as_of_us, basis.as_of_us) if moving or moves_time else ()
    plan = Plan("refresh", basis, moving, len(sides.after) - len(moving), found, moves_time=moves_time)
    return _finish(_held(judge(plan, sides.judged), effects, sides, allowances), allowances)


def _held(plan: Plan, effects: Mapping[Key, Effect], sides: Sides, allowances: AbstractSet[Allowance]) -> Plan:
    """The plan without what is held; what policies say of sizes is said of those that are going to be published."""
    evaluated = {key: effect.members for key, effect in effects.items() if key in sides.after}
    held = hold_back(plan, evaluated, sides.holding, allowances)
    if all(one.members is None for one in held):
        return with_held(plan, held, evaluated, sides.holding)
    changes = tuple(replace(change, guards=_by_guards(change.guards)) for change in plan.changes)
    unjudged = replace(plan, changes=changes, guards=_by_guards(plan.guards))
    return judge(with_held(unjudged, held, evaluated, sides.holding), sides.judged)


def _by_guards(found: Sequence[GuardFinding]) -> tuple[GuardFinding, ...]:
    """What guards find, without what policies do."""
    return tuple(finding for finding in found if finding.rule in guards.RULES)


def rollback_plan(  # noqa: PLR0913 what it is bound to, now and then, what differs, and what lets it pass
    basis: Basis,
    sides: Sides,
    differences: Sequence[Difference],
    effects: Mapping[Key, Effect],
    allowances: AbstractSet[Allowance] = frozenset(),
    *,
    restores: int,
    is_back: bool,
    held: tuple[Held, ...] = (),
) -> Plan:
    """What bringing an older serial back would do; that time goes back is what is asked for, and no finding.

    `is_back` says that what is published is what was published then, so that definitions alone may differ.
    What was `held` then is held again.
    """
    changes = _changes(differences, effects, sides)
    changes = tuple(replace(c, guards=tuple(map(guards.on_the_way_back, c.guards))) for c in changes)
    found = tuple(map(guards.on_the_way_back, guards.check_removals(sides.before, sides.after)))
    unchanged = _unchanged(sides, changes)
    plan = Plan("rollback", basis, changes, unchanged, found, moves_time=not is_back, restores=restores, held=held)
    return _finish(judge(plan, sides.judged), allowances)


def changes_of(differences: Sequence[Difference], effects: Mapping[Key, Effect]) -> tuple[Change, ...]:
    """What differs by itself, where nothing is going to be done and no guard has a say."""
    return _changes(differences, effects, Sides({}, {}))


def _changes(differences: Sequence[Difference], effects: Mapping[Key, Effect], sides: Sides) -> tuple[Change, ...]:
    return tuple(_change(d, effects.get(d.key), sides) for d in differences if not _idle(d, effects.get(d.key)))


def _unchanged(sides: Sides, changes: Sequence[Change]) -> int:
    return len(sides.after) - sum(c.action is not Action.DELETE and c.key[0] != "project" for c in changes)


def _idle(difference: Difference, effect: Effect | None) -> bool:
    """Whether a definition stands as it was, and what else it could be moved by moves nobody."""
    return difference.reasons == (Reason.DATA,) and effect is not None and not effect.moves


def _change(difference: Difference, effect: Effect | None, sides: Sides) -> Change:
    change = Change(
        key=difference.key,
        action=difference.action,
        reasons=difference.reasons,
        diff=difference.diff,
        members=None if effect is None else effect.members,
        membership=None if effect is None else effect.digest,
        values=None if effect is None else effect.values,
        moved_from=difference.moved_from,
        uses=difference.uses,
        used_by=difference.used_by,
        last_serial=difference.last_serial,
        proved=None if effect is None else effect.proved,
        backtest=None if effect is None else effect.backtest,
        words=difference.words,
    )
    lost = sides.lost.get(difference.key, NOTHING_LOST)
    found = guards.check_change(change, sides.after.get(difference.key), sides.population, lost)
    return replace(change, guards=found)


def _finish(plan: Plan, allowances: AbstractSet[Allowance]) -> Plan:
    changes = tuple(replace(c, guards=allow(c.guards, allowances)) for c in plan.changes)
    found = allow(plan.guards, allowances)
    return replace(plan, changes=changes, guards=found, digest=_digest(plan), allowances=frozenset(allowances))


def digests(plan: Plan) -> tuple[str, ...]:
    """The digests that name a plan: its own, and against a state that is new also that from before it had a name."""
    if plan.basis.serial or plan.basis.lineage is None:
        return (plan.digest,)
    return plan.digest, _digest(replace(plan, basis=replace(plan.basis, lineage=None)))


def _digest(plan: Plan) -> str:
    """A digest of what the plan is bound to and of all it would do; flags and what is said beside are no part of it."""
    changes = [asdict(change.bare()) for change in plan.changes]
    parts = [plan.operation, asdict(plan.basis), changes, plan.moves_time]
    parts += [] if plan.restores is None else [plan.restores]
    return canonical.digest(canonical.encode(parts))
