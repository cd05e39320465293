"""One writer at a time: `lock.json`, created if absent, deleted on every way out.

A lock whose process is known to be dead is broken at once. One of another machine, or of another
container, is never broken, for nobody here can know: it is named, with the way to clear it. Should
two writers meet all the same, moving the head compares first, and the second one is refused.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from segctl.diagnostics import Locked
from segctl.state import canonical, instants, process
from segctl.state.origin import Origin
from segctl.state.store import Missing, Store

LOCK = "lock.json"
_PAUSE_S = 0.2


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock, for what, since when (UTC microseconds)."""

    origin: Origin
    operation: str
    since_us: int

    def __str__(self) -> str:
        origin = self.origin
        since = instants.to_text(self.since_us)
        return f"`{self.operation}` by {origin.who} on {origin.host} (process {origin.pid}, since {since})"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long to wait for somebody else's lock, and who is told what happens meanwhile."""

    seconds: float = 0
    tell: Callable[[str], None] = lambda _: None


AT_ONCE = Waiting()
"""Not at all, and nobody is told."""


@contextlib.contextmanager
def lock(store: Store, holder: Holder, waiting: Waiting, fence: Callable[[], None] = lambda: None) -> Iterator[Lease]:
    """Hold the state's lock; `fence` is called after it was taken over from somebody, before anything else.

    Raises:
        Locked: somebody else holds it, and went on holding it for as long as was waited.
    """
    mine = _encode(holder, secrets.token_hex(8))
    try:
        if _acquire(store, mine, holder.origin, waiting):
            fence()
        yield Lease(store, mine)
    finally:
        store.delete(LOCK, expected=mine)


@dataclass(frozen=True)
class Lease:
    """A lock that is held."""

    store: Store
    mine: bytes

    def confirm(self) -> None:
        """Make sure that it still is, right before the commit.

        Raises:
            Locked: somebody has taken it over; nothing may be committed.
        """
        try:
            found = self.store.read(LOCK)
        except Missing:
            found = b""
        if found != self.mine:
            raise Locked(
                "the lock was taken over by somebody else while this ran; nothing was changed",
                hint="run the command again",
            )


def held_by(store: Store) -> Holder | None:
    """Who holds the lock now."""
    try:
        return _decode(store.read(LOCK))
    except Missing:
        return None
    except (ValueError, KeyError, TypeError):
        raise _unreadable(store) from None


def _acquire(store: Store, mine: bytes, origin: Origin, waiting: Waiting) -> bool:
    """Whether it was taken over from somebody."""
    until = time.monotonic() + waiting.seconds
    told = taken_over = False
    while not store.write_once(LOCK, mine):
        if _broken(store, origin, waiting.tell):
            taken_over = True
            continue
        other = held_by(store)
        if other is None:
            continue
        if time.monotonic() >= until:
            raise Locked(f"the state is locked: {other}", hint=_how_to_clear(store))
        if not told:
            waiting.tell(f"waiting for the lock: {other}")
            told = True
        time.sleep(_PAUSE_S)
    return taken_over


def _broken(store: Store, here: Origin, tell: Callable[[str], None]) -> bool:
    """Break the lock of a dead process; False if it lives, or nobody here can know."""
    try:
        found = store.read(LOCK)
        other = _decode(found)
    except Missing:
        return True
    except (ValueError, KeyError, TypeError):
        raise _unreadable(store) from None
    if not _is_dead(other.origin, here):
        return False
    if store.delete(LOCK, expected=found):
        tell(f"the lock of {other} was broken: that process has ended")
    return True


def _is_dead(other: Origin, here: Origin) -> bool:
    if other.host != here.host:
        return False
    if other.realm == here.realm:
        return not _runs(other)
    boot, here_boot = other.realm.split()[:1], here.realm.split()[:1]
    return boot != here_boot  # another boot: the machine was started anew; else another container


def _runs(origin: Origin) -> bool:
    started = process.started(origin.pid)
    if not started or process.UNKNOWN in {started, origin.started or process.UNKNOWN}:
        return bool(started)
    return started == origin.started


def _how_to_clear(store: Store) -> str:
    return f"wait until it has ended (`--lock-timeout`); if it no longer runs, delete `{store.where(LOCK)}`"


def _unreadable(store: Store) -> Locked:
    return Locked(
        f"the state is locked, and `{store.where(LOCK)}` does not say by whom: it is damaged",
        hint=f"if no segctl runs on this state, delete `{store.where(LOCK)}`",
    )


def _encode(holder: Holder, token: str) -> bytes:
    """The token makes it this lock and no other, so that nobody ever releases somebody else's."""
    origin = holder.origin
    return canonical.encode({
        "holder": origin.who, "host": origin.host, "realm": origin.realm, "pid": origin.pid,
        "started": origin.started, "operation": holder.operation, "since": instants.to_text(holder.since_us),
        "token": token,
    })  # fmt: skip


def _decode(data: bytes) -> Holder:
    written: Mapping[str, object] = canonical.decode(data)
    origin = Origin(
        who=str(written["holder"]), host=str(written["host"]), realm=str(written["realm"]),
        pid=int(str(written["pid"])), started=str(written["started"]),
    )  # fmt: skip
    return Holder(origin, str(written["operation"]), instants.from_text(str(written["since"])))
