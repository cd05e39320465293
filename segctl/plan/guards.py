"""Rules that refuse an apply whose effect is too large, and how to let it pass.

Each message names the key in the YAML that moves the limit, and the flag that allows it once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from segctl.load.document import Key
from segctl.plan.losses import NOTHING_LOST, Loss
from segctl.plan.plan import Action, Allowance, Change, GuardFinding, Members, Reason
from segctl.state import instants
from segctl.state.record import Definition

MAX_EXIT = "max_exit"
MAX_ENTER = "max_enter"
MIN_MEMBERS = "min_members"
MAX_REMOVED = "max_removed"
EMPTY = "empty_definitions"
EARLIER = "earlier_as_of"
REASSIGNED = "reassigned"
EMPTY_AUDIENCE = "empty_audience"
NEARLY_EVERYBODY = "nearly_everybody"
MULTIPLIED = "multiplied"
LOST_DATA = "lost_data"
PROTECT = "protect"

ALLOWABLE = (
    MAX_EXIT, MAX_ENTER, MIN_MEMBERS, MAX_REMOVED, EMPTY, EARLIER, REASSIGNED, EMPTY_AUDIENCE, NEARLY_EVERYBODY,
    MULTIPLIED, LOST_DATA,
)  # fmt: skip
"""The rules that `--allow` lets pass; a protected resource is set free in its file, by an apply."""

RULES = (*ALLOWABLE, PROTECT)
"""All guards; whatever else is found is a policy's."""

DEFAULT_SHARE = "30%"
DEFAULT_FLOOR = 1_000
REMOVED_FLOOR = 10
EVERYBODY_SHARE = "95%"
MULTIPLE = 5
MULTIPLE_FLOOR = 100


def share(text: str) -> Fraction:
    """`12.5%` exactly."""
    return Fraction(text.removesuffix("%")) / 100


def check_change(
    change: Change, definition: Definition | None, population: int = 0, lost: Loss = NOTHING_LOST
) -> tuple[GuardFinding, ...]:
    """What is too large about the effect on one membership; `definition` is the one that would hold.

    `population` is how many users can be members, 0 where that is not known. `lost` is what the data that it
    reads have lost: the messages begin with it, and where nothing else is found, it is a finding by itself.
    """
    if change.members is None or change.action is Action.DELETE or definition is None:
        return ()
    written = definition.data.get("guards") or {}
    limits: Mapping[str, object] = written if isinstance(written, Mapping) else {}
    found = [
        *_exits(change.key, change.members, limits.get(MAX_EXIT)),
        *_enters(change, change.members, limits.get(MAX_ENTER)),
        *_least(change.key, change.members, limits.get(MIN_MEMBERS)),
        *_redrawn(change, change.members),
        *_emptied(change, change.members),
        *(_everybody(change, change.members, population) or _multiplied(change, change.members)),
    ]
    found = found or [*_lost(change, change.members, lost)]
    moves = change.members.by_data.entered or change.members.by_data.exited
    return tuple(_because(lost, one) if moves and one.rule != REASSIGNED else one for one in found)


def check_removals(
    before: Mapping[Key, Definition], after: Mapping[Key, Definition], archived: Collection[Key] = ()
) -> tuple[GuardFinding, ...]:
    """What is too large about what is removed; what is `archived` among it has its file still."""
    removed = [key for key in sorted(before) if key not in after]
    was, before, after = before, _published(before), _published(after)
    gone = [key for key in removed if key in before]
    found = [_protected(key, archived=key in archived) for key in removed if was[key].protect]
    if before and not after:
        found.append(_empty(len(before)))
    elif len(before) >= REMOVED_FLOOR and len(gone) > share(DEFAULT_SHARE) * len(before):
        found.append(_many_removed(len(gone), len(before)))
    return tuple(found)


def _published(definitions: Mapping[Key, Definition]) -> Mapping[Key, Definition]:
    """What has members or values; policies have none."""
    return {key: one for key, one in definitions.items() if key[0] != "policy"}


def check_time(before_us: int | None, as_of_us: int) -> tuple[GuardFinding, ...]:
    """Going back in time publishes what has been superseded."""
    if before_us is None or as_of_us >= before_us:
        return ()
    message = (
        f"as_of {instants.to_text(as_of_us)} lies before {instants.to_text(before_us)}, which is what is published; "
        f"if this is intended, {_flag(EARLIER)}"
    )
    return (GuardFinding(EARLIER, None, message),)


def _exits(key: Key, members: Members, limit: object) -> Iterable[GuardFinding]:
    if limit is None and members.before < DEFAULT_FLOOR:
        return
    allowed = str(limit or DEFAULT_SHARE)
    if members.exited > share(allowed) * members.before:
        source = "its limit is" if limit else "the limit is"
        yield _too_many(key, MAX_EXIT, f"would lose {_of(members.exited, members.before)}; {source} {allowed}")


def _enters(change: Change, members: Members, limit: object) -> Iterable[GuardFinding]:
    if limit is None or change.action is Action.CREATE:
        return
    if members.entered > share(str(limit)) * members.before:
        gain = f"would take in {members.entered:,}, and has {_members(members.before)}; its limit is {limit}"
        yield _too_many(change.key, MAX_ENTER, gain)


def _least(key: Key, members: Members, limit: object) -> Iterable[GuardFinding]:
    if isinstance(limit, int) and members.after < limit:
        yield _too_many(key, MIN_MEMBERS, f"would have {members.after:,} members; its limit is {limit:,}")


