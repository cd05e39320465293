"""What a file says about the type of a column, and how the files of one table agree on it.

A text file (CSV, JSON Lines) does not name types; each value says what it could be read as. The
type of a table's column is the narrowest that every value of every file fits, so it never
depends on the order of rows or files, nor on a sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from segctl.logic.types import NOTHING, ListOf, Opaque, Scalar, Struct, Type

ANYTHING = frozenset({Scalar.BOOL, Scalar.INT, Scalar.FLOAT, Scalar.DATE, Scalar.TIME})
"""What a text may be read as beside text; INT comes with FLOAT, DATE with TIME."""

_NARROWEST = (Scalar.BOOL, Scalar.INT, Scalar.FLOAT, Scalar.DATE, Scalar.TIME)
_WIDER = {frozenset({Scalar.INT, Scalar.FLOAT}): Scalar.FLOAT, frozenset({Scalar.DATE, Scalar.TIME}): Scalar.TIME}


@dataclass(frozen=True, slots=True)
class Texts:
    """Values written as text, all of which can be read as any of the kinds."""

    kinds: frozenset[Scalar]


@dataclass(frozen=True, slots=True)
class ListShape:
    """Lists of elements."""

    element: Shape


@dataclass(frozen=True)
class StructShape:
    """Named fields."""

    fields: Mapping[str, Shape]


Shape = Scalar | Texts | ListShape | StructShape | Opaque


class Conflict(Exception):
    """Two shapes that no type has both of."""

    def __init__(self, one: Shape, other: Shape) -> None:
        super().__init__(f"{describe(one)} and {describe(other)}")
        self.shapes = (one, other)


def join(one: Shape, other: Shape) -> Shape:
    """The shape of a column whose values are of both.

    Raises:
        Conflict: no type has both.
    """
    if other in (one, NOTHING):
        return one
    if one == NOTHING:
        return other
    if isinstance(one, ListShape) and isinstance(other, ListShape):
        return ListShape(join(one.element, other.element))
    if isinstance(one, StructShape) and isinstance(other, StructShape):
        names = {**one.fields, **other.fields}
        return StructShape({n: join(one.fields.get(n, NOTHING), other.fields.get(n, NOTHING)) for n in names})
    return _join_scalars(one, other)


def _join_scalars(one: Shape, other: Shape) -> Shape:
    if isinstance(one, Texts) and isinstance(other, Texts):
        return Texts(one.kinds & other.kinds)
    if isinstance(other, Texts):
        one, other = other, one
    if isinstance(one, Texts) and isinstance(other, Scalar):
        fits = other if other is Scalar.STRING or other in one.kinds else None
        wider = next((w for pair, w in _WIDER.items() if other in pair and w in one.kinds), None)
        if fits or wider:
            return fits or wider or other
    elif isinstance(one, Scalar) and isinstance(other, Scalar) and frozenset({one, other}) in _WIDER:
        return _WIDER[frozenset({one, other})]
    raise Conflict(one, other)


def resolve(shape: Shape) -> Type:
    """The type of a column of this shape."""
    match shape:
        case Texts(kinds):
            return next((kind for kind in _NARROWEST if kind in kinds), Scalar.STRING)
        case ListShape(element):
            return ListOf(Scalar.STRING if element == NOTHING else resolve(element))
        case StructShape(fields):
            types = {name: resolve(field) for name, field in fields.items()}
            return Struct(types) if types else Opaque("struct without fields")
    return shape


def join_all(shapes: Iterable[Shape]) -> Shape:
    """The shape of all of them together."""
    joined: Shape = NOTHING
    for shape in shapes:
        joined = join(joined, shape)
    return joined


def describe(shape: Shape) -> str:
    """A word for messages."""
    return describe_type(resolve(shape))


def describe_type(kind: Type) -> str:
    """A word for messages."""
    match kind:
        case Scalar():
            return kind.value
        case ListOf(element):
            return f"list of {'list' if isinstance(element, ListOf) else describe_type(element)}s"
        case Struct():
            return "struct"
    return kind.name


# --- to and from JSON, for the index's manifest ------------------------------------------------


def to_json(shape: Shape) -> Any:
    """Plain data."""
    match shape:
        case Scalar():
            return shape.value
        case Texts(kinds):
            return sorted(kinds)
        case ListShape(element):
            return {"list": to_json(element)}
        case StructShape(fields):
            return {"struct": {name: to_json(field) for name, field in fields.items()}}
    return {"opaque": shape.name}


def from_json(data: Any) -> Shape:
    """The shape of plain data made by `to_json`."""
    if isinstance(data, str):
        return Scalar(data)
    if isinstance(data, list):
        return Texts(frozenset(Scalar(kind) for kind in data))
    if "list" in data:
        return ListShape(from_json(data["list"]))
    if "struct" in data:
        return StructShape({name: from_json(field) for name, field in data["struct"].items()})
    return Opaque(data["opaque"])


def of_type(kind: Type) -> Shape:
    """The shape of values that have this very type."""
    match kind:
        case ListOf(element):
            return ListShape(of_type(element))
        case Struct(fields):
            return StructShape({name: of_type(field) for name, field in fields.items()})
    return kind
