"""From what was written to what it means: models to logic nodes.

Negative operators become `Not` of their positive twins and flags become nodes (law 2), so that what
comes after knows few forms. Every node keeps the place where it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from segctl.diagnostics import Span
from segctl.load.document import Document
from segctl.logic import nodes
from segctl.logic.nodes import NOBODY, Ago, All, Any, MeasureKind, Midnight, Names, Node, Not, Written
from segctl.logic.operators import DEFAULT_COUNT, comparison, literal_keys, time_test, value_test
from segctl.model import condition as written
from segctl.model.operators import COMPARISONS, TIME_OPERATORS, VALUE_OPERATORS, Comparison, TimeOperators
from segctl.model.resources import Campaign, Extension, Segment, StaticList
from segctl.model.values import DURATION, Model, duration_us, one_of, path_parts

Place = tuple[str | int, ...]
"""The path of a part in its document."""

_MEASURES = {
    "count": MeasureKind.COUNT, "sum": MeasureKind.SUM, "average": MeasureKind.AVERAGE,
    "min": MeasureKind.MIN, "max": MeasureKind.MAX, "distinct": MeasureKind.DISTINCT,
    "days": MeasureKind.DAYS, "first": MeasureKind.FIRST, "last": MeasureKind.LAST,
}  # fmt: skip


def lower(document: Document) -> Node:
    """What a segment, campaign, extension or list means, as it was written and not yet normalised.

    Raises:
        TypeError: the document is none of these.
    """
    lowering = _Lowering(document)
    match document.resource:
        case Segment() as segment:
            return lowering.segment(segment)
        case Campaign() as campaign:
            return lowering.campaign(campaign)
        case Extension() as extension:
            return lowering.condition(extension.from_, ("from",))
        case StaticList() as static:
            return nodes.Reference("list", static.name, document.span(("name",)))
        case _:
            raise TypeError(f"a {document.key[0]} has no membership")


def _all(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _any(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Any(tuple(parts))


@dataclass(frozen=True)
class _Lowering:
    """The conditions of one document."""

    document: Document

    def segment(self, segment: Segment) -> Node:
        parts = [self.where(segment.where, ("where",))]
        if segment.exclude:
            parts.append(Not(_any(self.conditions(segment.exclude, ("exclude",)))))
        return _all(parts)

    def campaign(self, campaign: Campaign) -> Node:
        audience, place = campaign.audience, ("audience",)
        parts = [_any(self._segments(audience.include, (*place, "include")))]
        if audience.where is not None:
            parts.append(self.where(audience.where, (*place, "where")))
        if audience.exclude:
            parts.append(Not(_any(self._segments(audience.exclude, (*place, "exclude")))))
        return _all(parts)

    def _segments(self, names: Iterable[str], place: Place) -> list[Node]:
        return [nodes.Reference("segment", name, self._span(*place, i)) for i, name in enumerate(names)]

    def where(self, where: Model | Sequence[Model], place: Place) -> Node:
        """One condition, or a list of which all must hold."""
        return self.condition(where, place) if isinstance(where, Model) else _all(self.conditions(where, place))

    def conditions(self, conditions: Iterable[Model], place: Place) -> list[Node]:
        return [self.condition(one, (*place, i)) for i, one in enumerate(conditions)]

    def condition(self, condition: Model, place: Place) -> Node:
        """A condition on users, or on event rows."""
        match condition:
            case written.AllOf() | written.PropertyAll():
                return All(tuple(self.conditions(condition.all_, (*place, "all"))))
            case written.AnyOf() | written.PropertyAny():
                return Any(tuple(self.conditions(condition.any_, (*place, "any"))))
            case written.NotOf() | written.PropertyNot():
                return Not(self.condition(condition.not_, (*place, "not")))
            case written.AttributeCondition() | written.PropertyCondition():
                return self._value(condition, place)
            case written.EventCondition():
                return self._event(condition, place)
            case _:
                return self._other(condition, place)

    def _other(self, condition: Model, place: Place) -> Node:
        match condition:
            case written.SegmentCondition(segment=name):
                return nodes.Reference("segment", name, self._span(*place, "segment"))
            case written.ExtensionCondition(extension=name):
                return nodes.Reference("extension", name, self._span(*place, "extension"))
            case written.ListCondition(list_=name):
                return nodes.Reference("list", name, self._span(*place, "list"))
            case written.BucketCondition(bucket=bucket):
                return nodes.Bucket(bucket.from_, bucket.to)
            case written.EveryoneCondition(everyone=everyone):
                return nodes.Everyone() if everyone else NOBODY
            case _:
                raise TypeError(f"no meaning for {type(condition).__name__}")

    def _span(self, *place: str | int) -> Span | None:
        return self.document.span(place)

    def _value(self, condition: written.AttributeCondition | written.PropertyCondition, place: Place) -> Node:
        if isinstance(condition, written.AttributeCondition):
            path, origin = path_parts(condition.attribute), self._span(*place, "attribute")
        else:
            path, origin = path_parts(condition.property_), self._span(*place, "property")
        test, negative = value_test(condition)
        literals = self._literals(condition, VALUE_OPERATORS, place)
        node: Node = nodes.Value(path, test, origin, literals)
        node = Not(node) if negative else node
        if condition.or_missing:
            return Any((node, Not(nodes.Value(path, nodes.Present(), origin))))
        return node

    def _literals(self, model: Model, operators: Sequence[str], place: Place) -> tuple[Span | None, ...]:
        """The places of the literals of the one operator, in their order."""
        return tuple(self._span(*place, *keys) for keys in literal_keys(model, operators))

    # --- events -------------------------------------------------------------------------------

    def _event(self, event: written.EventCondition, place: Place) -> Node:
        origin = self._span(*place, "event")
        where: Node = nodes.Everyone() if event.where is None else self.where(event.where, (*place, "where"))
        rows = nodes.Rows(_names(event.event), where, self._window(event, place), origin)
        written_measures = one_of(event, written.MEASURES)
        if not written_measures:
            return nodes.EventTest(rows, nodes.Measure(MeasureKind.COUNT), DEFAULT_COUNT, origin)
        return self._measured(event, rows, written_measures[0], place)

    def _measured(self, event: written.EventCondition, rows: nodes.Rows, key: str, place: Place) -> Node:
        field = next(f for f in written.MEASURES if (type(event).model_fields[f].alias or f) == key)
        test: Comparison | TimeOperators = getattr(event, field)
        of = path_parts(test.of) if isinstance(test, written.Measured) else None
        measure = nodes.Measure(_MEASURES[key], of)
        inside = (*place, key)
        instants = isinstance(test, TimeOperators)
        literals = self._literals(test, TIME_OPERATORS if instants else COMPARISONS, inside)
        limits = time_test(test) if isinstance(test, TimeOperators) else comparison(test)
        node = nodes.EventTest(rows, measure, limits, self._span(*inside), literals)
        return Any((node, nodes.EventMissing(rows, measure))) if test.or_missing else node

    def _window(self, event: written.EventCondition, place: Place) -> nodes.Window:
        if isinstance(event.within, str):
            return nodes.Window(Ago(duration_us(event.within)))
        if event.within is not None:
            return nodes.Window(Midnight(event.within.days_before_today))
        if event.between is not None:
            start, end = event.between
            return nodes.Window(self._limit(start, (*place, "between", 0)), self._limit(end, (*place, "between", 1)))
        since = None if event.since is None else self._limit(event.since, (*place, "since"))
        until = None if event.until is None else self._limit(event.until, (*place, "until"))
        return nodes.Window(since, until)

    def _limit(self, text: str, place: Place) -> Ago | Written:
        """A duration ago, or a date or an instant."""
        return Ago(duration_us(text)) if re.fullmatch(DURATION, text) else Written(text, self._span(*place))


def _names(event: str | list[str] | written.NamePrefix) -> Names:
    if isinstance(event, written.NamePrefix):
        return Names(prefix=event.starts_with)
    if event == "*":
        return Names(prefix="")
    return Names(tuple(event) if isinstance(event, list) else (event,))
