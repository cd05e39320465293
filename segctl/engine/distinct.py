"""How many different values, or local days, each user's rows have: pairs of user and value, sorted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.engine.columns import present_values
from segctl.engine.days import local_days
from segctl.engine.parts import Chosen, Numbers, Part
from segctl.engine.source import Bits, Ints, Values
from segctl.logic.bound import Column
from segctl.logic.types import Scalar

_WIDEST = 2**63 - 1
_NARROW = 2**31 - 1


@dataclass(eq=False)
class Distinct:
    """Different values of a column."""

    column: Column
    size: int
    users: list[Numbers] = field(default_factory=list)
    values: list[Values] = field(default_factory=list)

    def add(self, part: Part, chosen: Chosen) -> None:
        """Keep the values."""
        found = part.values(self.column, chosen)
        if found is not None:
            rows, values = present_values(found)
            self.users.append(part.users[chosen] if rows is None else part.users[chosen][rows])
            self.values.append(values)

    @cached_property
    def counts(self) -> Ints:
        """How many of them, per user."""
        if not self.users:
            return np.zeros(self.size, dtype=np.int64)
        return pairs(np.concatenate(self.users), codes(self.values), self.size)


@dataclass(eq=False)
class LocalDays:
    """Different local calendar days of the rows."""

    zone: str
    size: int
    users: list[Numbers] = field(default_factory=list)
    days: list[Ints] = field(default_factory=list)

    def add(self, part: Part, chosen: Chosen) -> None:
        """Keep the days."""
        self.users.append(part.users[chosen])
        self.days.append(local_days(part.times[chosen], self.zone))

    @cached_property
    def counts(self) -> Ints:
        """How many of them, per user."""
        if not self.users:
            return np.zeros(self.size, dtype=np.int64)
        return pairs(np.concatenate(self.users), np.concatenate(self.days), self.size)


def pairs(users: Numbers, values: Ints, size: int) -> Ints:
    """How many different values stand beside each user."""
    if not len(users):
        return np.zeros(size, dtype=np.int64)
    least = int(values.min())
    width = int(values.max()) - least + 1
    if width * size > _WIDEST:
        return pairs(users, ranks(values), size)
    keys = users * width + (values - least)
    keys = np.sort(keys.astype(np.int32)) if width * size <= _NARROW else np.sort(keys)
    counts: Ints = np.bincount(keys[_changes(keys)] // width, minlength=size)
    return counts


def _changes(ordered: npt.NDArray[Any]) -> Bits:
    """Where a value differs from the one before it; the first does."""
    changes = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=changes[1:])
    return changes


def ranks(values: npt.NDArray[Any]) -> Ints:
    """Small numbers from 0 that are equal where the values are."""
    order = np.argsort(values)
    numbers = np.empty(len(values), dtype=np.int64)
    numbers[order] = np.cumsum(_changes(values[order])) - 1
    return numbers


def codes(columns: Sequence[Values]) -> Ints:
    """One integer per value over all columns, equal where the values are equal; none of them is missing."""
    kinds = {column.type for column in columns}
    if Scalar.STRING in kinds:
        return _text_codes([column for column in columns if column.type is Scalar.STRING])
    if Scalar.FLOAT in kinds:
        return _number_codes([column.values for column in columns])
    return np.concatenate([column.values.astype(np.int64) for column in columns])


def _text_codes(columns: Sequence[Values]) -> Ints:
    dictionaries = [column.dictionary for column in columns]
    if all(one is dictionaries[0] for one in dictionaries):
        return np.concatenate([column.values.astype(np.int64) for column in columns])
    union = pc.unique(pa.chunked_array(dictionaries))
    return np.concatenate([_translated(column, union) for column in columns])


def _translated(column: Values, union: pa.Array) -> Ints:
    """The codes of a column in the dictionary of all."""
    table = pc.index_in(column.dictionary, value_set=union).to_numpy(zero_copy_only=False).astype(np.int64)
    translated: Ints = table[column.values]
    return translated


def _number_codes(arrays: Sequence[npt.NDArray[Any]]) -> Ints:
    """Codes of integers and floats by their exact numbers: a whole float is the integer it equals."""
    wholes = [_is_whole(array) for array in arrays]
    whole = np.concatenate(wholes)
    numbers = np.concatenate([array[there].astype(np.int64) for array, there in zip(arrays, wholes, strict=True)])
    fractions = np.concatenate([array[~there].astype(np.float64) for array, there in zip(arrays, wholes, strict=True)])
    coded = np.empty(len(whole), dtype=np.int64)
    coded[whole] = ranks(numbers)
    coded[~whole] = ranks(fractions) + len(numbers)
    return coded


def _is_whole(array: npt.NDArray[Any]) -> Bits:
    """Which numbers a 64-bit integer holds exactly."""
    if array.dtype.kind != "f":
        return np.ones(len(array), dtype=np.bool_)
    whole: Bits = (np.floor(array) == array) & (array >= -(2.0**63)) & (array < 2.0**63)
    return whole
