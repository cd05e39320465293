"""Small tables of plain rows that look to the engine like an index."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from segctl.engine.source import Bits, ColumnData, Ints
from segctl.index.column import Lists, Presence, Values
from segctl.logic.exact import millionths
from segctl.logic.types import ELEMENTS, NOTHING, ListOf, Scalar, Schema, Type, descend, flat

Path = tuple[str, ...]
_DTYPES = {Scalar.BOOL: np.bool_, Scalar.INT: np.int64, Scalar.DATE: np.int32, Scalar.TIME: np.int64}


def column(kind: Type, values: Sequence[Any]) -> ColumnData:
    """A column of these values; None is missing."""
    if not isinstance(kind, Scalar | ListOf):
        return Presence(np.array([v is not None for v in values], dtype=np.bool_))
    if isinstance(kind, ListOf):
        return _lists(kind, values)
    assert isinstance(kind, Scalar)
    if kind is Scalar.FLOAT:
        return Values(kind, np.array([math.nan if v is None else v for v in values], dtype=np.float64))
    if kind is Scalar.STRING:
        texts = sorted({v for v in values if v is not None}, reverse=True)
        codes = np.array([-1 if v is None else texts.index(v) for v in values], dtype=np.int32)
        return Values(kind, codes, None, pa.array(texts, pa.string()))
    valid = None if None not in values else np.array([v is not None for v in values], dtype=np.bool_)
    return Values(kind, np.array([v or 0 for v in values], dtype=_DTYPES[kind]), valid)


def _lists(kind: ListOf, values: Sequence[Any]) -> Lists:
    offsets = np.cumsum([0, *(len(v or ()) for v in values)]).astype(np.int64)
    elements = column(kind.element, [item for v in values for item in v or ()])
    return Lists(kind, offsets, elements, np.array([v is not None for v in values], dtype=np.bool_))


def at(fields: Any, path: Path) -> Any:
    """The value at a path, None if there is none."""
    for number, part in enumerate(path):
        if part == ELEMENTS and isinstance(fields, list):
            return [at(element, path[number + 1 :]) for element in fields]
        fields = fields.get(part) if isinstance(fields, Mapping) else None
    return fields


def kind_at(types: Mapping[str, Type], path: Path) -> Type:
    """The type of a column at a path."""
    return flat(descend(types, path) or NOTHING)


@dataclass
class Rows:
    """Rows of one event name: (user number, instant, properties), in any order; `types` of the properties."""

    types: Mapping[str, Type]
    rows: Sequence[tuple[int, int, Mapping[str, Any]]]
    join: Callable[[str, Mapping[str, Any]], int] = lambda _catalog, _properties: -1

    def __post_init__(self) -> None:
        self.rows = sorted(self.rows, key=lambda row: row[1])

    @property
    def users(self) -> npt.NDArray[np.int32]:
        return np.array([row[0] for row in self.rows], dtype=np.int32)

    @property
    def times(self) -> Ints:
        return np.array([row[1] for row in self.rows], dtype=np.int64)

    def property(self, path: Path) -> ColumnData:
        return column(kind_at(self.types, path), [at(row[2], path) for row in self.rows])

    def millionths(self, path: Path) -> tuple[Ints, Bits | None]:
        values = [at(row[2], path) for row in self.rows]
        numbers = [0 if v is None or math.isnan(v) else millionths(v) for v in values]
        return np.array(numbers, dtype=np.int64), None

    def catalog_rows(self, catalog: str) -> npt.NDArray[np.int32]:
        return np.array([self.join(catalog, row[2]) for row in self.rows], dtype=np.int32)


@dataclass
class Users:
    """Users by their ids, in the order of their numbers; those in `outside` are not in the population."""

    ids: Sequence[str]
    types: Mapping[str, Type] = field(default_factory=dict)
    attributes: Sequence[Mapping[str, Any]] = ()
    slices: Mapping[str, Sequence[Rows]] = field(default_factory=dict)
    outside: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        return len(self.ids)

    @property
    def hashes(self) -> npt.NDArray[np.uint64]:
        return np.array([xxhash.xxh3_64_intdigest(one.encode()) for one in self.ids], dtype=np.uint64)

    @property
    def order(self) -> npt.NDArray[np.int32]:
        numbers = [number for number, one in enumerate(self.ids) if one not in self.outside]
        return np.array(sorted(numbers, key=lambda number: self.hashes[number]), dtype=np.int32)

    def attribute(self, path: Path) -> ColumnData:
        return column(kind_at(self.types, path), [at(fields, path) for fields in self.attributes])

    def events(self, name: str) -> Sequence[Rows]:
        return self.slices.get(name, ())


@dataclass
class Tables:
    """Shards of users."""

    as_of_us: int
    schema: Schema
    parts: Sequence[Users]
    catalogs: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    bound: int = 0

    @property
    def shards(self) -> int:
        return len(self.parts)

    def shard(self, number: int) -> Users:
        return self.parts[number]

    def catalog_column(self, catalog: str, path: Path) -> ColumnData:
        kind = kind_at(self.schema.catalogs[catalog].fields, path)
        return column(kind, [at(row, path) for row in self.catalogs[catalog]])

    def sum_bound(self, name: str, path: Path) -> int:
        del name, path
        return self.bound

    def ids(self, bits: Bits) -> set[str]:
        """The ids of the members."""
        ordered = [users.ids[number] for users in self.parts for number in users.order.tolist()]
        assert len(ordered) == len(bits)
        return {one for one, member in zip(ordered, bits.tolist(), strict=True) if member}
