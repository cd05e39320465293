"""A lock, as lines and as data: who, where, for what, since when."""

from __future__ import annotations

from segctl.report.times import local
from segctl.state.holder import Held
from segctl.state.instants import to_text
from segctl.workflow.unlock import Shown

NOBODY = "the lock is free: nothing to break"


def held(shown: Shown) -> str:
    """Who holds it, a line for each thing that is known."""
    lock = shown.lock
    if lock is None:
        return f"{NOBODY}\n"
    if not isinstance(lock, Held):
        return f"the lock `{shown.where}` is damaged: it does not say who holds it\n"
    origin = lock.holder.origin
    rows = {
        "held by": f"{origin.who} on {origin.host} (process {origin.pid})",
        "for": lock.holder.operation,
        "since": local(lock.holder.since_us, shown.zone),
        "refreshed": f"{local(lock.refreshed_us, shown.zone)} (its own clock)",
        "good for": f"{lock.term_s:g} s after that",
        "run": origin.run or "",
        "lock": shown.where,
    }
    width = max(map(len, rows))
    return "".join(f"{name:<{width}}  {text}\n" for name, text in rows.items() if text)


def warning(shown: Shown) -> str:
    """What is known of the process, and what breaking the lock does to it."""
    if not isinstance(shown.lock, Held):
        return "Break it only if no segctl runs on this state."
    pid = shown.lock.holder.origin.pid
    if shown.is_alive:
        return (
            f"warning: process {pid} RUNS, on this machine. It will lose its work: it cannot publish without its lock. "
            f"End it first, if you can: `kill {pid}`."
        )
    if shown.is_dead:
        return f"Process {pid} has ended. The next command would break its lock by itself."
    return "Whether it still runs cannot be known from here. If it does, it will lose its work, and nothing else."


def held_data(shown: Shown, *, broken: bool) -> dict[str, object]:
    """For JSON."""
    found: dict[str, object] = {"format_version": "1.0", "locked": shown.lock is not None, "broken": broken}
    if not isinstance(shown.lock, Held):
        return found
    lock, origin = shown.lock, shown.lock.holder.origin
    return {
        **found, "holder": origin.who, "host": origin.host, "pid": origin.pid, "run": origin.run,
        "operation": lock.holder.operation, "since": to_text(lock.holder.since_us),
        "refreshed": to_text(lock.refreshed_us), "term": f"{lock.term_s:g}s",
        "process": "running" if shown.is_alive else "ended" if shown.is_dead else "unknown",
    }  # fmt: skip
