"""`--log-format json`: what goes to stderr as one JSON object a line, for those who collect logs.

A line has `time`, `level`, `event`; a step also `step`, `duration_ms` and `counts`. No line holds the
id of a user: examples out of the data are left out, and ids that stand on the command line are hidden.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from segctl.diagnostics import Diagnostic

PROGRESS_EVERY_S = 10.0
_LEVELS = {"warning": "warning", "error": "error", "refused": "error", "bug": "error", "note": "info"}
_HINT = "hint: "


def is_wanted(arguments: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Whether JSON is asked for, known before the command line is read, for it may be wrong."""
    chosen = environ.get("SEGCTL_LOG_FORMAT", "")
    for option, value in itertools.pairwise([*arguments, ""]):
        name, _, joined = option.partition("=")
        if name == "--log-format":
            chosen = joined or value
    return chosen == "json"


def hidden(arguments: Sequence[str]) -> tuple[str, ...]:
    """The ids of users that stand on a command line: of `--user`, and what `segctl user` is given."""
    found = [value for option, value in itertools.pairwise(arguments) if option == "--user"]
    found += [option.partition("=")[2] for option in arguments if option.startswith("--user=")]
    if "user" in arguments:
        found += [word for word in arguments[arguments.index("user") + 1 :] if not word.startswith("-")]
    return tuple(found)


class Log:
    """Writes lines; `secrets` are never written."""

    def __init__(
        self, write: Callable[[str], None], secrets: Sequence[str] = (), *,
        now: Callable[[], datetime] = lambda: datetime.fromtimestamp(time.time(), UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._write = write
        self._secrets = secrets
        self._now = now
        self.clock = clock
        self._began = clock()

    def line(self, level: str, event: str, **fields: object) -> None:
        """One line."""
        at = self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        content = {"time": at, "level": level, "event": event, **fields}
        self._write(json.dumps(content, ensure_ascii=False, default=str))

    def say(self, text: str, level: str = "info") -> None:
        """A text for people, one line for each thing it says; what is indented belongs to the line above."""
        for message, hint in _messages(text):
            kind, _, rest = message.partition(": ")
            known = kind in _LEVELS
            more = {"hint": self._without(hint)} if hint else {}
            said = {"message": self._without(rest if known else message), **more}
            self.line(_LEVELS.get(kind, level), kind if known else "message", **said)

    def diagnostics(self, found: Sequence[Diagnostic]) -> None:
        """What is wrong with definitions or data: where and what, without examples."""
        for diagnostic in found:
            span = diagnostic.span
            place = {"file": span.file, "line": span.line, "column": span.column} if span else {}
            hint = {"hint": self._without(diagnostic.hint)} if diagnostic.hint else {}
            level = "error" if diagnostic.is_error else "warning"
            self.line(level, level, code=diagnostic.code, message=self._without(diagnostic.summary), **place, **hint)

    def step(self, name: str, seconds: float, done: int, total: int) -> None:
        """The end of a step."""
        self.line("info", "step", step=name, duration_ms=round(seconds * 1000), counts={"done": done, "total": total})

    def exit(self, code: int) -> None:
        """The last line."""
        duration = round((self.clock() - self._began) * 1000)
        self.line("info" if code in {0, 2} else "error", "exit", exit_code=code, duration_ms=duration)

    def _without(self, text: str) -> str:
        for secret in self._secrets:
            for left, right in ("``", "''", "()"):
                text = text.replace(f"{left}{secret}{right}", f"{left}…{right}")
        return text


def _messages(text: str) -> Iterator[tuple[str, str]]:
    """Each message with its hint."""
    message = hint = ""
    for line in text.splitlines():
        inner = line.strip()
        if not line.startswith(" ") and inner:
            if message:
                yield message, hint
            message, hint = inner, ""
        elif inner.startswith(_HINT):
            hint = inner.removeprefix(_HINT)
        elif inner:
            message += f"; {inner}" if message else inner
    if message:
        yield message, hint


class Steps:
    """Progress as lines: one at the end of each step, and one every ten seconds of a long one."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._name = ""
        self._done = self._total = 0
        self._began = self._told = 0.0

    def start(self, label: str, total: int) -> None:
        """Begin a step of `total` units."""
        self.finish()
        self._name, self._done, self._total = label, 0, total
        self._began = self._told = self._log.clock()

    def advance(self, units: int = 1) -> None:
        """Tell that this many units are done."""
        self._done += units
        now = self._log.clock()
        if self._name and now - self._told >= PROGRESS_EVERY_S:
            self._told = now
            counts = {"done": self._done, "total": self._total}
            took = round((now - self._began) * 1000)
            self._log.line("info", "progress", step=self._name, duration_ms=took, counts=counts)

    def note(self, text: str) -> None:
        """A line of its own."""
        self._log.say(f"note: {text}")

    def finish(self) -> None:
        """End the step, once."""
        if self._name:
            self._log.step(self._name, self._log.clock() - self._began, self._done, self._total)
            self._name = ""
