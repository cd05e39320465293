"""Who holds a lock; and one that somebody on another machine holds, of whom nobody here can know that they ended."""

from __future__ import annotations

from pathlib import Path

from segctl.state.holder import Held, Holder, look
from segctl.state.store import Store

ELSEWHERE = (
    '{"holder": "bob", "host": "far", "realm": "", "pid": 7, "started": "1", "operation": "refresh",'
    ' "since": "2026-01-10T00:00:00Z", "token": "t"}'
)


def hold_elsewhere(state: Path) -> Path:
    """Let Bob hold the lock of the state in this folder; the lock's file."""
    state.mkdir(parents=True, exist_ok=True)
    lock = state / "lock.json"
    lock.write_text(ELSEWHERE)
    return lock


def held_by(store: Store) -> Holder | None:
    """Who holds the lock now."""
    found = look(store)
    return found.holder if isinstance(found, Held) else None
