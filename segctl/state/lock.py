"""One writer at a time: a lease on `lock.json`, refreshed while it is held, given back on every way out.

A lock whose process is known to be dead is taken over at once. Any other one may be taken over by who
has watched it for its whole term, by its own clock that only goes forward, without seeing it refreshed:
the clocks of two machines are never compared. Should the holder live all the same, it cannot commit:
whoever takes over fences the head off before anything else, and moving the head compares first.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from segctl.diagnostics import Locked
from segctl.state.holder import Damaged, Free, Held, Holder, is_dead, look, seen
from segctl.state.lease import DONE_S, FAILED_S, STOPPED_S, Lease, Term
from segctl.state.origin import Origin
from segctl.state.store import Store, Unsure

_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 1.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long to wait for somebody else's lock, who is told what happens meanwhile, and for how long one's own is."""

    seconds: float = 0
    tell: Callable[[str], None] = lambda _: None
    term: Term = field(default=Term())


AT_ONCE = Waiting()
"""Not at all, and nobody is told."""


@contextlib.contextmanager
def lock(store: Store, holder: Holder, waiting: Waiting, fence: Callable[[], None] = lambda: None) -> Iterator[Lease]:
    """Hold the state's lock; `fence` is called after it was taken over from somebody, before anything else.

    Raises:
        Locked: somebody else holds it, and went on holding it for as long as was waited.
    """
    lease = Lease(store, holder, waiting.term, waiting.tell)
    try:
        try:
            _acquire(lease, waiting)
            lease.keep()
            _fence(lease, fence)
            yield lease
        except Exception as error:
            lease.release(FAILED_S, fence=isinstance(error, Unsure))
            raise
        lease.release(DONE_S, fence=False)
    except Exception:
        raise
    except BaseException:  # a signal, perhaps while it was given back
        lease.release(STOPPED_S, fence=True)
        raise


def break_lock(store: Store, shown: Held | Damaged, holder: Holder, fence: Callable[[], None]) -> bool:
    """Take exactly this lock from its holder, who cannot commit from then on, and free it.

    It is the same one after it was refreshed. False, and nothing done, if it is not there any more.
    """
    lease = Lease(store, holder, Term(), lambda _: None)
    lease.unfenced = True
    try:
        try:
            while _same(found := seen(store), shown):
                if lease.take(found.data if found else None):
                    _fence(lease, fence)
                    return True
            return False
        finally:
            lease.release(FAILED_S, fence=lease.unfenced)
    except Exception:
        raise
    except BaseException:
        lease.release(STOPPED_S, fence=lease.unfenced)
        raise


def _same(found: Held | Free | Damaged | None, shown: Held | Damaged) -> bool:
    if isinstance(found, Held) and isinstance(shown, Held):
        return found.token == shown.token
    return found == shown


def _fence(lease: Lease, fence: Callable[[], None]) -> None:
    if lease.unfenced:
        fence()
        lease.unfenced = False


def _acquire(lease: Lease, waiting: Waiting) -> None:
    until = time.monotonic() + waiting.seconds
    pause, told, watch = _PAUSE_S, False, _Watch()
    while True:
        found = look(lease.store)
        why = watch.why_free(found, lease.holder.origin)
        if why is not None:
            lease.unfenced = bool(why) or (isinstance(found, Free) and found.fence)
            if lease.take(found.data if found else None):
                if isinstance(found, Held):
                    waiting.tell(f"the lock of {found.holder} was broken: {why}")
                return
            continue
        assert isinstance(found, Held)  # noqa: S101 for mypy: anything else is free
        if time.monotonic() >= until:
            raise Locked(f"the state is locked: {found.holder}", hint=_what_to_do(found))
        if not told:
            waiting.tell(f"waiting for the lock: {found.holder}")
            told = True
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE_S)


@dataclass
class _Watch:
    """What was seen of a lock, and since when, by the clock of this machine that only goes forward."""

    seen: bytes = b""
    since_s: float = 0.0

    def why_free(self, found: Held | Free | None, here: Origin) -> str | None:
        """Why it may be taken, empty where nobody holds it; None if it may not."""
        if not isinstance(found, Held):
            return ""
        if is_dead(found.holder.origin, here):
            return "that process has ended"
        now_s = time.monotonic()
        if found.data != self.seen:
            self.seen, self.since_s = found.data, now_s
        if now_s - self.since_s >= found.term_s:
            return f"it was not refreshed for {found.term_s:g} s"
        return None


def _what_to_do(found: Held) -> str:
    term = f"{found.term_s:g}"
    return (
        f"wait for it with `--lock-timeout` (more than {term}, and it is taken over once it is no longer refreshed); "
        "if it no longer runs, `segctl unlock` breaks it"
    )
