"""What has moved since a plan was saved: each in words, with who moved it where that is known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from segctl.plan.plan import Change, Plan
from segctl.plan.saved import Binding, Saved
from segctl.state import instants
from segctl.state.record import Head, Record

_NAMED = 10
_SHORT = 12


def applied_already(saved: Saved, since: Sequence[Record]) -> str | None:
    """That the plan was applied, by whom and when; None if none of the records since was made from it."""
    for record in since:
        if record.plan == saved.plan.digest:
            return f"applied already, as serial {record.serial} ({_who(record)})"
    return None


def place(saved: Saved, project: str, head: Head | None, since: Sequence[Record]) -> tuple[str, ...]:
    """What has moved about project and state; of the records since, the last ones are told."""
    basis = saved.plan.basis
    if basis.project != project:
        return (f"project: it was made for `{basis.project}`, and this is `{project}`",)
    if head is None:
        return ("lineage: it was made for a state that is not this one: nothing was ever written here",)
    if head.lineage != basis.lineage:
        ours, theirs = head.lineage[:_SHORT], (basis.lineage or "")[:_SHORT]
        return (f"lineage: it was made for another state (lineage {theirs}, here it is {ours})",)
    found = () if head.serial == basis.serial else (_serial(basis.serial, head.serial, since),)
    return (*found, *_erasures(saved.binding.erasures, head.erasures))


def content(saved: Saved, now: Plan, binding: Binding, *, same_place: bool) -> tuple[str, ...]:
    """What has moved about definitions, data, selection; in the same place also guards, and what else is another."""
    if saved.binding.fingerprints != binding.fingerprints:
        return (f"definitions: they cannot be compared, for segctl {saved.maker.segctl} made the plan",)
    found = [
        *_definitions(saved, now, binding),
        *_data(saved, now, binding),
        *_selection(saved, now, binding),
        *(_guards(saved.plan, now) if same_place else ()),
    ]
    if same_place and not found and saved.plan.digest != now.digest:
        found += _effect(saved, now)
    return tuple(found)


def _erasures(then: int, now: int) -> tuple[str, ...]:
    """Members and their counts are other ones in every serial since."""
    if then == now:
        return ()
    if now < then:
        return ("erasures: users had been erased from the state, and it was put back as it was before",)
    return ("erasures: users were erased from the state since (`segctl forget`; `segctl history` says when)",)


def _serial(then: int, now: int, since: Sequence[Record]) -> str:
    text = f"serial: it was made against serial {then}, and the state is at serial {now}"
    if now < then:
        return f"{text}: an older state was put back"
    if [record.serial for record in since] == [now]:
        return f"{text} ({_who(since[0])})"
    told = "; ".join(f"serial {record.serial} ({_who(record)})" for record in since)
    return f"{text}: {told}" if told else text


def _who(record: Record) -> str:
    when = instants.to_text(record.created_us)
    return f"{record.operation} by {record.author.who}@{record.author.host}, {when}"


def _definitions(saved: Saved, now: Plan, binding: Binding) -> Iterator[str]:
    if saved.plan.basis.definitions == now.basis.definitions:
        return
    parts = _differing(saved.binding.each, binding.each)
    yield f"definitions: {', '.join(parts) or 'they are not those that were planned'}"


def _data(saved: Saved, now: Plan, binding: Binding) -> Iterator[str]:
    """Only where both have read data; a plan that moves nobody has read none."""
    read = bool(saved.binding.tables) and bool(binding.tables)
    if not read or saved.plan.basis.data == now.basis.data:
        return
    parts = _differing(saved.binding.tables, binding.tables)
    yield f"data: {', '.join(parts) or 'it is read in another way'}"


def _selection(saved: Saved, now: Plan, binding: Binding) -> Iterator[str]:
    """Another set of definitions that comes to the same is none: a file that was moved, say."""
    then = saved.binding
    same = (then.select, then.exclude) == (binding.select, binding.exclude)
    if same and saved.plan.basis.definitions == now.basis.definitions:
        return
    parts = _differing(dict.fromkeys(then.selected, ""), dict.fromkeys(binding.selected, ""))
    if parts or not same:
        yield f"selection: {', '.join(parts) or 'it is another one'}"


def _guards(then: Plan, now: Plan) -> Iterator[str]:
    before, after = _refusing(then), _refusing(now)
    for name in sorted(after - before):
        yield f"guards: {name} would refuse it now"
    for name in sorted(before - after):
        yield f"guards: {name} would have refused it, and does not now"


def _refusing(plan: Plan) -> set[str]:
    return {f"`{f.rule}` on {' '.join(f.key)}" if f.key else f"`{f.rule}`" for f in plan.findings() if f.stops}


def _effect(saved: Saved, now: Plan) -> Iterator[str]:
    """The same definitions over the same tables: a file of ids has changed, or another segctl evaluates."""
    then, today = ({change.key: change.bare() for change in plan.changes} for plan in (saved.plan, now))
    moved = [key for key in sorted({*then, *today}) if then.get(key) != today.get(key)]
    told = "; ".join(_compared(" ".join(key), then.get(key), today.get(key)) for key in moved[:_NAMED])
    why = f"files of ids are data too; segctl {saved.maker.segctl} made the plan"
    yield f"effect: {told or 'it would do something else'} ({why})"


def _compared(name: str, then: Change | None, now: Change | None) -> str:
    if then is None or now is None:
        return f"{name} would {'be left alone' if now is None else 'change too'} now"
    if then.members and now.members and then.members.after != now.members.after:
        after = now.members.after
        return f"{name} would have {after:,} member{'' if after == 1 else 's'}, not {then.members.after:,}"
    return f"{name} would not be what was planned"


def _differing(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """`segment.vip is another one`, `segment.old is gone`, `list.new is new`; many are counted."""
    names = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
    words = [f"{name} {_how(name, then, now)}" for name in names[:_NAMED]]
    return [*words, *([f"and {len(names) - _NAMED:,} more"] if len(names) > _NAMED else [])]


def _how(name: str, then: Mapping[str, str], now: Mapping[str, str]) -> str:
    if name not in now:
        return "is gone"
    return "is new" if name not in then else "has changed"
