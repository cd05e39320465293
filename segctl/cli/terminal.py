"""Where results and talk go: results on stdout, talk, warnings and progress on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TextIO

from segctl.progress import Progress, Silent

if TYPE_CHECKING:
    from rich.console import RenderableType

    from segctl.cli.log import Log
    from segctl.diagnostics import Diagnostic

PIPE_WIDTH = 100_000
"""In a pipe nothing is wrapped or cut."""


def colour(mode: str, environ: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Whether to write colours: `--color` first, then NO_COLOR, FORCE_COLOR, TERM=dumb, then the stream."""
    if mode != "auto":
        return mode == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return is_terminal and environ.get("TERM") != "dumb"


@dataclass(frozen=True)
class Stream:
    """One of the two streams, and how it wants to be written to."""

    file: TextIO
    colour: bool
    is_terminal: bool

    @property
    def width(self) -> int:
        """Columns that a line may take."""
        return shutil.get_terminal_size().columns if self.is_terminal else PIPE_WIDTH

    def write(self, what: str | RenderableType) -> None:
        """Write a text or a renderable; a reader that has gone away is no error."""
        try:
            self.file.write(self.text(what))
            self.file.flush()
        except BrokenPipeError:
            hush(self.file)

    @contextmanager
    def bytes(self) -> Iterator[BinaryIO]:
        """The stream below the text, for what is no text; a reader that has gone away is no error."""
        self.file.flush()
        try:
            yield self.file.buffer
            self.file.buffer.flush()
        except BrokenPipeError:
            hush(self.file)

    def text(self, what: str | RenderableType) -> str:
        """What would be written."""
        if isinstance(what, str):
            return what if what.endswith("\n") or not what else what + "\n"
        from segctl.report.text import render

        return render(what, width=self.width, colour=self.colour)


@dataclass(frozen=True)
class Terminal:
    """Both streams, and how much talk is wanted; with a `log` all talk is lines of JSON."""

    out: Stream
    err: Stream
    quiet: bool = False
    verbose: bool = False
    log: Log | None = None

    def result(self, what: str | RenderableType) -> None:
        """Write a result to stdout."""
        self.out.write(what)

    def talk(self, what: str | RenderableType) -> None:
        """Say something on stderr, unless `-q`."""
        if not self.quiet:
            self._say(what)

    def detail(self, what: str | RenderableType) -> None:
        """Say on stderr what only `-v` wants to know."""
        if self.verbose:
            self._say(what, "debug")

    def complain(self, what: str | RenderableType) -> None:
        """Say on stderr what must be said."""
        self._say(what, "error")

    def warn(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Say on stderr what may be wrong with definitions and data, unless `-q`."""
        if not self.quiet:
            self.tell(diagnostics)

    def tell(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Say on stderr what is wrong with definitions and data."""
        if self.log:
            self.log.diagnostics(diagnostics)
        elif diagnostics:
            from segctl.cli.excerpts import excerpts
            from segctl.report.problems import problems

            self.err.write(problems(diagnostics, excerpts(diagnostics)))

    def event(self, event: str, **fields: object) -> None:
        """What only a log wants to know, unless `-q`."""
        if self.log and not self.quiet:
            self.log.line("info", event, **fields)

    def _say(self, what: str | RenderableType, level: str = "info") -> None:
        if self.log:
            self.log.say(self.err.text(what), level)
        else:
            self.err.write(what)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Progress of long work: a bar on a terminal, now and then a line elsewhere, nothing with `-q`."""
        progress = self._progress()
        try:
            yield progress
        finally:
            progress.finish()

    def _progress(self) -> Progress:
        if self.quiet:
            return Silent()
        if self.log:
            from segctl.cli.log import Steps

            return Steps(self.log)
        from segctl.cli.progress import Bar, Heartbeat, Timed

        bar = Bar(self.err.file, colour=self.err.colour) if self.err.is_terminal else Heartbeat(self.err.write)
        return Timed(bar, self.err.write) if self.verbose else bar


def terminal(*, mode: str = "auto", quiet: bool = False, verbose: bool = False, log: Log | None = None) -> Terminal:
    """This process's own streams."""
    return Terminal(_stream(sys.stdout, mode), _stream(sys.stderr, mode), quiet, verbose, log)


def logging(secrets: Sequence[str]) -> Log:
    """A log on this process's stderr."""
    from segctl.cli.log import Log

    return Log(_stream(sys.stderr, "never").write, secrets)


def _stream(file: TextIO, mode: str) -> Stream:
    is_terminal = file.isatty()
    return Stream(file, colour(mode, os.environ, is_terminal=is_terminal), is_terminal)


def hush(file: TextIO) -> None:
    """Send what is still written to a stream nowhere, so that nothing complains at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, file.fileno())
    os.close(nowhere)
