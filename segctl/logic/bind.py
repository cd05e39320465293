"""Logic fitted to the data: names become columns, literals become values of their types.

What does not fit is collected as diagnostics, each at the place of the literal or the name. A condition
that nothing can pass, or everything, becomes a constant, so that bound conditions that mean the same
are mostly equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from segctl.diagnostics import Diagnostic, Severity, Span, did_you_mean
from segctl.logic import bound, exact, nodes, spans, times
from segctl.logic.algebra import EVERYONE, NOBODY, all_of, any_of, constant, negated
from segctl.logic.columns import Attributes, Properties
from segctl.logic.fit import fit, fit_moment, numeric, reversed_range, shown
from segctl.logic.nodes import Ago, MeasureKind, Names, Node
from segctl.logic.normalise import NEVER_MISSING
from segctl.logic.problem import Problem, column_words, type_words
from segctl.logic.types import NOTHING, Scalar, Schema, Type

Resolve = Callable[[nodes.Reference], Node | None]
"""The logic of a reference, to be bound in its place, or None for a membership that is given."""

_INSTANTS = frozenset({MeasureKind.FIRST, MeasureKind.LAST})
_COUNTS = frozenset({MeasureKind.COUNT, MeasureKind.DISTINCT, MeasureKind.DAYS})
_NUMERIC = (Scalar.INT, Scalar.FLOAT)


def given_only(reference: nodes.Reference) -> None:  # noqa: ARG001 a `Resolve` that knows none
    """Leave every reference to be given."""
    return


def bind(node: Node, schema: Schema, resolve: Resolve = given_only) -> tuple[bound.Node, tuple[Diagnostic, ...]]:
    """One condition, and what does not fit; with an error among it the condition means nothing."""
    binder = Binder(schema, resolve)
    return binder.bind(node), binder.diagnostics


class Binder:
    """Binds many conditions to one schema; what several refer to is bound once."""

    def __init__(self, schema: Schema, resolve: Resolve = given_only) -> None:
        self._schema = schema
        self._resolve = resolve
        self._resolved: dict[tuple[str, str], bound.Node] = {}
        self._found: dict[Diagnostic, None] = {}

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that was found, each once."""
        return tuple(self._found)

    def bind(self, node: Node) -> bound.Node:
        """The condition on this schema."""
        self._bind_references(node)
        return self._bind(node, Attributes(self._schema))

    def _bind_references(self, node: Node) -> None:
        """Bind what the node refers to, the innermost first: a chain of segments may be of any length."""
        waiting = [(reference, False) for reference in references(node)]
        while waiting:
            reference, ready = waiting.pop()
            key = (reference.kind, reference.name)
            logic = None if key in self._resolved else self._resolve(reference)
            if logic is None:
                self._resolved.setdefault(key, bound.Given(*key))
            elif ready:
                self._resolved[key] = self._bind(logic, Attributes(self._schema))
            else:
                waiting.append((reference, True))
                waiting += [(inner, False) for inner in references(logic)]

    def _bind(self, node: Node, columns: Attributes | Properties) -> bound.Node:
        match node:
            case nodes.All(of):
                return all_of(self._parts(nodes.All, bound.All, of, columns))
            case nodes.Any(of):
                return any_of(self._parts(nodes.Any, bound.Any, of, columns))
            case nodes.Not(of):
                return negated(self._bind(of, columns))
            case nodes.Value():
                return self._value(node, columns)
            case _:
                return self._leaf(node)

    def _leaf(self, node: Node) -> bound.Node:
        match node:
            case nodes.EventTest() | nodes.EventMissing():
                return self._event(node)
            case nodes.Reference(kind, name):
                return self._resolved[kind, name]
            case nodes.Bucket(low, high):
                return bound.Bucket(low, high)
            case _:
                return EVERYONE

    def _parts(
        self,
        kind: type[Node],
        joined: type[bound.All | bound.Any],
        of: Iterable[Node],
        columns: Attributes | Properties,
    ) -> Iterator[bound.Node]:
        """The bound parts; a part of the same kind gives its own parts, but a referred condition stays whole."""
        for part in of:
            fitted = self._bind(part, columns)
            if isinstance(part, kind) and isinstance(fitted, joined):
                yield from fitted.of
            else:
                yield fitted

    def _value(self, node: nodes.Value, columns: Attributes | Properties) -> bound.Node:
        column = columns.column(node.path)
        if isinstance(column, Problem):
            return self._report((column,), node.origin)
        fitted, problems = fit(node.test, column, self._schema.zone)
        return self._report(problems, node.origin, node.literals) if problems else fitted

    def _report(
        self, problems: Iterable[Problem], origin: Span | None, literals: tuple[Span | None, ...] = ()
    ) -> bound.Node:
        """Keep problems as diagnostics, each at its literal if it has one; what has problems means nobody."""
        for problem in problems:
            place = origin
            if problem.literal is not None and problem.literal < len(literals):
                place = literals[problem.literal] or origin
            self._found[Diagnostic(problem.code, problem.summary, place, problem.detail, problem.hint)] = None
        return NOBODY

    # --- events -------------------------------------------------------------------------------

    def _event(self, node: nodes.EventTest | nodes.EventMissing) -> bound.Node:
        rows = self._rows(node.rows)
        columns = Properties(self._schema, rows.names)
        column = self._measured(node, columns) if rows.names else None
        if isinstance(column, Problem):
            return self._report((column,), node.rows.origin)
        if not rows.names or rows.where == NOBODY:
            rows = bound.Rows((), EVERYONE)
        nothing = not rows.names or (column is not None and column.type == NOTHING)
        kind = node.measure.kind
        if isinstance(node, nodes.EventMissing):
            return constant(nothing) if nothing or kind in NEVER_MISSING else self._missing(rows, kind, column)
        return self._test(node, rows, column, nothing=nothing)

    def _missing(self, rows: bound.Rows, kind: MeasureKind, column: bound.Column | None) -> bound.Node:
        return bound.EventMissing(rows, bound.Measure(kind, column))

    def _test(
        self, node: nodes.EventTest, rows: bound.Rows, column: bound.Column | None, *, nothing: bool
    ) -> bound.Node:
        kind = node.measure.kind
        test: bound.Exactly | bound.During | bound.Never
        if kind in _INSTANTS:
            test, problems = fit_moment(node.test, kind.value, self._schema.zone)
        else:
            assert isinstance(node.test, nodes.Range)  # noqa: S101 the models let nothing else through
            test, problems = _amount(node.test, kind, column)
        if problems:
            return self._report(problems, node.origin, node.literals)
        if isinstance(test, bound.Never):
            return NOBODY
        if isinstance(test, bound.Exactly) and (nothing or test == bound.Exactly()):
            return constant(kind in NEVER_MISSING and exact.contains(test, Fraction(0)))
        if nothing:
            return NOBODY
        zone = self._schema.zone if kind is MeasureKind.DAYS else None
        return bound.EventTest(rows, bound.Measure(kind, column, zone), test)

    def _measured(
        self, node: nodes.EventTest | nodes.EventMissing, columns: Properties
    ) -> bound.Column | Problem | None:
        """The column that is aggregated; None for a measure that needs none."""
        if node.measure.of is None:
            return None
        column = columns.column(node.measure.of)
        if isinstance(column, Problem) or column.type == NOTHING or _measurable(node.measure.kind, column.type):
            return column
        return _wrong_measure(node.measure.kind, column)

    def _rows(self, rows: nodes.Rows) -> bound.Rows:
        names = self._names(rows.names, rows.origin)
        where = self._bind(rows.where, Properties(self._schema, names)) if names else EVERYONE
        start, end = self._start(rows.window.start), self._end(rows.window.end)
        if _reversed(start, end):
            return self._empty_window(rows)
        return bound.Rows(names, where, start, end)

    def _empty_window(self, rows: nodes.Rows) -> bound.Rows:
        start, end = rows.window.start, rows.window.end
        place = start.origin if isinstance(start, nodes.Written) else None
        problem = reversed_range("the window", window_words(start), window_words(end))
        self._report((problem,), place or rows.origin)
        return bound.Rows((), EVERYONE)

    def _names(self, names: Names, origin: Span | None) -> tuple[str, ...]:
        """The names that the data has; a warning for those it has not."""
        known = self._schema.events
        if names.prefix is not None:
            found = tuple(sorted(name for name in known if name.startswith(names.prefix)))
            if not found and not self._schema.partial:
                what = f"whose name starts with `{names.prefix}`" if names.prefix else "at all"
                self._warn(f"there is no event {what} in the data", origin, "")
            return found
        for name in names.exact:
            if name not in known and not self._schema.partial:
                self._warn(f"there is no event `{name}` in the data", origin, did_you_mean(name, known))
        return tuple(sorted(known.keys() & set(names.exact)))

    def _warn(self, summary: str, origin: Span | None, hint: str) -> None:
        detail = "nobody has done it, and its properties cannot be checked"
        self._found[Diagnostic("unknown-event", summary, origin, detail, hint, Severity.WARNING)] = None

    # --- windows ------------------------------------------------------------------------------

    def _start(self, start: nodes.Ago | nodes.Midnight | nodes.Written | None) -> bound.Instant | None:
        match start:
            case nodes.Midnight(days_before):
                return bound.LocalMidnight(days_before, self._schema.zone)
            case nodes.Written():
                return self._written(start, at_end=False)
            case _:
                return start

    def _end(self, end: nodes.Ago | nodes.Written | None) -> bound.Instant | None:
        return self._written(end, at_end=True) if isinstance(end, nodes.Written) else end

    def _written(self, written: nodes.Written, *, at_end: bool) -> bound.At | None:
        """A date is its start, or at the end of a window its end; an instant is itself."""
        stretch = spans.written_stretch(written.text, self._schema.zone)
        if isinstance(stretch, Problem):
            self._report((stretch,), written.origin)
            return None
        return bound.At(stretch[1] if at_end and spans.is_date(written.text) else stretch[0])


