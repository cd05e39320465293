"""Many conditions at once into one plan, in which equal work is there once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from segctl.engine.compile_values import Values
from segctl.engine.plan import (
    Counted,
    Gauge,
    Gauged,
    Junction,
    Label,
    ListTested,
    Name,
    Negation,
    Plan,
    RowSet,
    RowWork,
    Span,
    Step,
    Tally,
    TallyKind,
    Tested,
    Threshold,
    Value,
    own_rows,
)
from segctl.engine.resolve import chained, engaged, interval, resolved_test, resolved_where, window
from segctl.logic.bound import (
    All,
    Any,
    Computed,
    ComputedTest,
    During,
    ElementTest,
    EngagementTest,
    EventMissing,
    EventTest,
    Exactly,
    Measure,
    Node,
    Not,
    PlaceTest,
    RankTest,
    RfmTest,
    Rows,
    Sequence,
    ValueTest,
)
from segctl.logic.leaves import Leaf
from segctl.logic.nodes import MeasureKind

NONE: Mapping[Node, Node] = MappingProxyType({})
"""No condition stands in for another."""

_TALLIES: Mapping[MeasureKind, tuple[TallyKind, ...]] = {
    MeasureKind.COUNT: (TallyKind.ROWS,),
    MeasureKind.SUM: (TallyKind.SUM,),
    MeasureKind.AVERAGE: (TallyKind.SUM, TallyKind.VALUES),
    MeasureKind.MIN: (TallyKind.LEAST,),
    MeasureKind.MAX: (TallyKind.GREATEST,),
    MeasureKind.DISTINCT: (TallyKind.DISTINCT,),
    MeasureKind.DAYS: (TallyKind.DAYS,),
    MeasureKind.MEDIAN: (TallyKind.MEDIAN,),
    MeasureKind.PERIODS: (TallyKind.PERIODS,),
    MeasureKind.FIRST: (TallyKind.FIRST,),
    MeasureKind.LAST: (TallyKind.LAST,),
    MeasureKind.FIRST_VALUE: (TallyKind.OCCURRENCES,),
    MeasureKind.LAST_VALUE: (TallyKind.OCCURRENCES,),
    MeasureKind.MOST_FREQUENT: (TallyKind.OCCURRENCES,),
    MeasureKind.UNIQUE_LIST: (TallyKind.OCCURRENCES,),
}


def compiled(
    conditions: Mapping[Label, Node],
    as_of_us: int,
    values: Iterable[Computed] = (),
    stand_ins: Mapping[Node, Node] = NONE,
) -> Plan:
    """The plan of all conditions and values, as of one instant.

    `stand_ins` are conditions to be evaluated in the place of others: those of ranks, whose cuts are known.
    """
    steps = _Steps(as_of_us, stand_ins)
    outputs = tuple(steps.number(node) for node in conditions.values())
    columns = tuple(steps.values.number(value) for value in values)
    work = _row_work(steps.steps, steps.values.steps)
    row_sets = [one.rows for one in work] + [rows for step in steps.steps for rows in own_rows(step)]
    spans = _spans(row_sets)
    instants = _instants(work, row_sets, spans)
    computed = tuple(steps.values.steps)
    return Plan(tuple(steps.steps), tuple(conditions), outputs, work, spans, instants, as_of_us, computed, columns)


@dataclass
class _Steps:
    """Numbers conditions so that equal ones get one number."""

    as_of_us: int
    stand_ins: Mapping[Node, Node]
    steps: list[Step] = field(default_factory=list)
    numbers: dict[Step, int] = field(default_factory=dict)
    seen: dict[Node, int] = field(default_factory=dict)
    values: Values = field(init=False)

    def __post_init__(self) -> None:
        self.values = Values(self._tallied)

    def number(self, root: Node) -> int:
        """The number of a condition, after those of all conditions in it; deep nesting needs no deep stack."""
        stack = [root]
        while stack:
            node = stack[-1]
            waiting = [child for child in self._inside(node) if child not in self.seen]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if node not in self.seen:
                stand_in = self.stand_ins.get(node)
                self.seen[node] = self._intern(self._step(node)) if stand_in is None else self.seen[stand_in]
        return self.seen[root]

    def _inside(self, node: Node) -> tuple[Node, ...]:
        return (self.stand_ins[node],) if node in self.stand_ins else _children(node)

    def _intern(self, step: Step) -> int:
        if isinstance(step, Junction) and len(step.of) == 1:
            return step.of[0]
        if step not in self.numbers:
            self.numbers[step] = len(self.steps)
            self.steps.append(step)
        return self.numbers[step]

    def _step(self, node: Node) -> Step:  # noqa: PLR0911 one for each
        match node:
            case All(of=of) | Any(of=of):
                return Junction(every=isinstance(node, All), of=self._numbers(of))
            case Not(of=child):
                return Negation(self.seen[child])
            case ElementTest(column=Computed() as of, where=where):
                return ListTested(self.values.number(of), resolved_where(where, self.as_of_us))
            case ValueTest(column=column, test=test):
                return ValueTest(column, resolved_test(test, self.as_of_us))
            case ElementTest(column=of, where=where):
                return ElementTest(of, resolved_where(where, self.as_of_us))
            case EventTest() | EventMissing():
                return self._event(node)
            case Sequence() | EngagementTest():
                return self._over_rows(node)
            case ComputedTest(of=of, test=test):
                return Tested(self.values.number(of), resolved_test(test, self.as_of_us))
            case RankTest() | RfmTest():
                raise TypeError("the cuts of ranks are found before anything is compiled")
        return node

    def _numbers(self, nodes: tuple[Node, ...]) -> tuple[int, ...]:
        return tuple(sorted({self.seen[node] for node in nodes}))

    def _over_rows(self, node: Sequence | EngagementTest) -> Step:
        return chained(node, self.as_of_us) if isinstance(node, Sequence) else engaged(node, self.as_of_us)

    def _event(self, node: EventTest | EventMissing) -> Counted:
        row_set, tallies = self._tallied(node.rows, node.measure)
        return Counted(row_set, Threshold(tallies, None if isinstance(node, EventMissing) else self._limits(node.test)))

    def _limits(self, test: Exactly | During) -> Exactly | Span:
        return test if isinstance(test, Exactly) else interval(test, self.as_of_us)

    def _tallied(self, rows: Rows, measure: Measure) -> tuple[tuple[tuple[Name, ...], Node], tuple[Tally, ...]]:
        span = window(rows, self.as_of_us)
        tallies = tuple(_tally(kind, span, measure) for kind in _TALLIES[measure.kind])
        return (rows.names, resolved_where(rows.where, self.as_of_us)), tallies


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case All(of=of) | Any(of=of):
            return of
        case Not(of=child):
            return (child,)
    return ()


def _tally(kind: TallyKind, span: Span, measure: Measure) -> Tally:
    """The tally without what it does not depend on, so that equal ones are equal."""
    return Tally(
        kind,
        span,
        None if kind in {TallyKind.ROWS, TallyKind.DAYS, TallyKind.FIRST, TallyKind.LAST} else measure.column,
        measure.zone if kind is TallyKind.DAYS else None,
        measure.every_us,
        measure.each,
    )


def _row_work(steps: list[Step], values: list[Value]) -> tuple[RowWork, ...]:
    """What is asked of each row set; neighbours go over the same event names while they are in the cache."""
    asked: dict[tuple[tuple[Name, ...], Node], tuple[dict[int, Threshold], dict[int, Gauge]]] = {}
    for number, step in enumerate(steps):
        if isinstance(step, Counted):
            asked.setdefault(step.rows, ({}, {}))[0][number] = step.threshold
    for number, value in enumerate(values):
        if isinstance(value, Gauged):
            asked.setdefault(value.rows, ({}, {}))[1][number] = value.gauge
    work = [_work_of(names, where, *answers) for (names, where), answers in asked.items()]
    return tuple(sorted(work, key=lambda one: one.rows.names))


def _work_of(
    names: tuple[Name, ...], where: Node, thresholds: dict[int, Threshold], gauges: dict[int, Gauge]
) -> RowWork:
    answers: tuple[Threshold | Gauge, ...] = (*thresholds.values(), *gauges.values())
    tallies = tuple(dict.fromkeys(tally for answer in answers for tally in answer.tallies))
    span = _union(tally.span for tally in tallies)
    return RowWork(RowSet(names, where, span), tallies, thresholds, gauges)


def _union(spans: Iterator[Span]) -> Span:
    widest = next(spans)
    for span in spans:
        widest = widest.union(span)
    return widest


def _spans(row_sets: Iterable[RowSet]) -> Mapping[tuple[Name, Leaf], Span]:
    """Over which span each test on rows is needed, by event name."""
    spans: dict[tuple[Name, Leaf], Span] = {}
    for rows in row_sets:
        for test in _row_tests(rows.where):
            for name in rows.names:
                key = (name, test)
                spans[key] = spans[key].union(rows.span) if key in spans else rows.span
    return spans


def _instants(
    work: tuple[RowWork, ...], row_sets: Iterable[RowSet], spans: Mapping[tuple[Name, Leaf], Span]
) -> tuple[int, ...]:
    every = {tally.span for one in work for tally in one.tallies} | {rows.span for rows in row_sets} | {*spans.values()}
    return tuple(sorted({instant for span in every for instant in (span.start, span.end)}))


def _row_tests(where: Node) -> Iterator[Leaf]:
    if isinstance(where, ValueTest | PlaceTest | ElementTest):
        yield where
    for child in _children(where):
        yield from _row_tests(child)
