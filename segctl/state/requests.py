"""Requests to a server that may be slow, refuse for a moment, or never answer: waited for, and tried again.

A request runs in a thread of its own, because the library waits outside of Python, where no signal
reaches it: the one who waits here is woken at once, and the request is left behind.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Answer = TypeVar("Answer")
_SPREAD = (0.5, 1.0)
"""The share of a pause that is kept, by chance, so that many who were refused at once do not come back at once."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request may stay without an answer, and how long one goes on trying, in seconds."""

    answer_s: float = 10.0
    total_s: float = 30.0
    first_pause_s: float = 0.1
    longest_pause_s: float = 4.0

    def pauses(self) -> Iterator[float]:
        """How long to wait before the second try, the third, and so on: twice as long each time."""
        pause = self.first_pause_s
        while True:
            yield pause * random.uniform(*_SPREAD)  # noqa: S311 no secret
            pause = min(2 * pause, self.longest_pause_s)


@dataclass(frozen=True, slots=True)
class Tried(Generic[Answer]):
    """What came of a request: the answer or the last error, how often it was tried, whether one try was left unsure."""

    answer: Answer | None
    error: Exception | None
    tries: int
    unsure: bool


def tried(
    request: Callable[[], Answer], patience: Patience, passing: Callable[[Exception], bool], longest_s: float
) -> Tried[Answer]:
    """Try a request until it is answered, or fails for good, or patience ends.

    `passing` says of an error whether trying again may help; then it is not known either whether the
    request was carried out. No try lasts longer than `longest_s`.
    """
    until = time.monotonic() + patience.total_s
    for tries, pause in enumerate(patience.pauses(), 1):
        try:
            return Tried(answered(request, longest_s), None, tries, unsure=tries > 1)
        except Exception as error:  # noqa: BLE001 the library has no common class for its errors
            again = passing(error)
            if not again or time.monotonic() + pause > until:
                return Tried(None, error, tries, unsure=again or tries > 1)
        time.sleep(pause)
    raise AssertionError("the pauses never end")


def answered(request: Callable[[], Answer], longest_s: float) -> Answer:
    """The answer of a request, waited for so that signals are heard.

    Raises:
        TimeoutError: it did not come in time; the request is left behind, and may still be carried out.
    """
    answers: list[Answer] = []
    errors: list[Exception] = []
    done = threading.Event()

    def work() -> None:
        try:
            answers.append(request())
        except Exception as error:  # noqa: BLE001 told to the one who waits
            errors.append(error)
        except BaseException as error:  # noqa: BLE001 a panic of the library, which is no Exception
            errors.append(RuntimeError(str(error)))
        finally:
            done.set()

    threading.Thread(target=work, name="segctl-request", daemon=True).start()
    if not done.wait(longest_s):
        raise TimeoutError("it did not answer in time")
    if errors:
        raise errors[0]
    return answers[0]
