"""What all shards of one process share: tests on catalogues and on dictionaries, each made once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.engine import texts
from segctl.engine.leaves import leaf
from segctl.engine.predicates import passes
from segctl.engine.source import Bits, ColumnData, Ints, Source, Values
from segctl.index.millionths import Millionths, millionths
from segctl.index.physical import rows_of, take_or_missing
from segctl.logic.bound import Column, Test
from segctl.logic.leaves import Leaf, columns_of

Pointers = npt.NDArray[np.int32]
"""Rows of a catalogue, -1 for none."""


_MOST = 1_000
"""So many dictionaries are remembered; those of joined slices belong to one shard and are not asked for again."""


@dataclass(eq=False)
class Shared:
    """Answers that do not depend on the shard."""

    source: Source
    _columns: dict[Column, ColumnData] = field(default_factory=dict)
    _millionths: dict[Column, Millionths] = field(default_factory=dict)
    _matching: dict[Leaf, Bits] = field(default_factory=dict)
    _texts: dict[tuple[int, texts.TextTest], tuple[pa.Array, Bits]] = field(default_factory=dict)

    def passes(self, column: ColumnData, test: Test) -> Bits:
        """Which rows pass; a dictionary that several shards have is tested once."""
        return passes(column, test, self._match)

    def _match(self, dictionary: pa.Array, test: texts.TextTest) -> Bits:
        key = (id(dictionary), test)
        if key not in self._texts:
            if len(self._texts) >= _MOST:
                self._texts.clear()
            self._texts[key] = (dictionary, texts.matching(dictionary, test))
        return self._texts[key][1]

    def catalog_matching(self, test: Leaf) -> Bits:
        """Which rows of the one catalogue that the test reads pass."""
        if test not in self._matching:
            rows = rows_of(self._catalog(next(columns_of(test))))
            self._matching[test] = leaf(test, self._catalog, rows, self.passes)
        return self._matching[test]

    def catalog_values(self, column: Column, rows: Pointers) -> Values | None:
        """The values of some rows of a catalogue, missing for -1; None where they are no single values."""
        found = take_or_missing(self._catalog(column), column.type, rows)
        return found if isinstance(found, Values) else None

    def catalog_millionths(self, column: Column) -> Millionths:
        """A column of a catalogue in whole millionths."""
        if column not in self._millionths:
            data = self._catalog(column)
            if not isinstance(data, Values):
                raise TypeError("only numbers are summed")
            self._millionths[column] = millionths(data)
        return self._millionths[column]

    def summed(self, column: Column, rows: Pointers) -> Ints:
        """The millionths of some rows of a catalogue, 0 for -1."""
        return np.append(self.catalog_millionths(column).values, 0).take(rows, mode="wrap")

    def _catalog(self, column: Column) -> ColumnData:
        if column not in self._columns:
            self._columns[column] = self.source.catalog_column(str(column.catalog), column.path)
        return self._columns[column]
