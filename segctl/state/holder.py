"""Who holds a state's lock: the document that lies in `lock.json`, and whether its process still lives.

The instants in it are for people. Nothing is decided by them, for no two machines have the same clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segctl.diagnostics import Locked
from segctl.state import canonical, instants, process
from segctl.state.origin import Origin
from segctl.state.store import Missing, Store

LOCK = "lock.json"
_TERM_S = 60.0
"""Of a lock that an older segctl wrote, which says none."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock, for what, since when (UTC microseconds)."""

    origin: Origin
    operation: str
    since_us: int

    def __str__(self) -> str:
        origin = self.origin
        run = f", {origin.run}" if origin.run else ""
        since = instants.to_text(self.since_us)
        return f"`{self.operation}` by {origin.who} on {origin.host} (process {origin.pid}, since {since}{run})"


@dataclass(frozen=True, slots=True)
class Held:
    """A lock as it was found: its holder, its bytes, when the holder last refreshed it, and the term that it asks for.

    `token` is of this lock and no other, so that nobody ever releases somebody else's.
    """

    data: bytes
    holder: Holder
    token: str
    refreshed_us: int
    term_s: float = _TERM_S


@dataclass(frozen=True, slots=True)
class Free:
    """A lock that nobody holds, on a store where it cannot be deleted in one with a comparison.

    `fence`: whoever held it may still have a write on its way, so the head is fenced off first.
    """

    data: bytes
    fence: bool


@dataclass(frozen=True, slots=True)
class Damaged:
    """Something in the lock's place that is no lock."""

    data: bytes


def seen(store: Store) -> Held | Free | Damaged | None:
    """What lies in the lock's place; None if nothing does."""
    try:
        data = store.read(LOCK)
    except Missing:
        return None
    try:
        return decode(data)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        return Damaged(data)


def look(store: Store) -> Held | Free | None:
    """What lies in the lock's place; None if nothing does.

    Raises:
        Locked: something that is no lock.
    """
    found = seen(store)
    if isinstance(found, Damaged):
        raise Locked(
            f"the state is locked, and `{store.where(LOCK)}` does not say by whom: it is damaged",
            hint="if no segctl runs on this state, `segctl unlock` removes it",
        )
    return found


def encode(holder: Holder, token: str, refreshed_us: int, beat: int, term_s: float) -> bytes:
    """The document of a lock; `beat` counts its refreshes, so that no two are the same whatever the clock does."""
    origin = holder.origin
    return canonical.encode({
        "holder": origin.who, "host": origin.host, "realm": origin.realm, "pid": origin.pid,
        "started": origin.started, "run": origin.run, "operation": holder.operation,
        "since": instants.to_text(holder.since_us), "refreshed": instants.to_text(refreshed_us), "beat": beat,
        "term_ms": round(term_s * 1000), "token": token,
    })  # fmt: skip


def free(*, fence: bool) -> bytes:
    """The document of a lock that nobody holds."""
    return canonical.encode({"free": True, "fence": fence})


def decode(data: bytes) -> Held | Free:
    """What `encode` or `free` wrote; ValueError, KeyError, TypeError or AttributeError if they did not."""
    written: Mapping[str, object] = canonical.decode(data)
    if written.get("free") is True:
        return Free(data, fence=bool(written.get("fence")))
    run = written.get("run")
    origin = Origin(
        who=str(written["holder"]), host=str(written["host"]), realm=str(written["realm"]),
        pid=int(str(written["pid"])), started=str(written["started"]), run=None if run is None else str(run),
    )  # fmt: skip
    since = str(written["since"])
    return Held(
        data=data,
        holder=Holder(origin, str(written["operation"]), instants.from_text(since)),
        token=str(written["token"]),
        refreshed_us=instants.from_text(str(written.get("refreshed", since))),
        term_s=int(str(written.get("term_ms", round(_TERM_S * 1000)))) / 1000,
    )


def is_dead(other: Origin, here: Origin) -> bool:
    """Whether that process is known to have ended; of another machine or container nobody here can know."""
    if other.host != here.host:
        return False
    if other.realm == here.realm:
        return not _runs(other)
    boot, here_boot = other.realm.split()[:1], here.realm.split()[:1]
    return boot != here_boot  # another boot: the machine was started anew; else another container


def is_alive_here(other: Origin, here: Origin) -> bool:
    """Whether that process is known to run, on this machine."""
    return other.host == here.host and other.realm == here.realm and _runs(other)


def _runs(origin: Origin) -> bool:
    started = process.started(origin.pid)
    if not started or process.UNKNOWN in {started, origin.started or process.UNKNOWN}:
        return bool(started)
    return started == origin.started
