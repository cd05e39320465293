"""Short slices put together: a year of daily files costs little more than the same rows in one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from segctl.engine.source import Bits, ColumnData, Ints, Slice
from segctl.index.physical import join, take
from segctl.logic.types import NOTHING, Type, descend, flat

SHORT = 1 << 14
"""What is done once per slice costs as much as about so many rows."""

LONG = 1 << 17
"""Joined slices end here, so that joining needs little memory."""


def packed(slices: Sequence[Slice], fields: Mapping[str, Type]) -> list[Slice]:
    """The same rows in fewer slices; long ones stay as they are. `fields` are the properties' types."""
    return [group[0] if len(group) == 1 else Joined(tuple(group), fields) for group in _groups(slices)]


def _groups(slices: Sequence[Slice]) -> Iterator[list[Slice]]:
    waiting: list[Slice] = []
    rows = 0
    for one in slices:
        if len(one.times) >= SHORT:
            yield [one]
            continue
        waiting.append(one)
        rows += len(one.times)
        if rows >= LONG:
            yield waiting
            waiting, rows = [], 0
    if waiting:
        yield waiting


@dataclass(frozen=True, eq=False)
class Joined:
    """The rows of several slices as one, sorted by time."""

    parts: tuple[Slice, ...]
    fields: Mapping[str, Type]

    @cached_property
    def users(self) -> npt.NDArray[np.int32]:
        """The local number of each row's user."""
        return self._together(lambda part: part.users)

    @cached_property
    def times(self) -> Ints:
        """The instant of each row, UTC microseconds, ascending."""
        return self._together(lambda part: part.times)

    @cached_property
    def _order(self) -> npt.NDArray[np.int64] | None:
        """The rows by time; None where they are so one slice after the other."""
        times = np.concatenate([part.times for part in self.parts])
        return None if bool((times[1:] >= times[:-1]).all()) else np.argsort(times, kind="stable")

    def property(self, path: tuple[str, ...]) -> ColumnData:
        """A property, one value per row."""
        kind = flat(descend(self.fields, path) or NOTHING)
        column = join([part.property(path) for part in self.parts], kind)
        return column if self._order is None else take(column, self._order)

    def millionths(self, path: tuple[str, ...]) -> tuple[Ints, Bits | None]:
        """A number in whole millionths, 0 where missing."""
        return self._together(lambda part: part.millionths(path)[0]), None

    def catalog_rows(self, catalog: str) -> npt.NDArray[np.int32]:
        """The row of the catalogue that each row points to, -1 where to none."""
        return self._together(lambda part: part.catalog_rows(catalog))

    def _together(self, of: Callable[[Slice], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        rows = np.concatenate([of(part) for part in self.parts])
        return rows if self._order is None else rows[self._order]
