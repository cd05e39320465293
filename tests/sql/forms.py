"""Days of the year, versions, lengths, patterns and places as SQL, null or false where the value is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from segctl.logic.types import Scalar
from tests.sql.clock import Clock, length_us, quoted
from tests.sql.numbers import compared, double

_WHOLE_YEAR = 366
_RADIUS = 6_371_008.8
_UNITS = {"km": 1_000.0, "mi": 1_609.344, "m": 1.0}


# --- days of the year --------------------------------------------------------------------------------


def anniversary(written: Mapping[str, str | Sequence[str]], day: str, clock: Clock) -> str:
    """Whether the month and the day of a date, in SQL, come back in a range of days.

    In a common year 29 February counts as 1 March, in values and where it is written.
    """
    common = (date(clock.today.year, 3, 1) - timedelta(days=1)).day == 28
    key = f"(month({day}) * 100 + day({day}))"
    key = f"(CASE {key} WHEN 229 THEN 301 ELSE {key} END)" if common else key
    ((operator, operand),) = written.items()
    if operator in {"within_next", "within_last"}:
        assert isinstance(operand, str)
        return _around(operator, timedelta(microseconds=length_us(operand)).days, key, clock.today)
    low, high = (int(text.replace("-", "")) for text in ([operand] * 2 if isinstance(operand, str) else operand))
    crossing = low > high
    if common:
        low, high = (301 if number == 229 else number for number in (low, high))
    return _from_to(key, low, high, crossing=crossing)


def _around(operator: str, days: int, key: str, today: date) -> str:
    if days >= _WHOLE_YEAR:
        return f"({key} IS NOT NULL)"
    ahead = timedelta(days=days - 1)
    first, last = (today, today + ahead) if operator == "within_next" else (today - ahead, today)
    low, high = first.month * 100 + first.day, last.month * 100 + last.day
    return _from_to(key, low, high, crossing=low > high)


def _from_to(key: str, low: int, high: int, *, crossing: bool) -> str:
    return f"({key} >= {low} {'OR' if crossing else 'AND'} {key} <= {high})"


# --- versions ----------------------------------------------------------------------------------------

_PART = "[0-9A-Za-z-]+"
_VERSION = rf"v?[0-9]+(\.[0-9]+)*(-{_PART}(\.{_PART})*)?(\+{_PART}(\.{_PART})*)?"
_SIGNS = {"is": "=", "exactly": "=", "at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}


def is_version(text: str) -> str:
    """Whether a text in SQL is a version."""
    return f"regexp_full_match({text}, {quoted(_VERSION)})"


def version(written: Mapping[str, Any], text: str) -> str:
    """A comparison of versions; of `is_not` the positive twin is asked for."""
    ((operator, operand),) = written.items()
    if operator == "between":
        parts = [version({key: one}, text) for key, one in zip(("at_least", "at_most"), operand, strict=True)]
        return f"({parts[0]} AND {parts[1]})"
    return f"({is_version(text)} AND {_order(text)} {_SIGNS[operator]} {_order(quoted(operand))})"


def _order(text: str) -> str:
    """A row that sorts as semantic versions do: numbers, then whether it is a release, then what comes before one."""
    bare = rf"regexp_replace({text}, '^v|\+.*$', '', 'g')"
    numbers = rf"regexp_replace(split_part({bare}, '-', 1), '(\.0+)+$', '')"
    before = rf"regexp_extract({bare}, '^[0-9.]+-(.*)$', 1)"
    parts = f"list_transform(string_split({numbers}, '.'), lambda p: {_padded('p')})"
    words = (
        f"CASE WHEN {before} = '' THEN [] ELSE list_transform(string_split({before}, '.'), "
        f"lambda p: CASE WHEN regexp_full_match(p, '[0-9]+') THEN '0' || {_padded('p')} ELSE '1' || p END) END"
    )
    return f"row({parts}, CASE WHEN {before} = '' THEN 1 ELSE 0 END, {words})"


def _padded(digits: str) -> str:
    return f"lpad(ltrim({digits}, '0'), 40, '0')"


# --- lists and texts ---------------------------------------------------------------------------------


def length(written: Mapping[str, Any], values: str) -> str:
    """A comparison of how many elements a list has."""
    ((operator, operand),) = ((key, one) for key, one in written.items() if key != "or_missing")
    return compared(f"len({values})", Scalar.INT, operator, operand)


def matches(patterns: str | Sequence[str], text: str, *, ignore_case: bool) -> str:
    """Whether one of the patterns is found; DuckDB's patterns are those of RE2 as well."""
    several = [patterns] if isinstance(patterns, str) else patterns
    option = "'i'" if ignore_case else "'c'"
    return "(" + " OR ".join(f"regexp_matches({text}, {quoted(one)}, {option})" for one in several) + ")"


