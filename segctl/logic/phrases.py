"""Tests on one value in English words: what is said of a subject, and its opposite."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from segctl.logic import times
from segctl.logic.naming import country, is_country, listed, on_one_line, path_words, quoted
from segctl.logic.nodes import (
    AnyElement,
    Blank,
    Includes,
    Inside,
    Length,
    Literal,
    Moment,
    Near,
    OneOf,
    Path,
    Pattern,
    PlaceTest,
    Present,
    Range,
    Rank,
    Somewhere,
    TextKind,
    TextMatch,
    TimeTest,
    ValueTest,
    VersionRange,
    YearlyBetween,
    YearlyWithin,
)
from segctl.logic.phrase import BE, Phrase, Predicate, Verb, of_value, predicate, regular

_PLAIN = re.compile(r"[^\W_][\w.:+@%/-]*|-?[0-9][0-9.]*")
_UNITS = {"d": "day", "h": "hour", "min": "minute", "s": "second"}
_TEXTS = {
    TextKind.CONTAINS: regular("contain"),
    TextKind.STARTS: Verb("start with", "starts with", "start with", "started with"),
    TextKind.ENDS: Verb("end with", "ends with", "end with", "ended with"),
}
_MATCH = regular("match", "matches")
_INCLUDE = Verb("include", "includes", "include", "included")
_COME = Verb("come", "comes", "come", "came")
_ANY_CASE = " in upper or lower case"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LEAST_GROUPED = 10_000
_KILOMETRE = 1_000


# --- literals -------------------------------------------------------------------------------------------


def literal_words(value: Literal) -> str:
    """A literal: quoted where it would be misread, large numbers in groups of three digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) or _is_written(value) else quoted(value)
    return f"{value:,}" if isinstance(value, int) and abs(value) >= _LEAST_GROUPED else str(value)


def _is_written(text: str) -> bool:
    return times.canonical(text) != text or re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None


def duration_words(length: int) -> str:
    """`30 days`, `1 hour`."""
    text = times.duration_text(length)
    number, unit = re.fullmatch(r"([0-9]+)([a-z]+)", text).groups()  # type: ignore[union-attr] # its own form
    return count_words(int(number), _UNITS[unit])


