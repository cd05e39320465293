"""What of an examined state no command of segctl leaves behind, however it is killed: somebody else was at it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from segctl.state.examine import Examined, Finding, Level
from segctl.state.names import HEAD, is_object, serial_of
from segctl.state.store import Store, is_unfinished


def tampered(store: Store, examined: Examined, beside: Collection[str]) -> tuple[Finding, ...]:
    """What is changed or missing, and what is too much; `beside` are the names that may lie beside the head."""
    return (*examined.damaged, *_strangers(examined), *_beside(store, beside), *_later(examined))


def _strangers(examined: Examined) -> Iterator[Finding]:
    for found in examined.findings:
        if found.level is Level.NOTE and not is_object(found.name):
            yield found


def _beside(store: Store, beside: Collection[str]) -> Iterator[Finding]:
    for name in sorted(store.sizes("")):
        if name not in {HEAD, *beside} and not is_unfinished(name) and not name.startswith("."):
            yield Finding(Level.NOTE, name, "segctl did not write it")


def _later(examined: Examined) -> Iterator[Finding]:
    """Records that lie further ahead than the one that a killed command was about to publish."""
    last = examined.head.serial if examined.head else 0
    later = [found for found in examined.findings if (serial_of(found.name) or 0) > last + 1]
    if examined.head is not None and later:
        what = (
            f"it points to serial {last}, though there are records up to {serial_of(later[-1].name)}: it was set back"
        )
        yield Finding(Level.DAMAGED, HEAD, what, (last,))
