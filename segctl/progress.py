"""How long work tells that it goes on; the terminal's own bar lives in `cli`."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """One line of progress at a time."""

    def start(self, label: str, total: int) -> None:
        """Begin a step of `total` units."""

    def advance(self, units: int = 1) -> None:
        """Tell that this many units are done."""

    def finish(self) -> None:
        """End the step."""

    def note(self, text: str) -> None:
        """Say how the work is done, where that is not as usual."""


class Silent:
    """Progress that nobody watches."""

    def start(self, label: str, total: int) -> None:
        """Nothing to show."""

    def advance(self, units: int = 1) -> None:
        """Nothing to show."""

    def finish(self) -> None:
        """Nothing to show."""

    def note(self, text: str) -> None:
        """Nothing to show."""
