"""Progress as people see it: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from segctl.progress import Progress

BAR_AFTER_S = 0.5
HEARTBEAT_EVERY_S = 10.0


class Bar:
    """One bar on a terminal, once the work has taken long enough to wonder; it is wiped at the end."""

    def __init__(self, file: TextIO, *, colour: bool) -> None:
        console = Console(file=file, force_terminal=True, no_color=not colour, highlight=False)
        self._bars = RichProgress(
            TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, transient=True,
        )  # fmt: skip
        self._task: TaskID | None = None
        self._began = 0.0
        self._shown = False

    def start(self, label: str, total: int) -> None:
        """Begin a step of `total` units."""
        self._task = self._bars.add_task(label, total=total)
        self._began = time.monotonic()

    def advance(self, units: int = 1) -> None:
        """Tell that this many units are done."""
        if self._task is None:
            return
        if not self._shown and time.monotonic() - self._began > BAR_AFTER_S:
            self._bars.start()
            self._shown = True
        self._bars.advance(self._task, units)

    def note(self, text: str) -> None:
        """Above the bar."""
        self._bars.console.print(f"note: {text}", markup=False, soft_wrap=True)

    def finish(self) -> None:
        """End the step and wipe its bar."""
        if self._shown:
            self._bars.stop()
            self._shown = False
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None


class Timed:
    """Says at the end of each step how long it took, besides showing it."""

    def __init__(self, shown: Progress, write: Callable[[str], None]) -> None:
        self._shown = shown
        self._write = write
        self._label = ""
        self._began = 0.0

    def start(self, label: str, total: int) -> None:
        """Begin a step of `total` units."""
        self._label, self._began = label, time.monotonic()
        self._shown.start(label, total)

    def advance(self, units: int = 1) -> None:
        """Tell that this many units are done."""
        self._shown.advance(units)

    def note(self, text: str) -> None:
        """As it is shown."""
        self._shown.note(text)

    def finish(self) -> None:
        """End the step, once."""
        self._shown.finish()
        if self._label:
            self._write(f"{self._label}: {time.monotonic() - self._began:.2f} s")
            self._label = ""


class Heartbeat:
    """A line every ten seconds, so that a log does not look dead."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._label = ""
        self._total = self._done = 0
        self._told = 0.0

    def start(self, label: str, total: int) -> None:
        """Begin a step of `total` units."""
        self._label, self._total, self._done = label, total, 0
        self._told = self._clock()

    def advance(self, units: int = 1) -> None:
        """Tell that this many units are done."""
        self._done += units
        if self._clock() - self._told >= HEARTBEAT_EVERY_S:
            self._told = self._clock()
            self._write(f"{self._label}: {self._done:,} of {self._total:,}")

    def note(self, text: str) -> None:
        """A line of its own."""
        self._write(f"note: {text}")

    def finish(self) -> None:
        """Nothing more to say."""
