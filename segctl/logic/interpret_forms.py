"""Patterns, versions and days of the year, one value at a time, plainly: what they mean."""

from __future__ import annotations

import functools

from segctl.logic import times
from segctl.logic.bound import Matches, RelativeYearDays, Test, Versions
from segctl.logic.calendar import civil, day_of

_LEAP_DAY, _FIRST_OF_MARCH = 229, 301
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-"


def form_passes(test: Test, value: object, as_of_us: int) -> bool:
    """Whether a value passes; a test of another form is false."""
    match test, value:
        case Matches(), str():
            return matches(test, value)
        case Versions(), str():
            return in_versions(test, value)
        case RelativeYearDays(), int():
            return on_year_days(test, value, as_of_us)
        case _:
            return False


# --- patterns ---------------------------------------------------------------------------------------


def matches(test: Matches, text: str) -> bool:
    """Whether a pattern is found in the text."""
    return any(_compiled(pattern, test.ignore_case).search(text) is not None for pattern in test.patterns)


@functools.lru_cache(maxsize=1024)
def _compiled(pattern: str, ignore_case: bool):  # type: ignore[no-untyped-def] # noqa: ANN202, FBT001
    import re2  # only few definitions have patterns

    options = re2.Options()
    options.case_sensitive = not ignore_case
    options.log_errors = False
    return re2.compile(pattern, options)


# --- versions ---------------------------------------------------------------------------------------


def in_versions(test: Versions, text: str) -> bool:
    """Whether the text is a version, and between the two."""
    version = _version(text)
    if version is None:
        return False
    above = test.low is None or _order(version, _sure(test.low)) >= int(test.low_open)
    below = test.high is None or _order(version, _sure(test.high)) <= -int(test.high_open)
    return above and below


_Version = tuple[list[str], list[str]]
"""The numeric parts, and those of the pre-release: none is a release."""


def _version(text: str) -> _Version | None:
    """The parts of a version; None if it is none."""
    core, plus, build = text.removeprefix("v").partition("+")
    numbers, dash, pre = core.partition("-")
    parts, words = numbers.split("."), pre.split(".") if dash else []
    if not all(part and set(part) <= set("0123456789") for part in parts):
        return None
    if not all(word and set(word) <= set(_LETTERS) for word in [*words, *(build.split(".") if plus else [])]):
        return None
    return parts, words


def _sure(text: str) -> _Version:
    version = _version(text)
    if version is None:
        raise ValueError(text)
    return version


def _order(one: _Version, other: _Version) -> int:
    """-1, 0 or 1: below, the same, above."""
    length = max(len(one[0]), len(other[0]))
    mine, theirs = ([*parts, *["0"] * (length - len(parts))] for parts in (one[0], other[0]))
    for part, opposite in zip(mine, theirs, strict=True):
        if _size(part) != _size(opposite):
            return 1 if _size(part) > _size(opposite) else -1
    return _order_of_words(one[1], other[1])


def _order_of_words(words: list[str], others: list[str]) -> int:
    """By the first that differs, else the longer list is above; but none at all is above all others."""
    if not words or not others:
        return int(not words) - int(not others)
    for word, opposite in zip(words, others, strict=False):
        if word.isdigit() is not opposite.isdigit():
            return -1 if word.isdigit() else 1
        mine, theirs = (_size(word), _size(opposite)) if word.isdigit() else ((0, word), (0, opposite))
        if mine != theirs:
            return 1 if mine > theirs else -1
    return (len(words) > len(others)) - (len(words) < len(others))


def _size(digits: str) -> tuple[int, str]:
    """What orders digits by the number that they are, however long they are."""
    plain = digits.lstrip("0")
    return len(plain), plain


# --- days of the year -------------------------------------------------------------------------------


def on_year_days(test: RelativeYearDays, value: int, as_of_us: int) -> bool:
    """Whether the value's month and day lie in the range, whatever the year."""
    today = times.local_day(as_of_us, test.zone)
    low, high = _limits(test, today)
    common = _month_day(_first_of_march(today) - 1) != _LEAP_DAY
    key = _month_day(value if test.of_dates else times.local_day(value, test.zone))
    crossing = low > high
    if common:  # the limits that were written move with the values, that of a day to come does not
        key = _FIRST_OF_MARCH if key == _LEAP_DAY else key
        if test.days is None:
            low, high = (_FIRST_OF_MARCH if limit == _LEAP_DAY else limit for limit in (low, high))
    return key >= low or key <= high if crossing else low <= key <= high


def _limits(test: RelativeYearDays, today: int) -> tuple[int, int]:
    if test.days is None:
        return test.low, test.high
    days = range(today, today + test.days) if test.days > 0 else range(today + test.days + 1, today + 1)
    return _month_day(days[0]), _month_day(days[-1])


def _month_day(day: int) -> int:
    _, month, number = civil(day)
    return month * 100 + number


def _first_of_march(day: int) -> int:
    """The 1st of March of the day's year."""
    return day_of(civil(day)[0], 3, 1)
