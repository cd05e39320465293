"""Which conditions of a definition are certainly true, or false, whatever the data: the smallest ones only.

A condition is fitted to the data's schema and put to the prover. What is found certain is found once: for the
conditions around it, and for definitions that refer to it, it counts as unknown, so that one mistake is one
finding. What the data decides, such as an event that no row has, is no matter of logic and counts as unknown too.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from segctl.lint.facts import Facts
from segctl.lint.negatives import negatives
from segctl.lint.subject import Subject, all_rows, conditions, names_in, rows_in, traits_of
from segctl.load.document import Key
from segctl.logic import bound, nodes
from segctl.logic.algebra import EVERYONE, NOBODY, all_of, any_of, negated
from segctl.logic.bind import Binder
from segctl.logic.columns import Attributes, Properties
from segctl.logic.nodes import Node, Rows
from segctl.logic.problem import Problem
from segctl.logic.prove import contradiction, tautology
from segctl.logic.references import Traits
from segctl.logic.types import NO_ELEMENTS, NOTHING, ListOf

MOST_INSIDE = 100
"""A segment of more conditions, with all that it refers to, is taken as it is where others refer to it."""

_JUDGED = (nodes.Value, nodes.TraitValue, nodes.EventTest, nodes.EventMissing, nodes.Sequence, nodes.Bucket)
"""Single conditions that are fitted and proven about; others are true or false as they like."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A condition that always holds, or never; `nobody` if for that reason nobody can be in the definition.

    `parts` are two of its parts that decide it together, if it is made of parts and two are enough.
    """

    key: Key
    node: Node
    holds: bool
    on_rows: bool
    nobody: bool
    parts: tuple[Node, Node] | None = None


def verdicts(subject: Subject) -> Iterator[Verdict]:
    """All that is certain, by definition; nothing without data."""
    if subject.facts is None:
        return
    segments: dict[Key, bound.Node] = {}
    for key in subject.graph.order:
        definition = subject.definitions.get(key)
        if definition is None:
            continue
        judging = _Judging(subject.facts, segments, key, traits_of(subject.definitions))
        if isinstance(definition.logic, Node):
            judged = judging.judged(definition.logic, _Stake(empty_if_false=True, empty_if_true=False))
            if key[0] == "segment" and _weight(judged, MOST_INSIDE) <= MOST_INSIDE:
                segments[key] = judged  # the others stand as they were published, whatever their logic says today
        else:
            for rows in all_rows(definition.logic):
                judging.judged(rows.where, _NO_STAKE, rows)
        yield from judging.found


def _weight(node: bound.Node, most: int) -> int:
    """How many conditions a condition holds; where it is more than the most, just more."""
    waiting, found = [node], 0
    while waiting and found <= most:
        part = waiting.pop()
        found += 1
        waiting += (
            part.of if isinstance(part, bound.All | bound.Any) else [part.of] if isinstance(part, bound.Not) else []
        )
    return found


@dataclass(frozen=True, slots=True)
class _Stake:
    """Whether nobody can be in the definition if a condition is false, or if it is true."""

    empty_if_false: bool
    empty_if_true: bool

    def turned(self) -> _Stake:
        return _Stake(self.empty_if_true, self.empty_if_false)


_NO_STAKE = _Stake(empty_if_false=False, empty_if_true=False)


@dataclass
class _Judging:
    """The conditions of one definition, from the inside out.

    What `judged` gives stands for a condition in proofs about what is around it.
    """

    facts: Facts
    segments: dict[Key, bound.Node]
    key: Key
    traits: Traits
    found: list[Verdict] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def judged(self, node: Node, stake: _Stake, rows: Rows | None = None) -> bound.Node:
        match node:
            case nodes.Everyone() | nodes.Not(nodes.Everyone()):
                return EVERYONE if isinstance(node, nodes.Everyone) else NOBODY  # written on purpose
            case nodes.Not(of):
                return negated(self.judged(of, stake.turned(), rows))
            case nodes.Reference(kind, name):
                return self.segments.get((kind, name)) or bound.Given(kind, name)
            case nodes.All(of):
                inner = stake if len(of) == 1 else replace(stake, empty_if_true=False)
                parts = [self.judged(part, inner, rows) for part in of]
                return self._verdict(node, all_of(parts), stake, rows, parts)
            case nodes.Any(of):
                inner = stake if len(of) == 1 else replace(stake, empty_if_false=False)
                parts = [self.judged(part, inner, rows) for part in of]
                return self._verdict(node, any_of(parts), stake, rows, parts)
            case _:
                return self._single(node, stake, rows)

    def _single(self, node: Node, stake: _Stake, rows: Rows | None) -> bound.Node:
        fitted = self._fitted(node, rows)
        empties = fitted is not None and stake.empty_if_false and contradiction(fitted)
        before = len(self.found)
        for inner in rows_in(node):
            self.judged(inner.where, _Stake(empty_if_false=empties, empty_if_true=False), inner)
        if len(self.found) > before:
            return self._new_unknown()
        if fitted is None or isinstance(node, nodes.EventMissing):
            return fitted or self._unknown(repr(node))
        return self._verdict(node, fitted, stake, rows)

    def _verdict(
        self, node: Node, fitted: bound.Node, stake: _Stake, rows: Rows | None, parts: list[bound.Node] | None = None
    ) -> bound.Node:
        """Keep what is certain, and let it be unknown from here on."""
        never = contradiction(fitted)
        if not never and not tautology(fitted):
            return fitted
        if negatives(node) is None:
            nobody = stake.empty_if_false if never else stake.empty_if_true
            pair = _pair(node, parts or [], holds=not never)
            self.found.append(Verdict(self.key, node, not never, rows is not None, nobody, pair))
        return self._new_unknown()

    def _unknown(self, name: str) -> bound.Node:
        """A condition of which nothing is known; it is the same one wherever it has the same name."""
        return bound.Given("unknown", name)

    def _new_unknown(self) -> bound.Node:
        """The same, and none like it in any definition."""
        return self._unknown(f"{'.'.join(self.key)} {next(self.numbers)}")

    # --- fitting to the data -------------------------------------------------------------------

    def _fitted(self, node: Node, rows: Rows | None) -> bound.Node | None:
        """A single condition on the schema; None where it does not fit, or where the data may decide it."""
        inside = conditions(node, rows)
        if not isinstance(node, _JUDGED) or any(self._rests_on_nothing(one.node, one.rows) for one in inside):
            return None
        binder = Binder(self.facts.schema, traits=self.traits)
        fitted = binder.bind(node) if rows is None else _bound_on_rows(binder, node, rows)
        return None if binder.diagnostics else fitted

    def _rests_on_nothing(self, node: Node, rows: Rows | None) -> bool:
        """Whether a condition reads a column that has no value in any row, or is about rows that are not there."""
        if any(not names_in(inner.names, self.facts) for inner in rows_in(node)):
            return True
        if isinstance(node, nodes.EventTest | nodes.EventMissing) and node.measure.of is not None:
            return _is_nothing(self.facts, node.rows, node.measure.of)
        if isinstance(node, nodes.TraitValue):
            return self._trait_rests_on_nothing(node)
        if not isinstance(node, nodes.Value):
            return False
        return _is_nothing(self.facts, rows, node.path) or any(map(_holds_nothing, _elements(self.facts, rows, node)))

    def _trait_rests_on_nothing(self, node: nodes.TraitValue) -> bool:
        """Whether a trait is the same for every user, because of what the data lacks."""
        expression = self.traits(node.name)
        if expression is None or isinstance(node.test, nodes.AnyElement):
            return True
        value = Binder(self.facts.schema, traits=self.traits).value(expression)
        return value.type in (NOTHING, NO_ELEMENTS) or isinstance(value.expression, bound.Number | bound.Missing)


def _columns(facts: Facts, rows: Rows | None) -> Attributes | Properties:
    return Attributes(facts.schema) if rows is None else Properties(facts.schema, names_in(rows.names, facts))


def _is_nothing(facts: Facts, rows: Rows | None, path: tuple[str, ...]) -> bool:
    return _holds_nothing(_columns(facts, rows).column(path))


def _holds_nothing(column: bound.Column | Problem) -> bool:
    return isinstance(column, Problem) or column.type in (NOTHING, NO_ELEMENTS)


def _elements(facts: Facts, rows: Rows | None, node: nodes.Value) -> Iterator[bound.Column | Problem]:
    """The columns of the elements that a condition on one of them reads."""
    columns = _columns(facts, rows)
    column = columns.column(node.path)
    if isinstance(node.test, nodes.AnyElement) and isinstance(column, bound.Column) and isinstance(column.type, ListOf):
        elements = columns.elements(node.path)
        for found in conditions(node.test.where):
            if isinstance(found.node, nodes.Value):
                yield elements.column(found.node.path)


def _bound_on_rows(binder: Binder, node: Node, rows: Rows) -> bound.Node:
    """A condition on the rows of some events; the rows are counted, and what that leaves as their condition taken."""
    counted = nodes.EventTest(
        nodes.Rows(rows.names, node, nodes.Window()),
        nodes.Measure(nodes.MeasureKind.COUNT),
        nodes.Range(low=1),
    )
    measured = binder.measured(counted)
    return NOBODY if measured is None else measured[0].where


def _pair(node: Node, parts: list[bound.Node], *, holds: bool) -> tuple[Node, Node] | None:
    """The first two parts that decide the whole."""
    written: Iterable[Node] = node.of if isinstance(node, nodes.All | nodes.Any) else ()
    together, certain = (any_of, tautology) if holds else (all_of, contradiction)
    for (one, a), (other, b) in itertools.combinations(zip(written, parts, strict=False), 2):
        if not {a, b} & {EVERYONE, NOBODY} and certain(together((a, b))):
            return one, other
    return None