# --- places ------------------------------------------------------------------------------------------


def somewhere(lat: str, lon: str) -> str:
    """Whether there is a place."""
    return f"coalesce({lat} BETWEEN -90 AND 90 AND {lon} BETWEEN -180 AND 180, false)"


def near(written: Mapping[str, Any], lat: str, lon: str) -> str:
    """Whether a place lies in a circle, by the haversine."""
    unit = written["radius"].lstrip("0123456789.")
    metres = float(written["radius"].removesuffix(unit)) * _UNITS[unit]
    here = [double(float(written[key])) for key in ("lat", "lon")]
    half = [f"pow(sin(radians({there} - {one}) / 2), 2)" for there, one in zip((lat, lon), here, strict=True)]
    chord = f"least(1, {half[0]} + cos(radians({lat})) * cos(radians({here[0]})) * {half[1]})"
    return f"(2 * {_RADIUS} * asin(sqrt({chord})) <= {double(metres)})"


def inside(written: Mapping[str, Any], lat: str, lon: str) -> str:
    """Whether a place lies in a polygon or on its border, and in no hole; a hole's border is not the hole."""
    border, within = _ring(written["polygon"], lat, lon)
    found = f"({border} OR {within})"
    for hole in written.get("holes", ()):
        border, within = _ring(hole, lat, lon)
        found += f" AND ({border} OR NOT {within})"
    return f"({found})"


def _ring(ring: Sequence[Sequence[Any]], lat: str, lon: str) -> tuple[str, str]:
    """Whether a place lies on a side, and whether a ray from it crosses an odd number of sides."""
    points = [(float(x), float(y)) for x, y in ring]
    sides = [(a, b) for a, b in zip(points, points[1:] + points[:1], strict=True) if a != b]
    border = " OR ".join(_on_side(a, b, lat, lon) for a, b in sides)
    crossed = " + ".join(_crossed(a, b, lat, lon) for a, b in sides)
    return f"({border})", f"(({crossed}) % 2 = 1)"


def _turn(a: tuple[float, float], b: tuple[float, float], lat: str, lon: str) -> str:
    return f"(({b[0] - a[0]!r}) * ({lat} - ({a[1]!r})) - ({b[1] - a[1]!r}) * ({lon} - ({a[0]!r})))"


def _on_side(a: tuple[float, float], b: tuple[float, float], lat: str, lon: str) -> str:
    (west, east), (south, north) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    box = f"{lon} BETWEEN {west!r} AND {east!r} AND {lat} BETWEEN {south!r} AND {north!r}"
    return f"({_turn(a, b, lat, lon)} = 0 AND {box})"


def _crossed(a: tuple[float, float], b: tuple[float, float], lat: str, lon: str) -> str:
    """1 where the side goes over the place's latitude to the east of it."""
    low, high = sorted((a, b), key=lambda point: point[1])
    spans = f"({low[1]!r} <= {lat} AND {lat} < {high[1]!r})"
    return f"(CASE WHEN {spans} AND {_turn(low, high, lat, lon)} > 0 THEN 1 ELSE 0 END)"