def count_words(number: int, one: str) -> str:
    """`1 day`, `30 days`."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def last_words(length: int, which: str = "last") -> str:
    """`the last 30 days`, `the last hour`."""
    words = "24 hours" if length == times.DAY_US else duration_words(length)
    return f"the {which} {words.removeprefix('1 ')}"


# --- one value ------------------------------------------------------------------------------------------


def value_phrase(subject: str, path: Path, test: ValueTest, *, holds: bool) -> Phrase:
    """What is said of a value: `country is France or Belgium`, `number of tags is at least 3`."""
    match test:
        case Length(length):
            return of_value(f"number of {subject}", predicate(BE, range_words(length), holds=holds))
        case Rank():
            return of_value(subject, predicate(BE, f"among the {rank_words(test)}", holds=holds), many=_many(subject))
        case OneOf(values, ignore_case):
            said = _one_of(path, values, ignore_case=ignore_case, holds=holds)
            return of_value(subject, said, many=_many(subject))
        case AnyElement():
            raise TypeError("an element has a phrase of its own")
        case _:
            return of_value(subject, tested(test, holds=holds), many=_many(subject))


_SINGULAR = frozenset({"os", "ios", "gps", "sms", "pos", "dns", "aws", "saas"})


def _many(subject: str) -> bool:
    """Whether a name is a plural: `interests include hiking`, `status is open`."""
    one = subject.endswith(("ness", "address")) or subject.rpartition(" ")[2] in _SINGULAR
    return re.search(r"[^suix]s$|[^i]es$", subject) is not None and not one


def _one_of(path: Path, values: Sequence[Literal], *, ignore_case: bool, holds: bool) -> Predicate:
    said: Callable[[Literal], str] = literal_words
    if is_country(path) and all(isinstance(value, str) and country(value) != value for value in values):
        said = _country
    words, case = [said(value) for value in values], _ANY_CASE if ignore_case else ""
    if holds or len(words) == 1:
        return predicate(BE, f"{listed(words, 'or')}{case}", holds=holds)
    both = len(words) == 2  # noqa: PLR2004 neither of two, none of more
    none = f"neither {words[0]} nor {words[1]}" if both else f"none of {listed(words, 'or')}"
    return Predicate(BE, f"{none}{case}")


def _country(value: Literal) -> str:
    return country(str(value))


def tested(test: ValueTest, *, holds: bool) -> Predicate:  # noqa: PLR0911 one for each kind of test
    """What is said of a value whatever it is, or its opposite: `is in the last 30 days`, `does not contain x`."""
    match test:
        case Present():
            return Predicate(BE, "known" if holds else "missing")
        case TextMatch(kind, texts, ignore_case):
            return predicate(_TEXTS[kind], _literals(texts, "or", ignore_case=ignore_case), holds=holds)
        case Pattern(patterns, ignore_case):
            said = listed([f"/{on_one_line(pattern)}/" for pattern in patterns], "or")
            return predicate(_MATCH, f"{said}{_ANY_CASE if ignore_case else ''}", holds=holds)
        case Includes(every, values, ignore_case):
            both = "and" if every else "or"
            return predicate(_INCLUDE, _literals(values, both, ignore_case=ignore_case), holds=holds)
        case OneOf(values, ignore_case):
            return _one_of((), values, ignore_case=ignore_case, holds=holds)
        case YearlyWithin() | YearlyBetween():
            return predicate(_COME, f"round {yearly_words(test)}", holds=holds)
        case _:
            return predicate(BE, _being(test), holds=holds)


def _being(test: ValueTest) -> str:
    match test:
        case Blank():
            return "empty"
        case Range():
            return range_words(test)
        case TimeTest():
            return moment_words(test)
        case VersionRange():
            return version_words(test)
        case _:
            raise TypeError(f"{type(test).__name__} has a phrase of its own")


def _literals(values: Sequence[Literal], last: str, *, ignore_case: bool) -> str:
    return f"{listed([literal_words(value) for value in values], last)}{_ANY_CASE if ignore_case else ''}"


def range_words(test: Range) -> str:
    """`at least 2`, `between 1 and 5`, `exactly 3`; of dates and instants `2026-01-31 or later`."""
    if isinstance(test.low if test.high is None else test.high, str):
        return _time_range_words(test)
    if test.low is not None and test.high is not None:
        low, high = literal_words(test.low), literal_words(test.high)
        return f"exactly {low}" if test.low == test.high else f"between {low} and {high}"
    if test.low is not None:
        return f"{'more than' if test.low_open else 'at least'} {literal_words(test.low)}"
    return f"{'less than' if test.high_open else 'at most'} {literal_words(test.high or 0)}"


def _time_range_words(test: Range) -> str:
    match test:
        case Range(low, None, low_open):
            return f"after {low}" if low_open else f"{low} or later"
        case Range(None, high, _, high_open):
            return f"before {high}" if high_open else f"{high} or earlier"
        case Range(low, high):
            return f"between {low} and {high}"


def version_words(test: VersionRange) -> str:
    """`2.4 or later`, `earlier than 3`."""
    match test:
        case VersionRange(None, None):
            return "a version"
        case VersionRange(low, None, low_open):
            return f"later than {low}" if low_open else f"{low} or later"
        case VersionRange(None, high, _, high_open):
            return f"earlier than {high}" if high_open else f"{high} or earlier"
        case VersionRange(low, high):
            return f"exactly {low}" if low == high else f"between {low} and {high}"


def moment_words(test: TimeTest) -> str:
    """`before 2026-01-31`, `in the last 30 days`."""
    if isinstance(test.than, str):
        return f"{test.moment.value} {test.than}"
    length = duration_words(test.than)
    return {
        Moment.WITHIN_LAST: f"in {last_words(test.than)}",
        Moment.OLDER_THAN: f"more than {length} ago",
        Moment.WITHIN_NEXT: f"in {last_words(test.than, 'next')}",
        Moment.LATER_THAN: f"{length} or more from now",
    }[test.moment]


def yearly_words(test: YearlyWithin | YearlyBetween) -> str:
    """`in the next 7 days`, `from 20 December to 5 January`, `on 29 February`."""
    match test:
        case YearlyWithin(days=1 | -1):
            return "today"
        case YearlyWithin(days):
            return f"in the {'next' if days > 0 else 'last'} {abs(days)} days, today included"
        case YearlyBetween(low, high):
            first, last = (f"{day} {_MONTHS[month - 1]}" for month, day in (low, high))
            return f"on {first}" if low == high else f"from {first} to {last}"


def rank_words(test: Rank) -> str:
    """`top 5%`, `100 lowest`."""
    which = "top" if test.top else "lowest"
    if test.share is not None:
        return f"{which} {_plain(test.share * 100)}%"
    return f"{test.users or 0:,} {'highest' if test.top else 'lowest'}"


# --- places ---------------------------------------------------------------------------------------------------


def place_phrase(lat: Path, lon: Path, test: PlaceTest, *, holds: bool) -> Phrase:
    """`home is within 5 km of 48.85, 2.35`."""
    return of_value(_place(lat, lon), _placed(test, holds=holds))


def _placed(test: PlaceTest, *, holds: bool) -> Predicate:
    match test:
        case Somewhere():
            return Predicate(BE, "known" if holds else "missing")
        case Near(near_lat, near_lon, metres):
            centre = f"{near_lat}, {near_lon} (latitude, longitude)"
            return predicate(BE, f"within {distance_words(metres)} of {centre}", holds=holds)
        case Inside(polygon, holes):
            area = f"the area with {len(polygon)} corners around {_middle(polygon)}"
            gaps = f" with {count_words(len(holes), 'hole')}" if holes else ""
            return predicate(BE, f"inside {area}{gaps}", holds=holds)


def _place(lat: Path, lon: Path) -> str:
    if len(lat) > 1 and lat[:-1] == lon[:-1]:
        return path_words(lat[:-1])
    return f"place ({path_words(lat)}, {path_words(lon)})"


def _middle(polygon: Sequence[tuple[Decimal, Decimal]]) -> str:
    lat = sum((lat for _, lat in polygon), Decimal(0)) / len(polygon)
    lon = sum((lon for lon, _ in polygon), Decimal(0)) / len(polygon)
    return f"{_plain(round(lat, 2))}, {_plain(round(lon, 2))} (latitude, longitude)"


def distance_words(metres: Decimal) -> str:
    """`5 km`, `500 m`."""
    return f"{_plain(metres / _KILOMETRE)} km" if metres >= _KILOMETRE else f"{_plain(metres)} m"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
