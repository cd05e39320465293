"""`segctl drift`: whether what is published is what was recorded, and moves no further than data do by themselves.

Nothing of the state is written, and no lock is taken. Definitions on disk have no say: what is not applied is
no drift.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.diagnostics import InvalidInput, Stale
from segctl.load.document import Key, unchecked
from segctl.plan.bands import Band, band_of
from segctl.plan.definition import WITHOUT_MEMBERS
from segctl.plan.plan import Members, Movement
from segctl.progress import Progress
from segctl.state.examine import Examined, Finding, examine
from segctl.state.holder import LOCK
from segctl.state.record import Head, Record
from segctl.state.state import State
from segctl.state.tampered import tampered
from segctl.workflow.opened import opened_state
from segctl.workflow.prepared import Prepared
from segctl.workflow.refresh import refreshed
from segctl.workflow.request import Request
from segctl.workflow.selection import chosen_applied

_LOOKS = 5
"""So often a state is looked at that does not stand still."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A membership that would move, and the band that it may move in."""

    key: Key
    members: Members
    band: Band

    @property
    def is_anomaly(self) -> bool:
        """Whether it moves beyond its band."""
        return not self.band.holds(self.members)


@dataclass(frozen=True)
class Moving:
    """What a refresh would do now: `traits` with the users who would get another value, `prepared` with all else."""

    prepared: Prepared
    memberships: tuple[Moved, ...]
    traits: tuple[tuple[str, int], ...]
    still: int

    @property
    def anomalies(self) -> tuple[Moved, ...]:
        """Those beyond their bands."""
        return tuple(moved for moved in self.memberships if moved.is_anomaly)

    @property
    def within(self) -> tuple[Moved, ...]:
        """Those within their bands."""
        return tuple(moved for moved in self.memberships if not moved.is_anomaly)

    @property
    def expected(self) -> Movement:
        """How many move within their bands."""
        within = [moved.members for moved in self.within]
        return Movement(sum(m.entered for m in within), sum(m.exited for m in within))


@dataclass(frozen=True)
class Drift:
    """What was found. `record` is None where nothing is applied, or the record that holds cannot be read.

    `moving` is None where data were not looked at, and `because` says why if nobody asked for that.
    """

    zone: str
    examined: Examined
    record: Record | None
    tampered: tuple[Finding, ...]
    moving: Moving | None = None
    because: str = ""

    @property
    def found(self) -> bool:
        """Whether there is anything that somebody should look at."""
        return bool(self.tampered or (self.moving and self.moving.anomalies))


def drift(start: Path, request: Request, progress: Progress, *, with_data: bool = True) -> Drift:
    """Hold what is published against what was recorded, and (`with_data`) against what would be published now.

    A selection narrows what is looked at of the data; the state is checked whole.

    Raises:
        InvalidInput: data that are wrong, and nothing that is published is.
        SegctlError: the state cannot be read.
        Usage: the selection matches nothing.
    """
    root, state, zone = opened_state(start)
    examined, strange = _examined(state, request.now_us, progress)
    record = examined.records.get(examined.head.serial) if examined.head else None
    found = Drift(zone, examined, record, strange)
    if not with_data or (record is None and not found.tampered):
        return found
    if record is None or record.serial not in examined.whole:
        return replace(found, because="what is published is damaged")
    try:
        return replace(found, moving=_moving(root, state, record, request, progress))
    except InvalidInput as error:
        if not found.tampered:
            raise
        return replace(found, because=f"definitions and data do not fit: {error}")


def _examined(state: State, now_us: int, progress: Progress) -> tuple[Examined, tuple[Finding, ...]]:
    """The state, and what is strange about it; looked at again if somebody has published or collected meanwhile."""
    for _ in range(_LOOKS):
        examined = examine(state.store, now_us, progress)
        strange = tampered(state.store, examined, {LOCK})
        if not strange or _head(state) == examined.head:
            break
    return examined, strange


def _head(state: State) -> Head | None:
    try:
        return state.head()
    except Stale:
        return None


def _moving(root: Path, state: State, record: Record, request: Request, progress: Progress) -> Moving:
    _selected(record, request)  # what is asked for has to be there, before any data are read
    prepared = refreshed(root, state, request, progress)
    changes, now = prepared.plan.changes, prepared.before or record  # somebody may have published meanwhile
    memberships = (
        Moved(change.key, change.members, band_of(now.definitions[change.key].data, now.project))
        for change in changes
        if change.members is not None
    )
    traits = tuple((change.key[1], change.values.changed) for change in changes if change.values is not None)
    by_size = sorted(memberships, key=lambda moved: (not moved.is_anomaly, moved.key))
    published = sum(key[0] not in WITHOUT_MEMBERS for key in _selected(now, request))
    return Moving(prepared, tuple(by_size), traits, published - len(changes))


def _selected(record: Record, request: Request) -> Collection[Key]:
    """The definitions whose members are looked at."""
    documents = {key: unchecked(key, one.data) for key, one in record.definitions.items()}
    return chosen_applied(documents, request.selection(), "drift").keys
