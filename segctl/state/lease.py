"""A lock that is held: refreshed by a thread as long as it is, made sure of before the commit, released.

Whoever stops refreshing it for its term may lose it to one who has watched it for so long. That harms
nobody: the new holder fences the head off before anything else, and the old one commits against it.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from segctl.diagnostics import Locked, SegctlError, Usage
from segctl.state.holder import LOCK, Held, Holder, encode, free, look
from segctl.state.store import Store

DONE_S = 45.0
"""How long a release may take after the work was done, in seconds: a store that is busy may answer again."""

FAILED_S = 10.0
"""How long it may take after something failed, which is often the store."""

STOPPED_S = 2.5
"""How long it may take when a signal ends the command."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long a lock is good for without being refreshed, and how often it is refreshed, in seconds."""

    seconds: float = 60.0
    refresh_s: float = 10.0


TERM = "SEGCTL_LOCK_TERM"
"""The variable that says for how many seconds a lock is good without being refreshed."""
_SHORTEST_S, _LONGEST_S, _REFRESHES = 1.0, 3600.0, 6


def term_of(environ: Mapping[str, str]) -> Term:
    """The term that an environment asks for.

    Raises:
        Usage: it is no number of seconds, or too short or long to be one.
    """
    written = environ.get(TERM)
    if not written:
        return Term()
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0.0
    if not _SHORTEST_S <= seconds <= _LONGEST_S:
        hint = f"write seconds from {_SHORTEST_S:g} to {_LONGEST_S:g}, such as `60`"
        raise Usage(f"`{TERM}` is `{written}`", hint=hint)
    return Term(seconds, seconds / _REFRESHES)


class Lease:
    """A lock of this process."""

    def __init__(self, store: Store, holder: Holder, term: Term, tell: Callable[[str], None]) -> None:
        self.store = store
        self.holder = holder
        self._term = term
        self._tell = tell
        self._token = secrets.token_hex(8)
        self._began = time.monotonic()
        self._beat = 0
        self._written = b""
        self._tried = False
        self._ended = threading.Event()
        self.unfenced = False
        """Whether it was taken over, and whoever held it before can still commit."""

    def document(self) -> bytes:
        """The lock's bytes, other ones each time."""
        self._beat += 1
        elapsed_us = int((time.monotonic() - self._began) * 1_000_000)
        return encode(self.holder, self._token, self.holder.since_us + elapsed_us, self._beat, self._term.seconds)

    def take(self, found: bytes | None) -> bool:
        """Put it in the place of these bytes (None: of nothing); False if something else is there."""
        self._tried = True
        mine = self.document()
        absent = found is None
        taken = self.store.write_once(LOCK, mine) if absent else self.store.replace(LOCK, mine, expected=found)
        if taken:
            self._written = mine
        return taken

    def confirm(self) -> None:
        """Make sure that it is still held, right before the commit.

        Raises:
            Locked: somebody has taken it over; nothing may be committed.
        """
        if not self._is_mine(look(self.store)):
            raise Locked(
                "another process took over the lock while this command ran; nothing was changed",
                hint="run the command again",
            )

    def keep(self) -> None:
        """Refresh it from now on, in the background."""
        threading.Thread(target=self._keep, name="segctl-lease", daemon=True).start()

    def release(self, within_s: float, *, fence: bool) -> None:
        """Give it back, if it is still held; what cannot be done in time is told, and runs out by itself.

        With `fence` a write may still be on its way to the store: the next holder fences it off. It may be
        called again, as it must be where a signal has come in the middle of it.
        """
        if not self._tried:
            return
        done = threading.Event()
        thread = threading.Thread(target=self._release, args=(done, fence), name="segctl-release", daemon=True)
        thread.start()
        thread.join(within_s)
        if self._written and not done.is_set():
            self._tell(
                f"the lock could not be released: `{self.store.where(LOCK)}` cannot be reached; "
                f"it runs out {self._term.seconds:g} s after its last refresh"
            )

    def _release(self, done: threading.Event, fence: bool) -> None:  # noqa: FBT001 a thread takes no keywords
        self._ended.set()  # here, where no signal comes in the middle of it
        with contextlib.suppress(SegctlError):
            while self._is_mine(found := look(self.store)):
                assert found is not None  # noqa: S101 for mypy: it is mine
                if self._give_back(found.data, fence=self.unfenced or fence):
                    break
            done.set()

    def _give_back(self, found: bytes, *, fence: bool) -> bool:
        if self.store.atomic_delete and not self.unfenced:
            return self.store.delete(LOCK, expected=found)
        return self.store.replace(LOCK, free(fence=fence), expected=found)

    def _keep(self) -> None:
        """Until it ends or is lost; a store that does not answer is asked again the next time."""
        while not self._ended.wait(self._term.refresh_s):
            with contextlib.suppress(SegctlError):
                if not self._refresh():
                    return

    def _refresh(self) -> bool:
        """False when it is somebody else's now; an earlier refresh whose answer was lost is no reason."""
        if self.take(self._written):
            return True
        found = look(self.store)
        if found is None or not self._is_mine(found):
            return False
        self._written = found.data
        return True

    def _is_mine(self, found: object) -> bool:
        return isinstance(found, Held) and found.token == self._token