def references(node: Node) -> Iterator[nodes.Reference]:
    """The references of a condition, from left to right."""
    match node:
        case nodes.Reference():
            yield node
        case nodes.All(of) | nodes.Any(of):
            for part in of:
                yield from references(part)
        case nodes.Not(of):
            yield from references(of)


def _reversed(start: bound.Instant | None, end: bound.Instant | None) -> bool:
    """Whether no row can lie in the window, whatever as_of is."""
    match start, end:
        case bound.At(low), bound.At(high):
            return low >= high
        case Ago(longer), Ago(shorter):
            return longer <= shorter
        case _:
            return False


def window_words(limit: nodes.Ago | nodes.Midnight | nodes.Written | None) -> str:
    """A limit of a window as it was written."""
    match limit:
        case nodes.Ago(us):
            return times.duration_text(us)
        case nodes.Written(text):
            return text
        case _:
            return "local midnight"


def _measurable(kind: MeasureKind, column: Type) -> bool:
    return isinstance(column, Scalar) if kind is MeasureKind.DISTINCT else column in _NUMERIC


def _wrong_measure(kind: MeasureKind, column: bound.Column) -> Problem:
    wanted = "single values" if kind is MeasureKind.DISTINCT else "numbers"
    return Problem(
        "operator-type", f"`{kind.value}` is of {wanted}, and {column_words(column)} is {type_words(column.type)}",
        hint="`count` counts the events themselves" if kind is not MeasureKind.DISTINCT else "",
    )  # fmt: skip


def _amount(
    test: nodes.Range, kind: MeasureKind, column: bound.Column | None
) -> tuple[bound.Exactly | bound.Never, tuple[Problem, ...]]:
    """A comparison of a computed number; of whole numbers it has whole bounds, and counts start at 0."""
    written = numeric(test)
    if exact.is_empty(written):
        return bound.Never(), (reversed_range(f"`{kind.value}`", shown(test.low), shown(test.high)),)
    integers = column is not None and column.type == Scalar.INT and kind is not MeasureKind.AVERAGE
    if kind in {MeasureKind.MIN, MeasureKind.MAX} and not integers:
        return numeric(test, doubles=True), ()
    if kind not in _COUNTS and not integers:
        return written, ()
    fitted = exact.whole(written)
    if kind in _COUNTS and fitted.low is not None and fitted.low <= 0:
        fitted = bound.Exactly(None, fitted.high)
    if exact.is_empty(fitted) or (kind in _COUNTS and fitted.high is not None and fitted.high < 0):
        return bound.Never(), ()
    return fitted, ()
