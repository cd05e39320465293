"""Logic fitted to the data: names become columns, literals become values of their types.

What does not fit is collected as diagnostics, each at the place of the literal or the name. A condition
that nothing can pass, or everything, becomes a constant, so that bound conditions that mean the same
are mostly equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from segctl.diagnostics import Diagnostic, Severity, Span
from segctl.logic import bind_traits, bound, nodes
from segctl.logic.algebra import EVERYONE, NOBODY, all_of, any_of, constant, negated
from segctl.logic.bind_messages import NO_ROWS, engagement_test, message_id, rows_of
from segctl.logic.columns import Attributes, Elements, Properties
from segctl.logic.event_names import all_names, meant
from segctl.logic.fit import fit
from segctl.logic.fit_places import fit_place, no_place
from segctl.logic.measures import INSTANTS, fit_instant, fit_measure, on_rows, passes_nothing, wrong_column
from segctl.logic.nodes import MeasureKind, Names, Node
from segctl.logic.normalise import NEVER_MISSING
from segctl.logic.problem import Problem, wrong_operator
from segctl.logic.references import (
    Resolve,
    Traits,
    given_only,
    no_traits,
    traits_in,
    traits_of,
    traits_upstream,
    upstream,
)
from segctl.logic.types import NO_ELEMENTS, NOTHING, ListOf, Schema
from segctl.logic.windows import limits

Columns = Attributes | Properties | Elements
"""What the paths of a condition lead to."""


def bind(node: Node, schema: Schema, resolve: Resolve = given_only) -> tuple[bound.Node, tuple[Diagnostic, ...]]:
    """One condition, and what does not fit; with an error among it the condition means nothing."""
    binder = Binder(schema, resolve)
    return binder.bind(node), binder.diagnostics


class Binder:
    """Binds many conditions to one schema; what several refer to is bound once, traits in the place of their names."""

    def __init__(self, schema: Schema, resolve: Resolve = given_only, traits: Traits = no_traits) -> None:
        self.schema = schema
        self._resolve = resolve
        self._known_traits = traits
        self._traits: dict[str, bound.Computed] = {}
        self._resolved: dict[tuple[str, str], bound.Node] = {}
        self._whole: set[bound.Node] = {NOBODY}
        self._found: dict[Diagnostic, None] = {}

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that was found, each once."""
        return tuple(self._found)

    @property
    def _catalogs(self) -> set[tuple[str, ...]]:
        return {(name,) for name in self.schema.catalogs}

    def bind(self, node: Node) -> bound.Node:
        """The condition on this schema."""
        self._bind_references(node)
        self._bind_traits(traits_of(node))
        return self._bind(node, Attributes(self.schema))

    def value(self, expression: nodes.Expression) -> bound.Computed:
        """What a trait is on this schema."""
        self._bind_traits(reference.name for reference in traits_in(expression))
        return self._value_of(expression)

    def trait(self, name: str) -> bound.Computed | None:
        """What a trait is by its name; None where there is none."""
        self._bind_traits([name] if self._known_traits(name) is not None else [])
        return self._traits.get(name)

    def _bind_references(self, node: Node) -> None:
        """Bind what the node refers to, the innermost first: a chain of segments may be of any length."""
        for key, logic in upstream(node, self._unresolved).items():
            self._bind_traits(traits_of(logic))
            self._resolved[key] = self._bind(logic, Attributes(self.schema))
            self._whole.add(self._resolved[key])

    def _unresolved(self, reference: nodes.Reference) -> Node | None:
        return None if (reference.kind, reference.name) in self._resolved else self._resolve(reference)

    def _bind(self, node: Node, columns: Columns) -> bound.Node:
        match node:
            case nodes.All(of):
                return all_of(self._parts(bound.All, of, columns))
            case nodes.Any(of):
                return any_of(self._parts(bound.Any, of, columns))
            case nodes.Not(of):
                return negated(self._bind(of, columns))
            case nodes.Value():
                return self._value(node, columns)
            case nodes.Place():
                return self._place(node, columns)
            case _:
                return self._leaf(node)

    def _leaf(self, node: Node) -> bound.Node:
        match node:
            case nodes.EventTest() | nodes.EventMissing():
                return self._event(node)
            case nodes.TraitValue():
                return self._trait(node)
            case nodes.Rfm():
                return self._rfm(node)
            case nodes.Faulty(code, summary, hint, origin):
                return self._report(Problem(code, summary, hint=hint), origin)
            case _:
                return self._membership(node)

    def _membership(self, node: Node) -> bound.Node:
        match node:
            case nodes.Sequence() | nodes.Engagement():
                return self._sequence(node) if isinstance(node, nodes.Sequence) else self._engagement(node)
            case nodes.Reference(kind, name):
                return self._resolved.get((kind, name)) or bound.Given(kind, name)
            case nodes.Bucket(low, high):
                return bound.Bucket(low, high)
            case nodes.Share(campaign, low, high):
                return bound.Share(campaign, low, high)
            case nodes.Everyone():
                return EVERYONE
            case _:
                return self._report(Problem("not-yet", f"{type(node).__name__} cannot be evaluated yet"), None)

    def _parts(self, kind: type[bound.All | bound.Any], of: Iterable[Node], columns: Columns) -> Iterator[bound.Node]:
        """The bound parts, flat; but a condition that is referred to stays whole, to be evaluated once."""
        for part in of:
            fitted = self._bind(part, columns)
            if isinstance(fitted, kind) and fitted not in self._whole:
                yield from fitted.of
            else:
                yield fitted

    def _value(self, node: nodes.Value, columns: Columns) -> bound.Node:
        column = columns.column(node.path)
        if isinstance(column, Problem):
            return self._report(column, node.origin)
        if isinstance(node.test, nodes.AnyElement) and not isinstance(columns, Elements):
            return self._any_element(node, node.test, column, columns.elements(node.path))
        fitted, problems = fit(node.test, column, self.schema.zone)
        for problem in problems:
            self._report(problem, node.origin, node.literals)
        return fitted

    def _place(self, node: nodes.Place, columns: Columns) -> bound.Node:
        found = [columns.column(path) for path in (node.lat, node.lon)]
        match found:
            case [bound.Column() as lat, bound.Column() as lon]:
                fitted, problems = fit_place(node.test, lat, lon)
            case _:
                inside = node.lat[1:] and node.lat[:-1] == node.lon[:-1] and node.lat[:-1] not in self._catalogs
                above = no_place(node, columns.column(node.lat[:-1])) if inside else None
                fitted, problems = NOBODY, tuple(one for one in (above, *found) if isinstance(one, Problem))[:1]
        for problem in problems:
            self._report(problem, node.origin)
        return fitted

    def _any_element(
        self, node: nodes.Value | nodes.TraitValue, test: nodes.AnyElement, column: bound.Column, elements: Elements
    ) -> bound.Node:
        if column.type in (NOTHING, NO_ELEMENTS):
            return NOBODY
        if not isinstance(column.type, ListOf):
            return self._report(wrong_operator(column, "any_element"), node.origin)
        where = self._bind(test.where, elements)
        return NOBODY if where == NOBODY else bound.ElementTest(column, where)

    def _report(self, problem: Problem, origin: Span | None, literals: tuple[Span | None, ...] = ()) -> bound.Node:
        """Keep a problem as a diagnostic, at its literal if it has one; what has a problem means nobody."""
        place = origin
        if problem.literal is not None and problem.literal < len(literals):
            place = literals[problem.literal] or origin
        self._found[Diagnostic(problem.code, problem.summary, place, problem.detail, problem.hint)] = None
        return NOBODY

    # --- traits -------------------------------------------------------------------------------

    def _bind_traits(self, names: Iterable[str]) -> None:
        """Bind traits, the innermost first: a chain of them may be of any length."""
        new = (name for name in names if name not in self._traits)
        for name, expression in traits_upstream(new, self._new_trait).items():
            self._traits[name] = self._value_of(expression)

    def _new_trait(self, name: str) -> nodes.Expression | None:
        return None if name in self._traits else self._known_traits(name)

    def _value_of(self, expression: nodes.Expression) -> bound.Computed:
        """What a trait is; those in it have been bound."""
        if isinstance(expression, nodes.Measured):
            return bind_traits.measured_value(expression.measure.kind, self.measured(expression))
        return bind_traits.formula_value(expression, self._trait_of, self._report)

    def _trait_of(self, node: nodes.TraitOf | nodes.TraitValue) -> bound.Computed:
        if node.name not in self._traits:
            self._report(bind_traits.unknown(node.name, self._traits), node.origin)
            return bound.Computed(bound.Missing(), NOTHING)
        return self._traits[node.name]

    def _trait(self, node: nodes.TraitValue) -> bound.Node:
        if isinstance(node.test, nodes.AnyElement):
            return self._any_value(node, node.test, self._trait_of(node))
        fitted, problems = bind_traits.fit_computed(node, self._trait_of(node), self.schema.zone)
        for problem in problems:
            self._report(problem, node.origin, node.literals)
        return fitted

    def _any_value(self, node: nodes.TraitValue, test: nodes.AnyElement, of: bound.Computed) -> bound.Node:
        column = bound.Column(bound.Scope.ATTRIBUTE, (node.name,), of.type)
        elements = Elements(column.path, {"": of.type}, partial=False)
        found = self._any_element(node, test, column, elements)
        return bound.ElementTest(of, found.where) if isinstance(found, bound.ElementTest) else found

    # --- events -------------------------------------------------------------------------------

    def rows(self, rows: nodes.Rows) -> bound.Rows | None:
        """The rows that count; None if there can be none."""
        fitted = self._rows(rows)
        return None if not fitted.names or fitted.where == NOBODY else fitted

    def measured(
        self, node: nodes.EventTest | nodes.EventMissing | nodes.Measured, what: str = ""
    ) -> tuple[bound.Rows, bound.Measure] | None:
        """The rows and what is measured of them, by its kind or `what` it is called; None if there can be nothing."""
        rows = self.rows(node.rows)
        if rows is None:
            return None
        kind, of = node.measure.kind, node.measure.of
        zone = self.schema.zone if kind is MeasureKind.DAYS else None
        if of is None:
            return rows, bound.Measure(kind, None, zone, node.measure.every_us, node.measure.each)
        column = Properties(self.schema, rows.names).column(of)
        problem = column if isinstance(column, Problem) else wrong_column(kind, column, what)
        if problem is not None:
            self._report(problem, node.measure.origin or node.rows.origin)
        if isinstance(column, Problem) or problem is not None or column.type == NOTHING:
            return None
        return rows, bound.Measure(kind, column, zone)

    def _rfm(self, node: nodes.Rfm) -> bound.Node:
        """The scores; where no row has any money, everybody spent nothing."""
        rows = self.rows(node.rows)
        money = nodes.Measure(MeasureKind.SUM, node.of, origin=node.origin)
        found = self.measured(nodes.Measured(node.rows, money), "rfm")
        if rows is None or not node.scores:
            return NOBODY
        return bound.RfmTest(rows, None if found is None else found[1].column, tuple(sorted(set(node.scores))))

    def _event(self, node: nodes.EventTest | nodes.EventMissing) -> bound.Node:
        measured = self.measured(node)
        kind = node.measure.kind
        if isinstance(node, nodes.EventMissing):
            if kind in NEVER_MISSING:
                return NOBODY
            return EVERYONE if measured is None else bound.EventMissing(*measured)
        if kind in INSTANTS:
            return self._instant(node, measured)
        column = None if measured is None else measured[1].column
        test, problems = fit_measure(node.test, kind, column)
        for problem in problems:
            self._report(problem, node.origin, node.literals)
        if isinstance(test, bound.Never):
            return NOBODY
        if kind in NEVER_MISSING and (measured is None or test == bound.Exactly()):
            return constant(passes_nothing(test))
        return NOBODY if measured is None else bound.EventTest(*measured, test)

    def _instant(self, node: nodes.EventTest, measured: tuple[bound.Rows, bound.Measure] | None) -> bound.Node:
        fitted, problems = fit_instant(node.test, node.measure.kind, self.schema.zone)
        for problem in problems:
            self._report(problem, node.origin, node.literals)
        return NOBODY if measured is None else on_rows(fitted, *measured)

    def _sequence(self, node: nodes.Sequence) -> bound.Node:
        """Nobody where a step can have no rows; a `no` of such is a time that runs out, or nothing."""
        found = [(step, self.rows(step.rows)) for step in node.steps]
        if any(rows is None and not step.absent for step, rows in found):
            return NOBODY
        steps = tuple(
            bound.Step(rows or NO_ROWS, step.absent, step.more_than_us, step.within_us)
            for step, rows in found
            if rows is not None or step.within_us is not None
        )
        return bound.Sequence(steps, node.complete_within_us)

    def _engagement(self, node: nodes.Engagement) -> bound.Node:
        sent, responses = (self.rows(rows_of(names, node)) for names in ((node.sent,), node.responses))
        if sent is None:
            return constant(node.none)
        rows = (sent, responses or NO_ROWS)
        found = [message_id(self.schema, one.names, node.message) for one in rows]
        for problem in found:
            if isinstance(problem, Problem):
                return self._report(problem, node.origin)
        ids = tuple(column for column in found if not isinstance(column, Problem))
        return engagement_test(node, *rows, ids, self.schema.zone)

    def _rows(self, rows: nodes.Rows) -> bound.Rows:
        """The rows; without a name if there can be none."""
        names = self._names(rows.names, rows.origin)
        where = self._bind(rows.where, Properties(self.schema, names)) if names else EVERYONE
        window = limits(rows.window, self.schema.zone, lambda problem, at: self._report(problem, at or rows.origin))
        return bound.Rows((), EVERYONE) if window.never else bound.Rows(names, where, window.start, window.end)

    def _names(self, names: Names, origin: Span | None) -> tuple[str, ...]:
        """The names that the data has; a warning for those it has not."""
        known = self.schema.events
        if names.prefix is not None:
            found = tuple(sorted(name for name in known if name.startswith(names.prefix)))
            if not found:
                self._warn(
                    f"whose name starts with `{names.prefix}`" if names.prefix else "at all", origin, names.prefix
                )
            return found
        for name in names.exact:
            if name not in known:
                self._warn(f"`{name}`", origin, name)
        return tuple(sorted(known.keys() & set(names.exact)))

    def _warn(self, event: str, origin: Span | None, written: str) -> None:
        if self.schema.partial:
            return
        summary = f"there is no event {event} in the data"
        detail = f"no user has done it, and its properties cannot be checked; {all_names(self.schema.events)}"
        hint = meant(written, self.schema.events)
        self._found[Diagnostic("unknown-event", summary, origin, detail, hint, Severity.WARNING)] = None
