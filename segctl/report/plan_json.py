"""A plan as JSON, format 1: minor versions only add, and readers leave out what they do not know."""

from __future__ import annotations

from segctl.plan.plan import Action, Change, FieldChange, GuardFinding, Held, Members, Movement, Plan, Use
from segctl.plan.values import SHARES, Distribution, Values
from segctl.report.held import keys_data, older_data
from segctl.report.plan_proved import backtest_data
from segctl.report.plan_sentences import words_data
from segctl.state.instants import to_text

FORMAT_VERSION = "1.3"

Json = dict[str, object]


def as_data(plan: Plan) -> Json:
    """The plan for JSON; counts only, no member is ever named."""
    basis = plan.basis
    return {
        "format_version": FORMAT_VERSION,
        "operation": plan.operation,
        **({} if plan.restores is None else {"restores": plan.restores}),
        "project": basis.project,
        "lineage": basis.lineage,
        "serial": basis.serial,
        "as_of": to_text(basis.as_of_us),
        "definitions": basis.definitions,
        "data": basis.data,
        **({"selection": basis.selection} if basis.selection else {}),
        "digest": plan.digest,
        "changes": [change_data(change) for change in plan.changes],
        "guards": [_guard(finding) for finding in plan.guards],
        "held": [_held(one) for one in plan.held],
        **({} if plan.older is None else {"refresh": older_data(plan.older)}),
        "summary": {**{str(action): plan.count(action) for action in Action}, "unchanged": plan.unchanged},
    }


def _held(held: Held) -> Json:
    """What is held: since when, why, through what; the effect that is held back where it was evaluated."""
    kind, name = held.key
    return {
        "kind": kind, "name": name, "since": to_text(held.since_us),
        "reasons": [{"rule": one.rule, "message": one.message} for one in held.reasons],
        "through": keys_data(held.through),
        **({"mixed": keys_data(held.mixed)} if held.mixed else {}),
        **({} if held.members is None else {"members": _members(held.members)}),
    }  # fmt: skip


def change_data(change: Change) -> Json:
    """One change for JSON."""
    kind, name = change.key
    return {
        "kind": kind,
        "name": name,
        "action": str(change.action),
        "reasons": [str(reason) for reason in change.reasons],
        "diff": [_field(field) for field in change.diff],
        **words_data(change.words),
        "members": None if change.members is None else _members(change.members),
        **({} if change.values is None else {"values": _values(change.values)}),
        "guards": [_guard(finding) for finding in change.guards],
        **_around(change),
    }


def _around(change: Change) -> Json:
    """What is told where there is something to tell."""
    told: Json = {
        "moved_from": change.moved_from,
        "last_serial": change.last_serial,
        "uses": [{"kind": kind, "name": name} for kind, name in change.uses],
        "used_by": [_use(use) for use in change.used_by],
    }
    return {**{key: value for key, value in told.items() if value}, **_proved(change)}


def _proved(change: Change) -> Json:
    """What is certain of a definition that is new or means something else, and its past sizes if asked for."""
    certain, past = change.proved, change.backtest
    relation = {} if certain is None or certain.relation is None else {"relation": str(certain.relation)}
    always = {} if certain is None else {"always": certain.always}
    return {**relation, **always, **({} if past is None else {"backtest": backtest_data(past)})}


def _use(use: Use) -> Json:
    kind, name = use.key
    return {"kind": kind, "name": name, "direct": use.direct, "applied": use.applied, "defined": use.defined}


def _field(field: FieldChange) -> Json:
    return {"path": field.path, "before": field.before, "after": field.after}


def _members(members: Members) -> Json:
    counts: Json = {
        "before": members.before,
        "after": members.after,
        "entered": members.entered,
        "exited": members.exited,
        "by_definition": _movement(members.by_definition),
        "by_data": _movement(members.by_data),
    }
    if members.variants:
        counts["reassigned"] = members.reassigned
        counts["variants"] = [{"name": v.name, "before": v.before, "after": v.after} for v in members.variants]
    return counts


def _values(values: Values) -> Json:
    return {
        "before": None if values.before is None else distribution(values.before),
        "after": None if values.after is None else distribution(values.after),
        "changed": values.changed,
        "by_definition": values.by_definition,
        "by_data": values.by_data,
    }


def distribution(spread: Distribution) -> Json:
    """How values are spread; the quantiles of dates are days, of times microseconds, since 1970 (UTC)."""
    return {
        "type": spread.type,
        "users": spread.users,
        "distinct": spread.distinct,
        "quantiles": {str(share): number for share, number in zip(SHARES, spread.quantiles, strict=False)},
    }


def _movement(movement: Movement) -> Json:
    return {"entered": movement.entered, "exited": movement.exited}


def _guard(finding: GuardFinding) -> Json:
    about = {} if finding.key is None else dict(zip(("kind", "name"), finding.key, strict=True))
    return {
        **about,
        "rule": finding.rule,
        "message": finding.message,
        "severity": str(finding.severity),
        "blocking": finding.stops,
        "allowed": finding.allowed,
        **({} if finding.overridable else {"overridable": False}),
    }
