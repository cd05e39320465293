"""A serial as a command line asks for it: the one that holds, or an older one in which names of now are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segctl.diagnostics import SegctlError
from segctl.load.document import Key
from segctl.state.record import Record
from segctl.state.state import State
from segctl.workflow.naming import absent, called_then


@dataclass(frozen=True)
class Serial:
    """What was applied at a serial; `current` is what is applied now, None if that is what was asked for.

    `kept` is the first serial that is kept.
    """

    record: Record
    current: Record | None
    kept: int

    def called(self, name: str) -> str:
        """What was called then what is called this now."""
        return called_then(name, self.current, self.record)

    def absent(self) -> Mapping[Key, SegctlError]:
        """What to say of names that were there before, and were there no more."""
        return absent(self.record, self.kept)


def at_serial(state: State, serial: int | None) -> Serial:
    """The last serial (None), or an earlier one.

    Raises:
        SegctlError: nothing is applied, or there is no such serial.
        Stale: the state is damaged.
    """
    record = state.current() if serial is None else state.record(serial)
    if record is None:
        raise SegctlError(
            "nothing has been applied yet", hint="`segctl apply` publishes; `--live` evaluates without publishing"
        )
    head = state.head()
    return Serial(record, None if serial is None else state.current(), head.kept if head else 1)
