"""`segctl members`: the ids of a snapshot, of a delta, or (`--live`) of an evaluation without any state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from segctl.diagnostics import Diagnostic, SegctlError
from segctl.index.column import Bits
from segctl.index.population import Population
from segctl.index.reader import DataReport
from segctl.load.document import Key
from segctl.plan.variants import drawn
from segctl.progress import Progress
from segctl.state.membership import Variants
from segctl.state.record import Record, Snapshot
from segctl.state.state import State
from segctl.workflow.as_of import instant
from segctl.workflow.evaluate import Target, evaluate, library_of, open_data
from segctl.workflow.levels import PREBUILT, level_named
from segctl.workflow.naming import find, find_evaluated, trait_without_members
from segctl.workflow.opened import opened, opened_state
from segctl.workflow.request import Request
from segctl.workflow.serials import Serial, at_serial


@dataclass(frozen=True, eq=False)
class Roll:
    """The members of one resource, sorted by id; `variants` are a campaign's, one per member.

    `name` is as it was asked for.
    """

    name: str
    key: Key
    as_of_us: int
    ids: pa.StringArray
    variants: pa.StringArray | None = None


@dataclass(frozen=True, eq=False)
class Live:
    """Members evaluated now, with what there is to say about the definitions and the data."""

    rolls: tuple[Roll, ...]
    warnings: tuple[Diagnostic, ...]
    unseen: int
    unknown: Mapping[Key, int]
    report: DataReport


@dataclass(frozen=True, eq=False)
class Delta:
    """Who entered and who exited at a serial, each sorted by id."""

    key: Key
    serial: int
    entered: pa.StringArray
    exited: pa.StringArray


def members(start: Path, names: Sequence[str], serial: int | None = None) -> tuple[Roll, ...]:
    """The published members as of the last serial, or as of an earlier one.

    Raises:
        SegctlError: nothing is applied, there is no such serial, or nothing of that name in it.
        Stale: the state is damaged.
    """
    _, state, _ = opened_state(start)
    then = at_serial(state, serial)
    return tuple(replace(_roll(state, then.called(name), then), name=name) for name in names)


def live(start: Path, names: Sequence[str], request: Request, progress: Progress) -> Live:
    """Members by the definitions on disk and the data, without any state; extensions are computed at once.

    A level of engagement is there without a definition: `engagement.most`.

    Raises:
        InvalidInput: definitions or data that are wrong.
        SegctlError: there is nothing of that name.
    """
    project = opened(start)
    keys = {name: level_named(name) or _with_members(find_evaluated(name, project.defined)) for name in names}
    data = open_data(project.definitions, instant(request.as_of, project.zone, request.now_us), progress)
    documents = {**project.definitions.documents, **PREBUILT}
    library = replace(library_of(project.definitions), documents=documents)
    found = evaluate(data, {key: Target(library, key) for key in keys.values()}, progress)
    rolls = tuple(
        Roll(name, key, data.as_of_us, *_split(key, documents[key].data, data.population, found.memberships[key]))
        for name, key in keys.items()
    )
    return Live(rolls, (*project.warnings, *found.warnings), found.unseen, found.unknown, data.index.report)


def _with_members(key: Key) -> Key:
    if key[0] == "trait":
        raise trait_without_members(key[1])
    return key


def delta(start: Path, name: str, serial: int | None = None) -> Delta:
    """Who entered and exited at a serial (the last one): against the serial before, over all users of both.

    Raises:
        SegctlError: nothing is applied, there is no such serial, or nothing of that name in it.
    """
    _, state, _ = opened_state(start)
    asked = at_serial(state, serial)
    record = asked.record
    before = _before(state, record)
    was = {record.name_at(key, record.serial - 1): key for key in record.former}
    left = (key for key in (before.snapshots if before else ()) if was.get(key, key) == key)
    key = find(asked.called(name), {*record.snapshots, *left}, _aside(asked))
    then = before.snapshots.get(record.name_at(key, before.serial)) if before else None
    new, old = _ids(state, record.snapshots.get(key)), _ids(state, then)
    return Delta(key, record.serial, _without(new, old), _without(old, new))


def _before(state: State, record: Record) -> Record | None:
    """The serial before, None before the first one."""
    head, serial = state.head(), record.serial
    if head is not None and 1 < serial == head.kept:
        raise SegctlError(
            f"who entered and exited at serial {serial} cannot be told: serial {serial - 1} is not kept any more",
            hint=f"`segctl history --serial {serial}` has the counts",
        )
    return state.record(serial - 1) if serial > 1 else None


def _aside(then: Serial) -> dict[Key, SegctlError]:
    """What is known by name, and has no published members."""
    return {
        **{("trait", name): trait_without_members(name) for name in then.record.columns},
        **{key: _evaluated(".".join(key)) for key in PREBUILT},
        **then.absent(),
    }


def _evaluated(level: str) -> SegctlError:
    return SegctlError(
        f"`{level}` is evaluated where it is used, not published", hint=f"`segctl members --live {level}`"
    )


def _roll(state: State, name: str, then: Serial) -> Roll:
    key = find(name, then.record.snapshots, _aside(then))
    snapshot = then.record.snapshots[key]
    population, membership = state.population(snapshot.population), state.membership(snapshot.membership)
    names = [variant for variant, _ in snapshot.variants]
    return Roll(name, key, snapshot.as_of_us, *_sorted(population, membership.bits, membership.variants, names))


def _split(
    key: Key, data: Mapping[str, object], population: Population, bits: Bits
) -> tuple[pa.StringArray, pa.StringArray | None]:
    """Ids and variants of a membership that is not published."""
    names, variants = drawn(key, data, population.ids, bits)
    return _sorted(population, bits, variants, names)


def _sorted(
    population: Population, bits: Bits, variants: Variants | None, names: Sequence[str]
) -> tuple[pa.StringArray, pa.StringArray | None]:
    ids = population.ids.filter(pa.array(bits))
    order = pc.sort_indices(ids)
    if variants is None:
        return ids.take(order), None
    given = pa.array(names, pa.string()).take(pa.array(variants[bits]))
    return ids.take(order), given.take(order)


def _ids(state: State, snapshot: Snapshot | None) -> pa.StringArray:
    if snapshot is None:
        return pa.array([], pa.string())
    return state.population(snapshot.population).ids.filter(pa.array(state.membership(snapshot.membership).bits))


def _without(ids: pa.StringArray, others: pa.StringArray) -> pa.StringArray:
    left = ids.filter(pc.invert(pc.is_in(ids, value_set=others)))
    return left.take(pc.sort_indices(left))
