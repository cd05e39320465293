"""Rows of events, from what was written to nodes: which count, what is measured, in which order they come."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from segctl.diagnostics import Span
from segctl.logic import nodes
from segctl.logic.lower_values import Keys, Values
from segctl.logic.nodes import Ago, All, Any, MeasureKind, Midnight, Names, Node, Not, Written
from segctl.logic.operators import DEFAULT_COUNT, comparison, time_test
from segctl.logic.settings import Settings
from segctl.model import row_condition
from segctl.model.events import MEASURES, EventCondition, Measured, NamePrefix, Periods
from segctl.model.operators import COMPARISONS, TIME_OPERATORS, Comparison, TimeOperators
from segctl.model.row_condition import RowWhere
from segctl.model.sequences import AbsentStep, SequenceCondition, Step
from segctl.model.traits import TRAIT_MEASURES, Of, TraitValue
from segctl.model.values import DURATION, Model, duration_us, one_of, path_parts
from segctl.model.windows import Windowed

WrittenNames = str | list[str] | NamePrefix


@dataclass(frozen=True)
class RowsLowering:
    """The events in one document."""

    values: Values
    settings: Settings

    # --- which rows ---------------------------------------------------------------------------

    def rows(self, names: WrittenNames, where: RowWhere | None, window: nodes.Window, place: Keys) -> nodes.Rows:
        """The rows with these names; `place` is that of the names' key."""
        tested: Node = nodes.Everyone() if where is None else self._where(where, (*place[:-1], "where"))
        return nodes.Rows(self._names(names), tested, window, self.values.span(*place))

    def _names(self, names: WrittenNames) -> Names:
        if isinstance(names, NamePrefix):
            return Names(prefix=names.starts_with)
        if names == "*":
            return Names(prefix="") if self.settings.active is None else Names(self.settings.active)
        return Names(tuple(names) if isinstance(names, list) else (names,))

    def _where(self, where: Model | Sequence[Model], place: Keys) -> Node:
        if isinstance(where, Model):
            return self._condition(where, place)
        parts = tuple(self._condition(one, (*place, i)) for i, one in enumerate(where))
        return parts[0] if len(parts) == 1 else All(parts)

    def _condition(self, condition: Model, place: Keys) -> Node:
        match condition:
            case row_condition.PropertyAll(all_=parts):
                return All(tuple(self._condition(one, (*place, "all", i)) for i, one in enumerate(parts)))
            case row_condition.PropertyAny(any_=parts):
                return Any(tuple(self._condition(one, (*place, "any", i)) for i, one in enumerate(parts)))
            case row_condition.PropertyNot(not_=part):
                return Not(self._condition(part, (*place, "not")))
            case row_condition.PropertyCondition(property_=path):
                return self.values.value(path, condition, place, "property")
            case _:
                raise TypeError(f"no meaning for {type(condition).__name__}")

    def window(self, written: Windowed, place: Keys) -> nodes.Window:
        """The window of a condition."""
        if isinstance(written.within, str):
            return nodes.Window(Ago(duration_us(written.within)))
        if written.within is not None:
            return nodes.Window(Midnight(written.within.days_before_today))
        if written.between is not None:
            start, end = written.between
            return nodes.Window(self._limit(start, (*place, "between", 0)), self._limit(end, (*place, "between", 1)))
        since = None if written.since is None else self._limit(written.since, (*place, "since"))
        until = None if written.until is None else self._limit(written.until, (*place, "until"))
        return nodes.Window(since, until)

    def _limit(self, text: str, place: Keys) -> Ago | Written:
        """A duration ago, or a date or an instant."""
        return Ago(duration_us(text)) if re.fullmatch(DURATION, text) else Written(text, self.values.span(*place))

    # --- what is measured -----------------------------------------------------------------------

    def event(self, event: EventCondition, place: Keys) -> Node:
        """How often, how much, when."""
        rows = self.rows(event.event, event.where, self.window(event, place), (*place, "event"))
        written = one_of(event, MEASURES)
        if not written:
            return nodes.EventTest(rows, nodes.Measure(MeasureKind.COUNT), DEFAULT_COUNT, rows.origin)
        return self._measured(event, rows, written[0], place)

    def _measured(self, event: EventCondition, rows: nodes.Rows, key: str, place: Keys) -> Node:
        test: Comparison | TimeOperators = getattr(event, _field(event, MEASURES, key))
        inside = (*place, key)
        measure = _measure(key, test, self.values.span(*inside, "of"))
        missing = nodes.EventMissing(rows, measure)
        if isinstance(test, TimeOperators):
            node = self._instant(test, missing, inside)
        else:
            literals = self.values.literals(test, COMPARISONS, inside)
            node = nodes.EventTest(rows, measure, comparison(test), self.values.span(*inside), literals)
        return Any((node, missing)) if test.or_missing else node

    def _instant(self, test: TimeOperators, missing: nodes.EventMissing, inside: Keys) -> Node:
        """A test of the first or last time, or that there is one."""
        limits, negative = time_test(test)
        if limits is None:
            return missing if negative else Not(missing)
        literals = self.values.literals(test, TIME_OPERATORS, inside)
        node = nodes.EventTest(missing.rows, missing.measure, limits, self.values.span(*inside), literals)
        return Not(node) if negative else node

    def trait(self, value: TraitValue, place: Keys) -> nodes.Measured:
        """What a trait measures."""
        rows = self.rows(value.event, value.where, self.window(value, place), (*place, "event"))
        key = one_of(value, TRAIT_MEASURES)[0]
        written = getattr(value, _field(value, TRAIT_MEASURES, key))
        return nodes.Measured(rows, _measure(key, written, self.values.span(*place, key, "of")))

    # --- in which order ---------------------------------------------------------------------------

    def sequence(self, written: SequenceCondition, place: Keys) -> nodes.Sequence:
        """The steps; the window is that of the first."""
        window = self.window(written, place)
        steps = tuple(
            self._step(step, window if number == 0 else nodes.Window(), (*place, "sequence", number))
            for number, step in enumerate(written.sequence)
        )
        complete = None if written.complete_within is None else duration_us(written.complete_within)
        return nodes.Sequence(steps, complete, self.values.span(*place, "sequence"))

    def _step(self, step: Step | AbsentStep, window: nodes.Window, place: Keys) -> nodes.Step:
        within = None if step.after_previous is None else step.after_previous.within
        within_us = None if within is None else duration_us(within)
        if isinstance(step, AbsentStep):
            return nodes.Step(self.rows(step.no, step.where, window, (*place, "no")), absent=True, within_us=within_us)
        more = None if step.after_previous is None else step.after_previous.more_than
        more_us = None if more is None else duration_us(more)
        return nodes.Step(self.rows(step.event, step.where, window, (*place, "event")), False, more_us, within_us)


def _field(model: Model, fields: Sequence[str], key: str) -> str:
    return next(field for field in fields if (type(model).model_fields[field].alias or field) == key)


def _measure(key: str, written: Model, origin: Span | None) -> nodes.Measure:
    of = path_parts(written.of) if isinstance(written, Measured | Of) else None
    if isinstance(written, Periods):
        return nodes.Measure(MeasureKind.PERIODS, None, duration_us(written.every), written.each)
    return nodes.Measure(MeasureKind(key), of, origin=origin)
