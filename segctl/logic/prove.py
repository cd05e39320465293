"""What follows from conditions alone, for all users, all data of the schema and every as_of.

`contradiction`, `tautology`, `implied` and `equivalent` say true only where it is certain. They look for a
user who would show the opposite: conditions are taken apart until only tests on single values are left, and
what these leave of each value is kept in mind (`leeway`). Where nothing is left, that way is closed; where all
ways are closed there is no such user. Where a way stays open, or too many would have to be tried, the answer is
false, which means "not certain". Conditions of a form that is not known here are true or false, as they like.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from segctl.logic.algebra import EVERYONE, NOBODY
from segctl.logic.bound import (
    All,
    Any,
    Bucket,
    Column,
    Computed,
    ComputedTest,
    Elements,
    ElementTest,
    Equals,
    EventMissing,
    EventTest,
    Everyone,
    Measure,
    Measured,
    Node,
    Not,
    Rows,
    Sequence,
    ValueTest,
)
from segctl.logic.fit import Simple
from segctl.logic.interpret_messages import BUCKETS
from segctl.logic.leeway import NUMBERS, Leeway, learn, learn_element, of_type
from segctl.logic.lines import stretch
from segctl.logic.measuring import Tally, agree, has_time, learn_measure, of_measure, some_row
from segctl.logic.nodes import MeasureKind

BUDGET = 3_000
"""How many conditions one proof may look at."""

_EXACT = frozenset({MeasureKind.COUNT, MeasureKind.DAYS, MeasureKind.FIRST, MeasureKind.LAST})

Signed = tuple[Node, bool]
"""A condition that must be true, or false."""

Subject = Column | Computed | tuple[Rows, Measure] | Sequence | str
Found = dict[Subject, Leeway]
"""What is left of each value: of a column, of a measure over rows, of the bucket; of a whole condition it is
`missing` where it may be false."""


def contradiction(node: Node, budget: int = BUDGET) -> bool:
    """Whether certainly nobody meets the condition."""
    return not _Search(budget).possible((node, True))


def tautology(node: Node, budget: int = BUDGET) -> bool:
    """Whether certainly everybody meets the condition."""
    return not _Search(budget).possible((node, False))


def implied(premise: Node, conclusion: Node, budget: int = BUDGET) -> bool:
    """Whether certainly everybody who meets the premise meets the conclusion: the premise is as narrow or narrower."""
    return conclusion.key == premise.key or not _Search(budget).possible((premise, True), (conclusion, False))


class Relation(enum.StrEnum):
    """How those who meet a new condition lie to those who meet the old one, as far as is certain."""

    SAME = "same"
    NARROWER = "narrower"
    WIDER = "wider"
    APART = "apart"
    UNKNOWN = "unknown"


def relation(old: Node, new: Node) -> Relation:
    """The same users, only some of them, them and perhaps others, none of them; or it cannot be said."""
    inside, around = implied(new, old), implied(old, new)
    if inside or around:
        return Relation.SAME if inside and around else Relation.NARROWER if inside else Relation.WIDER
    return Relation.APART if not _Search().possible((old, True), (new, True)) else Relation.UNKNOWN


def equivalent(one: Node, other: Node) -> bool:
    """Whether certainly the same users meet both."""
    return implied(one, other) and implied(other, one)


@dataclass
class _Way:
    """Conditions still to be taken apart, choices of which one must come true, and what is known by now."""

    waiting: list[Signed]
    choices: list[tuple[Signed, ...]] = field(default_factory=list)
    found: Found = field(default_factory=dict)

    def with_choice(self, signed: Signed) -> _Way:
        """The same way, taking this one."""
        return _Way([signed], list(self.choices), dict(self.found))


@dataclass
class _Search:
    """One search for a user; it ends as if it had found one when the budget is used up."""

    left: int = BUDGET
    proofs: dict[tuple[str, str], bool] = field(default_factory=dict)

    def possible(self, *signed: Signed) -> bool:
        """Whether there may be a user for whom all of these come true."""
        ways = [_Way(list(signed))]
        while ways:
            way = ways.pop()
            if not self._follow(way):
                continue
            if self.left <= 0:
                return True
            choice = self._next_choice(way)
            if choice is None and agree(_tallies(way.found), self.within):
                return True
            ways.extend(way.with_choice(signed) for signed in reversed(choice or []))
        return False

    def within(self, premise: Node, conclusion: Node) -> bool:
        """`implied` for conditions on rows, each pair looked at once."""
        if conclusion == EVERYONE or premise.key == conclusion.key:
            return True
        pair = (premise.key, conclusion.key)
        if pair not in self.proofs:
            inner = _Search(self.left // 4, self.proofs)
            self.proofs[pair] = not inner.possible((premise, True), (conclusion, False))
            self.left -= 1
        return self.proofs[pair]

    def _follow(self, way: _Way) -> bool:
        """Take in all that is certain; false if nobody is left."""
        while way.waiting:
            node, holds = way.waiting.pop()
            self.left -= 1
            parts = _parts(node, holds=holds)
            if parts is None:
                if not self._learn(way.found, node, holds=holds):
                    return False
                continue
            together, one_of = parts
            if together:
                way.waiting.extend(one_of)
            else:
                way.choices.append(tuple(one_of))
        return True

    def _next_choice(self, way: _Way) -> list[Signed] | None:
        """The choice with the fewest ways that are not closed at once; None where all are made."""
        if not way.choices:
            return None
        left = [[signed for signed in choice if self._is_open(way.found, signed)] for choice in way.choices]
        number = min(range(len(left)), key=lambda n: len(left[n]))
        del way.choices[number]
        return left[number]

    def _is_open(self, found: Found, signed: Signed) -> bool:
        """Whether a part may come true, as far as can be seen at once."""
        node, holds = signed
        self.left -= 1
        return _parts(node, holds=holds) is not None or self._learn(dict(found), node, holds=holds)

    def _learn(self, found: Found, node: Node, *, holds: bool) -> bool:
        """Keep in mind what a single test leaves of its value; false if that is nothing."""
        if isinstance(node, Everyone):
            return holds
        if isinstance(node, ElementTest) and holds and self._none(node.where):
            return False
        subject = _subject(node)
        known = found.get(subject) or self._first(node)
        leeway = found[subject] = _left(known, node, holds=holds)
        return not leeway.nothing

    def _first(self, node: Node) -> Leeway:
        """What the value of a test may be, before anything is known."""
        match node:
            case EventTest(rows, measure, _) | EventMissing(rows, measure):
                return self._of_measure(rows, measure)
            case ComputedTest(Computed(Measured(rows, measure)) as value, _) if _rows_of(value):
                return self._of_measure(rows, measure)
            case Sequence(steps):
                nobody = any(self._none(step.rows.where) for step in steps if not step.absent)
                return Leeway(present=has_time(node, self.within) and not nobody)
            case _:
                return _of_value(node)

    def _of_measure(self, rows: Rows, measure: Measure) -> Leeway:
        return of_measure(rows, measure, nobody=self._none(rows.where))

    def _none(self, where: Node) -> bool:
        """Whether no row, or element, can pass."""
        return where != EVERYONE and self.within(where, NOBODY)


def _of_value(node: Node) -> Leeway:
    match node:
        case ValueTest(column, _) | ElementTest(column, _):
            return of_type(column.type)
        case ComputedTest(value, _):
            return of_type(value.type)
        case Bucket():
            return Leeway(missing=False, lines={NUMBERS: stretch((0, 0), (BUCKETS, 0))})
        case _:
            return Leeway()


def _subject(node: Node) -> Subject:
    """What a test is about; a condition that is not known here is about itself."""
    match node:
        case ValueTest(column, _) | ElementTest(column, _):
            return column
        case ComputedTest(value, _):
            return _rows_of(value) or value
        case EventTest(rows, measure, _) | EventMissing(rows, measure):
            return rows, measure
        case Bucket():
            return "bucket"
        case Sequence():
            return node
        case _:
            return node.key


def _left(known: Leeway, node: Node, *, holds: bool) -> Leeway:
    """What is left of the value when the test holds, or does not."""
    match node:
        case ValueTest(of, test) | ComputedTest(of, test):
            return learn(known, of.type, test, holds=holds)
        case ElementTest(_, where):
            return learn_element(known, where, holds=holds)
        case EventTest(_, measure, test):
            return learn_measure(known, measure, test, holds=holds)
        case Bucket(low, high):
            part = {NUMBERS: stretch((low, 0), (high + 1, 0))}
            return known.on(part) if holds else known.off(part)
        case _:
            there = holds != isinstance(node, EventMissing)
            return known.there() if there else known.absent()


def _rows_of(value: Computed) -> tuple[Rows, Measure] | None:
    """The measure that a computed value is, where it is the very same number as in a condition on the rows."""
    match value.expression:
        case Measured(rows, measure) if measure.kind in _EXACT and measure.column is None:
            return rows, measure
        case _:
            return None


def _tallies(found: Found) -> Iterator[Tally]:
    """What is known of measures; a sequence that holds has a row for each of its steps."""
    for subject, leeway in found.items():
        if isinstance(subject, tuple):
            yield *subject, leeway
        elif isinstance(subject, Sequence) and not leeway.missing:
            yield from (some_row(step.rows) for step in subject.steps if not step.absent)


def _parts(node: Node, *, holds: bool) -> tuple[bool, list[Signed]] | None:
    """The parts of a condition, and whether they must all come true or one of them; None for a single test."""
    match node:
        case All(of):
            return holds, [(part, holds) for part in of]
        case Any(of):
            return not holds, [(part, holds) for part in of]
        case Not(of):
            return True, [(of, not holds)]
        case ValueTest(column, Elements(every, tests)):
            if every:
                return holds, [(_element(column, test), holds) for test in tests]
            singles = [_element(column, single) for test in tests for single in _singles(test)]
            return None if singles == [node] else (not holds, [(single, holds) for single in singles])
        case _:
            return None


def _element(column: Column, test: Simple) -> Node:
    return ValueTest(column, Elements(every=False, tests=(test,)))


def _singles(test: Simple) -> Iterator[Simple]:
    """A test for each value of several."""
    if isinstance(test, Equals):
        yield from (Equals((value,), test.ignore_case) for value in test.values)
    else:
        yield test
