"""Tests on one value, plainly; dates and times are days and microseconds since 1970, None is missing."""

from __future__ import annotations

from fractions import Fraction

from segctl.logic import times
from segctl.logic.bound import (
    Between,
    During,
    Elements,
    Equals,
    Exactly,
    HasLength,
    IsBlank,
    IsPresent,
    OnDays,
    Test,
    Text,
)
from segctl.logic.interpret_forms import form_passes
from segctl.logic.letters import lower_case
from segctl.logic.nodes import TextKind

Number = int | float | Fraction


def passes(test: Test, value: object, as_of_us: int) -> bool:
    """Whether a value passes a test; a missing one passes none but `IsBlank`."""
    if isinstance(test, IsBlank):
        return value is None or value in ("", [])
    if value is None:
        return False
    match test:
        case IsPresent():
            return True
        case Elements(every, tests):
            elements = value if isinstance(value, list) else []
            found = [any(passes(one, element, as_of_us) for element in elements) for one in tests]
            return all(found) if every else any(found)
        case HasLength(lengths):
            return isinstance(value, list) and within(lengths, len(value))
        case _:
            return _scalar_passes(test, value, as_of_us)


def _scalar_passes(test: Test, value: object, as_of_us: int) -> bool:
    match test, value:
        case Equals(values, ignore_case), _:
            return (lower_case(value) if ignore_case and isinstance(value, str) else value) in values
        case Text(), str():
            return _text_passes(test, value)
        case Between(), int() | float():
            return within(test, value)
        case During(start, end), int():
            return from_to(value, *(None if at is None else times.instant_of(at, as_of_us) for at in (start, end)))
        case OnDays(start, end), int():
            return from_to(value, *(None if day is None else times.day_of(day, as_of_us) for day in (start, end)))
        case _:
            return form_passes(test, value, as_of_us)


def _text_passes(test: Text, value: str) -> bool:
    text = lower_case(value) if test.ignore_case else value
    match test.kind:
        case TextKind.CONTAINS:
            return any(part in text for part in test.texts)
        case TextKind.STARTS:
            return text.startswith(test.texts)
        case TextKind.ENDS:
            return text.endswith(test.texts)


def within(test: Between | Exactly, number: Number) -> bool:
    """Python compares integers, floats and fractions as exact numbers."""
    low, high = test.low, test.high
    above = low is None or (number > low if test.low_open else number >= low)
    below = high is None or (number < high if test.high_open else number <= high)
    return above and below


def from_to(value: int, start: int | None, end: int | None) -> bool:
    """Whether the value lies in [start, end), open-ended where None."""
    return (start is None or start <= value) and (end is None or value < end)
