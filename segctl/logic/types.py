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
    """A list of scalars."""

    element: Scalar


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
