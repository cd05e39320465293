"""Many conditions at once into one plan, in which equal work is there once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from segctl.engine.plan import (
    Counted,
    Junction,
    Label,
    Name,
    Negation,
    Plan,
    RowSet,
    RowWork,
    Span,
    Step,
    Tally,
    TallyKind,
    Threshold,
)
from segctl.engine.resolve import interval, resolved_test, resolved_where, window
from segctl.logic.bound import (
    All,
    Any,
    EventMissing,
    EventTest,
    Exactly,
    Measure,
    Node,
    Not,
    Rows,
    ValueTest,
)
from segctl.logic.nodes import MeasureKind

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
}


def compiled(conditions: Mapping[Label, Node], as_of_us: int) -> Plan:
    """The plan of all conditions, evaluated as of one instant."""
    steps = _Steps(as_of_us)
    outputs = tuple(steps.number(node) for node in conditions.values())
    work = _row_work(steps.steps)
    spans = _spans(work)
    return Plan(tuple(steps.steps), tuple(conditions), outputs, work, spans, _instants(work, spans), as_of_us)


@dataclass
class _Steps:
    """Numbers conditions so that equal ones get one number."""

    as_of_us: int
    steps: list[Step] = field(default_factory=list)
    numbers: dict[Step, int] = field(default_factory=dict)
    seen: dict[Node, int] = field(default_factory=dict)

    def number(self, root: Node) -> int:
        """The number of a condition, after those of all conditions in it; deep nesting needs no deep stack."""
        stack = [root]
        while stack:
            node = stack[-1]
            waiting = [child for child in _children(node) if child not in self.seen]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if node not in self.seen:
                self.seen[node] = self._intern(self._step(node))
        return self.seen[root]

    def _intern(self, step: Step) -> int:
        if isinstance(step, Junction) and len(step.of) == 1:
            return step.of[0]
        if step not in self.numbers:
            self.numbers[step] = len(self.steps)
            self.steps.append(step)
        return self.numbers[step]

    def _step(self, node: Node) -> Step:
        match node:
            case All(of=of) | Any(of=of):
                return Junction(every=isinstance(node, All), of=self._numbers(of))
            case Not(of=child):
                return Negation(self.seen[child])
            case ValueTest(column=column, test=test):
                return ValueTest(column, resolved_test(test, self.as_of_us))
            case EventTest(rows=rows, measure=measure, test=test):
                tested = test if isinstance(test, Exactly) else interval(test, self.as_of_us)
                return self._counted(rows, measure, tested)
            case EventMissing(rows=rows, measure=measure):
                return self._counted(rows, measure, None)
        return node

    def _numbers(self, nodes: tuple[Node, ...]) -> tuple[int, ...]:
        return tuple(sorted({self.seen[node] for node in nodes}))

    def _counted(self, rows: Rows, measure: Measure, test: Exactly | Span | None) -> Counted:
        span = window(rows, self.as_of_us)
        tallies = tuple(_tally(kind, span, measure) for kind in _TALLIES[measure.kind])
        return Counted((rows.names, resolved_where(rows.where, self.as_of_us)), Threshold(tallies, test))


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


def _row_work(steps: list[Step]) -> tuple[RowWork, ...]:
    """What is asked of each row set; neighbours go over the same event names while they are in the cache."""
    asked: dict[tuple[tuple[Name, ...], Node], dict[int, Threshold]] = {}
    for number, step in enumerate(steps):
        if isinstance(step, Counted):
            asked.setdefault(step.rows, {})[number] = step.threshold
    work = [_work_of(names, where, thresholds) for (names, where), thresholds in asked.items()]
    return tuple(sorted(work, key=lambda one: one.rows.names))


def _work_of(names: tuple[Name, ...], where: Node, thresholds: dict[int, Threshold]) -> RowWork:
    tallies = tuple(dict.fromkeys(tally for threshold in thresholds.values() for tally in threshold.tallies))
    span = _union(tally.span for tally in tallies)
    return RowWork(RowSet(names, where, span), tallies, thresholds)


def _union(spans: Iterator[Span]) -> Span:
    widest = next(spans)
    for span in spans:
        widest = widest.union(span)
    return widest


def _spans(work: tuple[RowWork, ...]) -> Mapping[tuple[Name, ValueTest], Span]:
    """Over which span each test on rows is needed, by event name."""
    spans: dict[tuple[Name, ValueTest], Span] = {}
    for one in work:
        for test in _row_tests(one.rows.where):
            for name in one.rows.names:
                key = (name, test)
                spans[key] = spans[key].union(one.rows.span) if key in spans else one.rows.span
    return spans


def _instants(work: tuple[RowWork, ...], spans: Mapping[tuple[Name, ValueTest], Span]) -> tuple[int, ...]:
    every = {tally.span for one in work for tally in one.tallies} | {one.rows.span for one in work} | {*spans.values()}
    return tuple(sorted({instant for span in every for instant in (span.start, span.end)}))


def _row_tests(where: Node) -> Iterator[ValueTest]:
    if isinstance(where, ValueTest):
        yield where
    for child in _children(where):
        yield from _row_tests(child)