def _redrawn(change: Change, members: Members) -> Iterable[GuardFinding]:
    """A campaign's variants are drawn by its name, which nobody sees in a rename."""
    if Reason.MOVED in change.reasons and members.reassigned:
        what = (
            f"campaign `{change.key[1]}` was `{change.moved_from}`, and variants are assigned by the name: "
            f"{members.reassigned:,} members would get another variant; keep the name, or if this is intended, "
            f"{_flag(REASSIGNED, change.key[1])}"
        )
        yield GuardFinding(REASSIGNED, change.key, what)


def _emptied(change: Change, members: Members) -> Iterable[GuardFinding]:
    """A campaign that its definition, or what that refers to, leaves with nobody."""
    if change.key[0] == "campaign" and members.before and not members.after and _by_definition(change):
        what = f"campaign `{change.key[1]}` would have an empty audience; it has {_members(members.before)} now"
        yield GuardFinding(
            EMPTY_AUDIENCE, change.key, f"{what}; if this is intended, {_flag(EMPTY_AUDIENCE, change.key[1])}"
        )


def _everybody(change: Change, members: Members, population: int) -> list[GuardFinding]:
    """Nearly all users, and at least twice as many as before: seldom what was meant, or what has happened."""
    if population < DEFAULT_FLOOR or change.action is Action.CREATE:
        return []
    if members.after > share(EVERYBODY_SHARE) * population and members.after >= 2 * members.before:
        what = f"{change.key[0]} `{change.key[1]}` would have {members.after:,} of {population:,} users as members"
        more = f"; it has {members.before:,} now; if this is intended, {_flag(NEARLY_EVERYBODY, change.key[1])}"
        return [GuardFinding(NEARLY_EVERYBODY, change.key, what + more)]
    return []


def _multiplied(change: Change, members: Members) -> list[GuardFinding]:
    """A campaign that data alone would send to many times as many users as before."""
    after = members.before + members.by_data.entered - members.by_data.exited
    if change.key[0] != "campaign" or not members.before or after < MULTIPLE_FLOOR:
        return []
    if after <= MULTIPLE * members.before:
        return []
    what = f"campaign `{change.key[1]}` would grow from {members.before:,} to {after:,} members by its data alone"
    limit = f"the limit is {MULTIPLE} times as many; if this is intended, {_flag(MULTIPLIED, change.key[1])}"
    return [GuardFinding(MULTIPLIED, change.key, f"{what}; {limit}")]


def _lost(change: Change, members: Members, lost: Loss) -> Iterable[GuardFinding]:
    """Members who move because data are gone."""
    moved = members.by_data
    if lost.certain and (moved.entered or moved.exited):
        who = f"{moved.entered:,} would enter {change.key[0]} `{change.key[1]}`, and {moved.exited:,} exit"
        mend = f"if the data are as they should be, {_flag(LOST_DATA, change.key[1])}"
        yield GuardFinding(LOST_DATA, change.key, f"{who}, by that alone; {mend}")


def _because(lost: Loss, finding: GuardFinding) -> GuardFinding:
    return replace(finding, message=f"{lost.words}: {finding.message}") if lost.causes else finding


def _by_definition(change: Change) -> bool:
    return bool({Reason.LOGIC, Reason.DEPENDS} & set(change.reasons))


def _members(number: int) -> str:
    return f"{number:,} member{'' if number == 1 else 's'}"


def _too_many(key: Key, rule: str, what: str) -> GuardFinding:
    kind, name = key
    flag = _flag(rule, name)
    mend = flag if kind == "list" else f"{_in_its_file(rule)}{flag}"
    return GuardFinding(rule, key, f"{kind} `{name}` {what}; if this is intended, {mend}")


def _in_its_file(rule: str) -> str:
    return f"{'lower' if rule == MIN_MEMBERS else 'raise'} `guards.{rule}` in its file, or "


def on_the_way_back(finding: GuardFinding) -> GuardFinding:
    """The finding where an older serial comes back, whose limits no file can move any more."""
    message = finding.message.replace(_in_its_file(finding.rule), "").replace(_SET_FREE, _SET_FREE_FIRST)
    return replace(finding, message=message)


def _flag(rule: str, name: str = "") -> str:
    """How to let it pass once."""
    return f'pass `--allow {Allowance(rule, name)} --reason "..."`'


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} members ({100 * part / whole:.1f} %)" if whole else f"{part:,} members"


_SET_FREE = "bring its file back with `protect: false`, apply, and then remove it"
_SET_FREE_FIRST = "apply it with `protect: false`, and then roll back"


def _protected(key: Key, *, archived: bool) -> GuardFinding:
    kind, name = key
    message = (
        f"{kind} `{name}` is protected and would be archived; if this is intended, write `archived: false` and "
        "`protect: false`, apply, and then archive it"
        if archived
        else f"{kind} `{name}` is protected and would be removed; if this is intended, {_SET_FREE}"
    )
    return GuardFinding(PROTECT, key, message, overridable=False)


def _empty(applied: int) -> GuardFinding:
    what = f"there are no definitions, and {applied:,} are applied: all would be removed"
    return GuardFinding(EMPTY, None, f"{what}; if this is intended, {_flag(EMPTY)}")


def _many_removed(removed: int, applied: int) -> GuardFinding:
    message = (
        f"{removed:,} of {applied:,} resources would be removed; the limit is {DEFAULT_SHARE}; "
        f"if this is intended, {_flag(MAX_REMOVED)}"
    )
    return GuardFinding(MAX_REMOVED, None, message)
