"""The normal form (law 12): one node for all ways to write the same, and the same meaning always.

Double negation, nesting, order, repetition and constants are gone; numbers, dates and windows have one
form each. It never looks at types, so that a definition's fingerprint does not depend on any data.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from segctl.logic import exact, times
from segctl.logic.fingerprint import expression, literal_key
from segctl.logic.letters import lower_case
from segctl.logic.nodes import (
    NOBODY,
    Ago,
    All,
    Any,
    AnyElement,
    Arithmetic,
    Engagement,
    EventMissing,
    EventTest,
    Everyone,
    Expression,
    Includes,
    Inside,
    Length,
    Literal,
    Measured,
    MeasureKind,
    MeasureTest,
    Midnight,
    Names,
    Near,
    Node,
    Not,
    OneOf,
    Pattern,
    Place,
    PlaceTest,
    Range,
    Rank,
    Rfm,
    Ring,
    Rows,
    Sequence,
    Step,
    TextMatch,
    TimeTest,
    TraitValue,
    Value,
    ValueTest,
    Window,
    Written,
)

NEVER_MISSING = frozenset({
    MeasureKind.COUNT, MeasureKind.SUM, MeasureKind.DISTINCT, MeasureKind.DAYS, MeasureKind.PERIODS,
})  # fmt: skip

Start = Ago | Midnight | Written | None
_Bound = TypeVar("_Bound", Start, Ago | Written | None)


def normalise(node: Node) -> Node:
    """The normal form of a condition."""
    match node:
        case All(of):
            return _joined(All, of, neutral=Everyone(), absorbing=NOBODY)
        case Any(of):
            return _joined(Any, of, neutral=NOBODY, absorbing=Everyone())
        case Not(of):
            inner = normalise(of)
            return inner.of if isinstance(inner, Not) else Not(inner)
        case Value() | TraitValue():
            return dataclasses.replace(node, test=_test(node.test), literals=())
        case _:
            return _leaf(node)


def _leaf(node: Node) -> Node:
    """The normal form of a condition without conditions on the user inside."""
    match node:
        case Place():
            return dataclasses.replace(node, test=_place(node.test))
        case EventTest() | EventMissing():
            return _event(node)
        case Sequence():
            return dataclasses.replace(node, steps=tuple(map(_step, node.steps)))
        case Engagement():
            cuts = (None if cut is None else Decimal(exact.canonical(cut)) for cut in (node.low, node.high))
            low, high = cuts
            return dataclasses.replace(node, responses=tuple(sorted(set(node.responses))), low=low, high=high)
        case Rfm():
            return dataclasses.replace(node, rows=_rows(node.rows), scores=tuple(sorted(set(node.scores))))
        case _:
            return node


def normalise_expression(part: Expression) -> Expression:
    """The normal form of what a trait is: that of its rows; arithmetic stays as it was written."""
    match part:
        case Measured(rows, measure):
            return Measured(_rows(rows), measure)
        case Arithmetic(sign, left, right):
            return Arithmetic(sign, normalise_expression(left), normalise_expression(right))
        case _:
            return part


def _step(step: Step) -> Step:
    return dataclasses.replace(step, rows=_rows(step.rows))


def _place(test: PlaceTest) -> PlaceTest:
    """Coordinates in their shortest form."""
    match test:
        case Near(lat, lon, metres):
            return Near(*(Decimal(exact.canonical(number)) for number in (lat, lon, metres)))
        case Inside(polygon, holes):
            return Inside(_ring(polygon), tuple(sorted(map(_ring, holes))))
        case _:
            return test


def _ring(ring: Ring) -> Ring:
    return tuple((Decimal(exact.canonical(lon)), Decimal(exact.canonical(lat))) for lon, lat in ring)


def _joined(kind: type[All | Any], of: tuple[Node, ...], *, neutral: Node, absorbing: Node) -> Node:
    """All, or any, of the nodes: flat, without repetition, in the order of their text form."""
    distinct: dict[str, Node] = {}
    for child in map(normalise, of):
        for part in child.of if isinstance(child, kind) else (child,):
            distinct[expression(part)] = part
    if expression(absorbing) in distinct:
        return absorbing
    distinct.pop(expression(neutral), None)
    ordered = tuple(distinct[text] for text in sorted(distinct))
    if not ordered:
        return neutral
    return ordered[0] if len(ordered) == 1 else kind(ordered)


def _event(node: EventTest | EventMissing) -> Node:
    rows = _rows(node.rows)
    if isinstance(node, EventTest):
        return dataclasses.replace(node, rows=rows, test=_measured(node.test), literals=())
    if node.measure.kind in NEVER_MISSING:
        return NOBODY
    return EventMissing(rows, node.measure)


def _rows(rows: Rows) -> Rows:
    names = Names(tuple(sorted(set(rows.names.exact))), rows.names.prefix)
    end = _instant(rows.window.end)
    if isinstance(end, Ago) and end.us <= 0:
        end = None  # rows at or after as_of never count
    window = Window(_instant(rows.window.start), end)
    return dataclasses.replace(rows, names=names, where=normalise(rows.where), window=window)


def _instant(bound: _Bound) -> _Bound:
    return Written(times.canonical(bound.text), bound.origin) if isinstance(bound, Written) else bound


def _test(test: ValueTest) -> ValueTest:
    match test:
        case OneOf(values, ignore_case):
            return OneOf(_literals(values, ignore_case=ignore_case), ignore_case)
        case Includes(every, values, ignore_case):
            distinct = _literals(values, ignore_case=ignore_case)
            return Includes(every and len(distinct) > 1, distinct, ignore_case)
        case TextMatch(kind, texts, ignore_case):
            return TextMatch(kind, tuple(sorted({_cased(t, ignore_case=ignore_case) for t in texts})), ignore_case)
        case Pattern(patterns, ignore_case):
            return Pattern(tuple(sorted(set(patterns))), ignore_case)
        case Range() | TimeTest():
            return _moment(test)
        case _:
            return _nested(test)


def _nested(test: ValueTest) -> ValueTest:
    """A test of parts, or of one exact number."""
    match test:
        case Length(test=limits):
            return Length(_range(limits))
        case AnyElement(where):
            return AnyElement(normalise(where))
        case Rank(top, share, users):
            return Rank(top, None if share is None else Decimal(exact.canonical(share)), users)
        case _:
            return test


def _measured(test: MeasureTest) -> MeasureTest:
    """A text in a test of what is measured is always a date or an instant."""
    match test:
        case OneOf(values):
            return OneOf(tuple(sorted({times.canonical(str(value)) for value in values})))
        case Range() | TimeTest():
            return _moment(test)
        case _:
            return test


def _moment(test: Range | TimeTest) -> Range | TimeTest:
    if isinstance(test, TimeTest):
        return TimeTest(test.moment, times.canonical(test.than) if isinstance(test.than, str) else test.than)
    return _range(test)


def _range(test: Range) -> Range:
    low = None if test.low is None else _plain(test.low, times.canonical)
    high = None if test.high is None else _plain(test.high, times.canonical)
    return Range(low, high, test.low_open, test.high_open)


def _literals(values: tuple[Literal, ...], *, ignore_case: bool) -> tuple[Literal, ...]:
    """Distinct literals in the order of their text form."""
    plain = [_plain(value, lambda text: _cased(text, ignore_case=ignore_case)) for value in values]
    distinct = {literal_key(value): value for value in plain}
    return tuple(distinct[key] for key in sorted(distinct))


def _plain(value: Literal, text: Callable[[str], str]) -> Literal:
    if isinstance(value, bool):
        return value
    return text(value) if isinstance(value, str) else exact.canonical(value)


def _cased(text: str, *, ignore_case: bool) -> str:
    return lower_case(text) if ignore_case else text
