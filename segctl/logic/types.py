"""The types of attributes and properties, and the schema that names them."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Scalar(enum.StrEnum):
    """The types of a single value."""

    BOOL = "boolean"
    INT = "integer"
    FLOAT = "number"
    STRING = "text"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; operators read the elements where they are scalars, and the fields of those that are structs."""

    element: Type


@dataclass(frozen=True)
class Struct:
    """Named fields."""

    fields: Mapping[str, Type]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A type that no operator of this version reads (only `exists`); `name` is for messages."""

    name: str


Type = Scalar | ListOf | Struct | Opaque

NOTHING = Opaque("nothing")
"""The type of a column that holds no value in any row: every test finds it missing."""

NO_ELEMENTS = Opaque("list without elements")
"""The type of a column of lists that are all empty: every list is blank, and none includes anything."""


ELEMENTS = "[]"
"""The part of a path that goes from a list to its elements: `("accounts", "[]", "type")`. Definitions never say it."""


def flat(kind: Type) -> Type:
    """The type as a column has it: of structs, elements of lists too, only whether there is one."""
    if isinstance(kind, ListOf):
        return ListOf(flat(kind.element))
    return Opaque("struct") if isinstance(kind, Struct) else kind


def descend(fields: Mapping[str, Type], path: tuple[str, ...]) -> Type | None:
    """The type at a path that may go into the elements of a list: what is there is a list of what they have.

    Of what has no value nothing is known below it.
    """
    kind = fields.get(path[0])
    if len(path) == 1 or kind is None or kind == NOTHING:
        return kind
    if isinstance(kind, Struct):
        return descend(kind.fields, path[1:])
    if not isinstance(kind, ListOf) or path[1] != ELEMENTS:
        return None
    element = kind.element
    if len(path) > 2 and element != NOTHING:  # noqa: PLR2004 below the elements
        found = descend(element.fields, path[2:]) if isinstance(element, Struct) else None
        if found is None:
            return None
        element = found
    return NOTHING if element == NOTHING else ListOf(element)


@dataclass(frozen=True)
class CatalogSchema:
    """A catalogue: the path of the event property that holds its key, and its columns."""

    on: tuple[str, ...]
    key: str
    fields: Mapping[str, Type]


@dataclass(frozen=True)
class Schema:
    """What the data looks like: attributes, properties by event name, catalogues by name.

    `events` holds every event name that the data has. `zone` is the project's time zone.
    A `partial` schema says only what is known (the rows given to a test): what it lacks is no error,
    but a column of type `NOTHING`.
    """

    zone: str
    users: Mapping[str, Type]
    events: Mapping[str, Mapping[str, Type]]
    catalogs: Mapping[str, CatalogSchema] = field(default_factory=dict)
    partial: bool = False
