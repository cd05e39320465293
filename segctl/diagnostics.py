"""What can be wrong, where it is, and which exit code says so.

The error tree::

    SegctlError                    1   something failed; one cause, one line
    ├── InvalidInput               1   definitions or data; carries every diagnostic
    ├── Refused                    3   a guard or a policy says no
    ├── Stale                      4   the state moved, or holds something else than was expected
    ├── Locked                     5   another process holds the state
    └── Usage                     64   the command line makes no sense

What a user wrote wrong is *collected* as diagnostics and raised once, at the end.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self


class ExitCode(enum.IntEnum):
    """The only place where an outcome becomes a number: its meaning, and what to do. An unknown code means failure."""

    meaning: str
    mend: str

    def __new__(cls, code: int, meaning: str = "", mend: str = "") -> Self:
        """A code with its row in the table; docs/exit-codes.md is written from these."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning, member.mend = meaning, mend
        return member

    OK = 0, "Fine."
    FAILED = (
        1,
        "Failed: wrong definitions or data, a failed test, an unreadable file, a question answered with no.",
        "Read the message; it says where, what, why and how to fix it.",
    )
    CHANGES = (
        2,
        "There are changes, or drift. Only with `--detailed-exitcode`, of `plan` and `drift`.",
        "Review the plan, or look at what has drifted.",
    )
    REFUSED = (
        3,
        "Refused by a guard or a policy. Nothing was published; of a refresh that holds, all but what is held.",
        "The message begins with the likely cause. If the effect is intended: `--allow RULE[:NAME] --reason TEXT`.",
    )
    STALE = (
        4,
        "The plan is stale, the state changed during the command, or it is damaged. Nothing was published.",
        "The message says what has changed: plan again, review, apply. `segctl doctor` names what is damaged.",
    )
    LOCKED = (
        5,
        "Another process holds the state's lock. Nothing was published.",
        "The message names the holder. Wait for it (`--lock-timeout`), or `segctl unlock` if it no longer runs.",
    )
    USAGE = 64, "Invalid command line. Nothing was done.", "`segctl COMMAND --help`."
    BUG = 70, "A bug in segctl.", "Report it with the file that the message names."
    INTERRUPTED = 130, "Interrupted (SIGINT).", "The state is intact: the old serial, or the new one."
    TERMINATED = 143, "Terminated (SIGTERM, SIGHUP).", "The state is intact: the old serial, or the new one."


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file; line and column count from 1, and 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


class Severity(enum.StrEnum):
    """An error stops the command, a warning is only told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong: where, what (`summary`), why (`detail`), how to fix it (`hint`)."""

    code: str
    summary: str
    span: Span | None = None
    detail: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """Whether it stops the command."""
        return self.severity is Severity.ERROR

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order by place, then by code: the same input always reads the same."""
        span = self.span or Span("")
        return (span.file, span.line, span.column, self.code, self.summary)


class SegctlError(Exception):
    """An expected failure; `str(error)` is the cause in one line, `hint` how to fix it."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class InvalidInput(SegctlError):
    """Definitions or data that cannot be used; carries all that was found, sorted.

    `of_data`: it was found with data at hand, so that messages may quote them.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], *, of_data: bool = False) -> None:
        self.of_data = of_data
        self.diagnostics = tuple(sorted(diagnostics, key=Diagnostic.sort_key))
        errors = sum(d.is_error for d in self.diagnostics)
        super().__init__(f"{errors} error{'' if errors == 1 else 's'} found")


class Refused(SegctlError):
    """A guard or policy refuses the effect; `reasons` are one line each."""

    exit_code = ExitCode.REFUSED

    def __init__(self, reasons: Sequence[str], *, hint: str = "") -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(reasons), hint=hint)


class Stale(SegctlError):
    """The state is not what the command was told it is, or is damaged."""

    exit_code = ExitCode.STALE


class Locked(SegctlError):
    """Another process holds the state's lock."""

    exit_code = ExitCode.LOCKED


class Usage(SegctlError):
    """The command line asks for something that makes no sense."""

    exit_code = ExitCode.USAGE


_LONGEST_WORD = 200
_SHORT_WORD = 3
"""Two words of so few letters are soon alike."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with up to three near names, with one if it is very near, or an empty string."""
    if len(word) > _LONGEST_WORD:
        return ""
    names = sorted(set(known))
    cutoff = 0.6 if len(word) > _SHORT_WORD else 0.75
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.85)
    near = near or difflib.get_close_matches(word, names, n=3, cutoff=cutoff)
    if not near:
        return ""
    return f"did you mean {' or '.join(f'`{name}`' for name in near)}?"
