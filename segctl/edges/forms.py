"""The values at the edges of patterns, versions, lengths and days of the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from segctl.edges.patterns import sample
from segctl.edges.plain import Edge, plain
from segctl.logic import times
from segctl.logic.bound import HasLength, Matches, RelativeYearDays, Versions, YearDays
from segctl.logic.calendar import civil
from segctl.logic.interpret_forms import matches
from segctl.logic.types import ListOf, Scalar, Type

_LONGEST = 50
_EPOCH = date(1970, 1, 1)
_TEXTS = ("a", "A", "1", "Ä", "ä", "Σ", " ", "@", "_", "a1", "Aa", "a@b.com", "https://a.b/c", "~")
_LEAP_YEAR, _COMMON_YEAR = 2024, 2023


def forms(test: object, kind: Type, as_of_us: int) -> Iterator[Edge]:
    """The values at the edges of a test of one of these forms."""
    match test:
        case Matches():
            yield from _patterns(test)
        case Versions():
            yield from _versions(test)
        case HasLength() if isinstance(kind, ListOf):
            yield from _lengths(test, kind)
        case YearDays(low, high, _, zone):
            yield from _year_days(low, high, zone, kind)
        case RelativeYearDays(zone, days, low, high):
            found = _coming(as_of_us, zone, days) if days is not None else (low, high)
            yield from _year_days(*found, zone, kind)


# --- patterns -----------------------------------------------------------------------------------------


def _patterns(test: Matches) -> Iterator[Edge]:
    for pattern in test.patterns:
        alone = replace(test, patterns=(pattern,))
        text = next((text for text in (sample(pattern), *_TEXTS) if text is not None and matches(alone, text)), None)
        if text is not None:
            yield Edge(f"like {pattern}", text)
            if text.swapcase() != text:
                yield Edge(f"like {pattern}, in other letters", text.swapcase())
            yield Edge(f"like {pattern}, with more around it", f"~{text}~")
            if text:
                yield Edge(f"like {pattern}, without the last letter", text[:-1])
    yield Edge("something else", "~")
    yield Edge("empty", "")


# --- versions -------------------------------------------------------------------------------------------


def _versions(test: Versions) -> Iterator[Edge]:
    for limit in dict.fromkeys(one for one in (test.low, test.high) if one is not None):
        yield Edge(f"version {limit}", limit)
        numbers, _, pre = limit.partition("-")
        parts = [int(part) for part in numbers.split(".")]
        yield Edge(f"version {numbers}.1, the next patch", f"{numbers}.1")
        yield Edge(f"version {numbers}-beta, before its release", f"{numbers}-beta")
        if pre:
            yield Edge(f"version {numbers}, its release", numbers)
        if any(parts):
            yield Edge(f"version {_before(parts)}, just below", _before(parts))
    yield Edge("no version", "none")
    if test.low is None and test.high is None:
        yield Edge("version 1.0", "1.0")


def _before(parts: list[int]) -> str:
    """The version with the last part that is not 0 lowered, and a large one behind it."""
    place = max(n for n, part in enumerate(parts) if part)
    return ".".join(map(str, [*parts[:place], parts[place] - 1, 999]))


# --- lengths --------------------------------------------------------------------------------------------


def _lengths(test: HasLength, kind: ListOf) -> Iterator[Edge]:
    for limit in dict.fromkeys(one for one in (test.test.low, test.test.high) if one is not None):
        for number in (int(limit), int(limit) - 1, int(limit) + 1):
            if 0 <= number <= _LONGEST:
                words = "1 element" if number == 1 else f"{number} elements"
                yield Edge(words, [plain(kind.element, n) for n in range(number)])
    yield Edge("no elements", [])


# --- days of the year -------------------------------------------------------------------------------------


def _coming(as_of_us: int, zone: str, days: int) -> tuple[int, int]:
    """The days from today ahead, or up to today, as keys."""
    today = times.local_day(as_of_us, zone)
    first, last = (today, today + days - 1) if days > 0 else (today + days + 1, today)
    return _key(first), _key(last)


def _key(day: int) -> int:
    _, month, number = civil(day)
    return month * 100 + number


def _year_days(low: int, high: int, zone: str, kind: Type) -> Iterator[Edge]:
    first, last = _day(low), _day(high)
    one = timedelta(days=1)
    for words, day in (
        ("first day of the year's", first), ("the day before", first - one),
        ("last day of the year's", last), ("the day after", last + one),
        ("29 February", date(_LEAP_YEAR, 2, 29)), ("1 March", date(_COMMON_YEAR, 3, 1)),
    ):  # fmt: skip
        number = (day - _EPOCH).days
        if kind is Scalar.DATE:
            yield Edge(words, number)
        else:
            yield Edge(words, times.day_start(number, zone))
            yield Edge(f"{words}, its last microsecond", times.day_start(number + 1, zone) - 1)


def _day(key: int) -> date:
    """A day of a leap year."""
    return date(_LEAP_YEAR, key // 100, key % 100)
