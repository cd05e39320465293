"""`segctl unlock`: who holds the state's lock, and its breaking."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segctl.state.holder import LOCK, Damaged, Free, Held, Holder, is_alive_here, is_dead, seen
from segctl.state.lock import break_lock
from segctl.state.origin import Origin
from segctl.state.state import State
from segctl.workflow.opened import opened_state
from segctl.workflow.request import Run


@dataclass(frozen=True)
class Shown:
    """A lock as it was found (None: nobody holds it), where it lies, and what is known here of its process."""

    state: State
    zone: str
    lock: Held | Damaged | None
    is_dead: bool = False
    is_alive: bool = False

    @property
    def where(self) -> str:
        """The lock's place."""
        return self.state.store.where(LOCK)

    def was_refreshed(self) -> bool:
        """Whether its holder has refreshed it since: it lives."""
        found = seen(self.state.store)
        same = isinstance(found, Held) and isinstance(self.lock, Held) and found.token == self.lock.token
        return same and found != self.lock


def shown(start: Path, here: Origin) -> Shown:
    """The lock of the project that `start` lies in.

    Raises:
        InvalidInput: the project's file is wrong.
    """
    _, state, zone = opened_state(start)
    found = seen(state.store)
    if found is None or isinstance(found, Free):
        return Shown(state, zone, None)
    if isinstance(found, Damaged):
        return Shown(state, zone, found)
    other = found.holder.origin
    return Shown(state, zone, found, is_dead=is_dead(other, here), is_alive=is_alive_here(other, here))


def unlock(lock: Shown, run: Run, now_us: int) -> bool:
    """Break the lock that was shown, and no other; False if it is not there any more.

    Its holder cannot commit from then on, whatever it does.

    Raises:
        Stale: the state's head is damaged.
    """
    if lock.lock is None:
        return False
    return break_lock(lock.state.store, lock.lock, Holder(run.origin, "unlock", now_us), lock.state.fence)
