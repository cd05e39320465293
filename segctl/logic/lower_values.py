"""Tests on one value, from what was written to nodes: attributes, properties, traits, elements of lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from segctl.diagnostics import Span
from segctl.load.document import Document
from segctl.logic import nodes
from segctl.logic.nodes import All, Any, Node, Not
from segctl.logic.operators import literal_keys, value_test
from segctl.model import elements
from segctl.model.operators import ValueOperators
from segctl.model.place_of import Coordinates
from segctl.model.places import Inside, Near, corners, metres_of
from segctl.model.values import Model, path_parts

Keys = tuple[str | int, ...]
"""The path of a part in its document."""

Tested = Callable[[nodes.ValueTest], Node]
"""A test put to the value that a condition is about."""


@dataclass(frozen=True)
class Values:
    """The tests on values in one document."""

    document: Document

    def span(self, *keys: str | int) -> Span | None:
        """Where a part of the document was written."""
        return self.document.span(keys)

    def literals(self, model: Model, operators: Sequence[str], place: Keys) -> tuple[Span | None, ...]:
        """The places of the literals of the one operator, in their order."""
        return self.document.spans((*place, *keys) for keys in literal_keys(model, operators))

    def value(self, path: str | list[str] | Coordinates, condition: ValueOperators, place: Keys, head: str) -> Node:
        """A test on an attribute, or on a property of a row; `head` is its key."""
        origin = self.span(*place, head)
        if condition.near is not None or condition.inside is not None:
            return self._place(path, condition, origin)
        parts = path_parts(path) if isinstance(path, str | list) else ()
        literals = self._literals(condition, place)
        return self.tested(condition, lambda test: nodes.Value(parts, test, origin, literals), place)

    def trait(self, name: str, condition: ValueOperators, place: Keys) -> Node:
        """A test on a trait."""
        origin, literals = self.span(*place, "trait"), self._literals(condition, place)
        return self.tested(condition, lambda test: nodes.TraitValue(name, test, origin, literals), place)

    def _literals(self, condition: ValueOperators, place: Keys) -> tuple[Span | None, ...]:
        return () if _any_element(condition) is not None else self.literals(condition, condition.operators, place)

    def tested(self, condition: ValueOperators, tested: Tested, place: Keys) -> Node:
        """The one operator and its flags."""
        element = _any_element(condition)
        if element is not None:
            node = tested(nodes.AnyElement(self._element(element, (*place, "any_element"))))
        else:
            test, negative = value_test(condition)
            node = Not(tested(test)) if negative else tested(test)
        missing_too = condition.or_missing or (condition.length is not None and condition.length.or_missing)
        if not missing_too:
            return node
        there = nodes.VersionRange() if condition.version is not None else nodes.Present()
        return Any((node, Not(tested(there))))

    def _element(self, condition: Model, place: Keys) -> Node:
        """A condition on one element, whose paths begin at the element."""
        match condition:
            case elements.ElementAll(all_=parts):
                return All(tuple(self._element(one, (*place, "all", i)) for i, one in enumerate(parts)))
            case elements.ElementAny(any_=parts):
                return Any(tuple(self._element(one, (*place, "any", i)) for i, one in enumerate(parts)))
            case elements.ElementNot(not_=part):
                return Not(self._element(part, (*place, "not")))
            case elements.ElementField(attribute=path) | elements.ElementProperty(property_=path):
                head = "attribute" if isinstance(condition, elements.ElementField) else "property"
                return self.value(path, condition, place, head)
            case ValueOperators() if condition.near is not None or condition.inside is not None:
                return self._place([], condition, self.span(*place))
            case ValueOperators():
                literals, origin = self._literals(condition, place), self.span(*place)
                return self.tested(condition, lambda test: nodes.Value((), test, origin, literals), place)
            case _:
                raise TypeError(f"no meaning for {type(condition).__name__}")

    def _place(self, path: str | list[str] | Coordinates, condition: ValueOperators, origin: Span | None) -> Node:
        if isinstance(path, Coordinates):
            lat, lon = path_parts(path.lat), path_parts(path.lon)
        else:
            lat, lon = (*path_parts(path), "lat"), (*path_parts(path), "lon")
        node: Node = nodes.Place(lat, lon, _place_test(condition), origin)
        if not condition.or_missing:
            return node
        return Any((node, Not(nodes.Place(lat, lon, nodes.Somewhere(), origin))))


def _any_element(condition: ValueOperators) -> Model | None:
    return condition.any_element if isinstance(condition, elements.ListOperators) else None


def _place_test(condition: ValueOperators) -> nodes.Near | nodes.Inside:
    match condition.near, condition.inside:
        case Near(lat=lat, lon=lon, radius=radius), _:
            return nodes.Near(Decimal(lat), Decimal(lon), metres_of(radius))
        case _, Inside(polygon=polygon, holes=holes):
            return nodes.Inside(_ring(polygon), tuple(map(_ring, holes)))
    raise TypeError("neither `near` nor `inside`")


def _ring(ring: Sequence[Sequence[int | Decimal]]) -> nodes.Ring:
    return tuple((Decimal(lon), Decimal(lat)) for lon, lat in corners(ring))
