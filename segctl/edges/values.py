"""The values at the edges of a test on one column: those that just pass and those that just fail."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from segctl.edges.forms import forms
from segctl.edges.plain import Edge, plain
from segctl.logic import times
from segctl.logic.bound import (
    Between,
    Day,
    During,
    Elements,
    Equals,
    Instant,
    IsBlank,
    IsPresent,
    OnDays,
    Test,
    Text,
)
from segctl.logic.calendar import day_of
from segctl.logic.nodes import TextKind
from segctl.logic.types import ListOf, Scalar, Type
from segctl.model.written import FIRST_YEAR, LAST_YEAR

_MOST_LISTED = 12
_FINEST = Decimal("0.01")
_FIRST_US, _LAST_US = day_of(FIRST_YEAR, 1, 2) * times.DAY_US, day_of(LAST_YEAR, 12, 31) * times.DAY_US
"""Inside the years that can be written, in every zone."""
_SMALLEST = 1e-300
LEAST, GREATEST = -(2**63), 2**63 - 1


MISSING = Edge("missing", None)


def edges(test: Test, kind: Type, as_of_us: int) -> list[Edge]:
    """The values of this type at the edges of the test, each once; the last one is missing."""
    found: dict[str, Edge] = {}
    for edge in _edges(test, kind, as_of_us):
        if _can_be_written(edge.value, kind):
            found.setdefault(repr(edge.value), edge)
    found = found or {"": Edge("there", plain(kind))}
    return [*(edge for edge in found.values() if edge.value is not None), MISSING]


def step(number: float, kind: Type) -> int | float:
    """The next meaningful distance from a number: 1 for integers, the last decimal written for others."""
    if kind is Scalar.INT:
        return 1
    exponent = Decimal(repr(float(number))).normalize().as_tuple().exponent
    finest = min(Decimal(1).scaleb(exponent), _FINEST) if isinstance(exponent, int) else _FINEST
    return max(float(finest), math.ulp(number))


def _can_be_written(value: object, kind: Type) -> bool:
    """Whether a definition file can say the value."""
    if isinstance(value, list):
        return all(_can_be_written(element, kind) for element in value)
    if isinstance(value, float):
        return value == 0 or _SMALLEST <= abs(value) <= 1 / _SMALLEST
    if isinstance(value, bool) or not isinstance(value, int):
        return True
    scalar = kind.element if isinstance(kind, ListOf) else kind
    if scalar not in {Scalar.DATE, Scalar.TIME}:
        return LEAST <= value <= GREATEST
    return _FIRST_US <= value * (times.DAY_US if scalar is Scalar.DATE else 1) <= _LAST_US


def _edges(test: Test, kind: Type, as_of_us: int) -> Iterator[Edge]:
    match test:
        case Equals():
            yield from _equal(test, kind)
        case Between():
            yield from _between(test, kind)
        case During(start, end):
            yield from _during(*(_us(at, as_of_us) for at in (start, end)))
        case OnDays(start, end):
            yield from _days(*(_day(at, as_of_us) for at in (start, end)))
        case Text():
            yield from _text(test)
        case IsPresent() | IsBlank():
            yield Edge("there", plain(kind))
            if kind is Scalar.STRING or isinstance(kind, ListOf):
                yield Edge("empty", "" if kind is Scalar.STRING else [])
        case Elements() if isinstance(kind, ListOf) and isinstance(kind.element, Scalar):
            yield from _elements(test, kind.element, as_of_us)
        case _:
            yield from forms(test, kind, as_of_us)


def _us(at: Instant | None, as_of_us: int) -> int | None:
    return None if at is None else times.instant_of(at, as_of_us)


def _day(at: Day | None, as_of_us: int) -> int | None:
    return None if at is None else times.day_of(at, as_of_us)


def _equal(test: Equals, kind: Type) -> Iterator[Edge]:
    for value in test.values[:_MOST_LISTED]:
        yield Edge(_shown(value), value)
    first = test.values[0]
    if isinstance(first, str) and first.swapcase() != first:
        yield Edge(f"{first.swapcase()}, in other letters", first.swapcase())
    others = (_other(kind, number) for number in range(len(test.values) + 2))
    yield from (Edge("another value", other) for other in islice((o for o in others if o not in test.values), 1))


def _other(kind: Type, number: int) -> Any:
    """A value that is hardly meant."""
    if kind is Scalar.STRING:
        return f"other{number or ''}"
    return number > 0 if kind is Scalar.BOOL else plain(kind, number)


def _between(test: Between, kind: Type) -> Iterator[Edge]:
    if test.low is not None:
        yield from _at(test.low, kind, opened=test.low_open, up=True)
    if test.high is not None:
        yield from _at(test.high, kind, opened=test.high_open, up=False)


def _at(limit: float, kind: Type, *, opened: bool, up: bool) -> Iterator[Edge]:
    """The limit itself, and the next value on its other side."""
    distance = step(limit, kind)
    if opened == up:
        above = _rounded(limit, distance)
        yield Edge(f"exactly {_shown(limit)}", limit)
        yield Edge(f"{_shown(above)}, just above", above)
    else:
        below = _rounded(limit, -distance)
        yield Edge(f"exactly {_shown(limit)}", limit)
        yield Edge(f"{_shown(below)}, just below", below)


def _rounded(limit: float, distance: float) -> int | float:
    """The sum as people write it: 0.1 + 0.01 is 0.11."""
    if isinstance(limit, int) and isinstance(distance, int):
        return limit + distance
    if not math.isfinite(limit):
        return limit
    written = float(Decimal(repr(float(limit))) + Decimal(repr(float(distance))))
    return written if written != limit else math.nextafter(limit, math.inf if distance > 0 else -math.inf)


def _during(start: int | None, end: int | None) -> Iterator[Edge]:
    if start is not None:
        yield Edge("first microsecond", start)
        yield Edge("a microsecond too early", start - 1)
    if end is not None:
        yield Edge("last microsecond", end - 1)
        yield Edge("a microsecond too late", end)


def _days(start: int | None, end: int | None) -> Iterator[Edge]:
    if start is not None:
        yield Edge("first day", start)
        yield Edge("a day too early", start - 1)
    if end is not None:
        yield Edge("last day", end - 1)
        yield Edge("a day too late", end)


def _text(test: Text) -> Iterator[Edge]:
    for part in test.texts[:_MOST_LISTED]:
        yield Edge(_placed(test.kind, part), _around(test.kind, part))
        yield Edge(_shown(part), part)
    part = test.texts[0]
    for kind in TextKind:
        if kind is not test.kind and kind is not TextKind.CONTAINS:
            yield Edge(_placed(kind, part), _around(kind, part))
    if part.swapcase() != part:
        other = part.swapcase()
        yield Edge(f"{_placed(test.kind, other)}, in other letters", _around(test.kind, other))
    yield Edge("something else", "~")
    yield Edge("empty", "")


def _placed(kind: TextKind, part: str) -> str:
    return f"{kind.value.replace('_', ' ')} {_shown(part)}"


def _around(kind: TextKind, part: str) -> str:
    before = "" if kind is TextKind.STARTS else "~"
    return f"{before}{part}" + ("" if kind is TextKind.ENDS else "~")


def _elements(test: Elements, kind: Scalar, as_of_us: int) -> Iterator[Edge]:
    """Lists of elements at the edges: each alone, all together, all but one."""
    found = [list(_edges(one, kind, as_of_us)) for one in test.tests]
    good = _distinct(edge for one, of in zip(test.tests, found, strict=True) for edge in _good(one, of))
    values = [edge.value for edge in good]
    if len(good) > 1:
        yield Edge("all of them", values)
    for edge in good[:_MOST_LISTED]:
        yield Edge(f"only {edge.words}", [edge.value])
    for edge in good[:_MOST_LISTED] if len(good) > 1 else ():
        yield Edge(f"all but {edge.words}", [value for value in values if value != edge.value])
    strange = [edge for of in found for edge in of if edge.value not in values]
    for edge in strange[:_MOST_LISTED]:
        yield Edge(f"only {edge.words}", [edge.value])
    yield Edge("no elements", [])


def _good(test: Test, found: list[Edge]) -> list[Edge]:
    """Elements that pass: every value that is named, of a range its edge."""
    return [Edge(_shown(value), value) for value in test.values] if isinstance(test, Equals) else found[:1]


def _distinct(edges: Iterable[Edge]) -> list[Edge]:
    return list({repr(edge.value): edge for edge in edges}.values())


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "empty" if value == "" else str(value)
