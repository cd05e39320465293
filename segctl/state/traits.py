"""The values of all traits as one table: a Parquet file, named by its digest, with the users' ids beside them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.parquet as pq

from segctl.state import canonical
from segctl.state.written import Unreadable

ID = "user_id"
"""The column of the ids."""


@dataclass(frozen=True, eq=False)
class TraitTable:
    """One row per user of a population, in its order; `columns` are the traits by name."""

    population: str
    ids: pa.StringArray
    columns: Mapping[str, pa.Array]


@dataclass(frozen=True)
class PackedTraits:
    """The bytes of a table's file, and what names them."""

    population: str
    digest: str
    data: bytes = field(compare=False, repr=False)


def pack(table: TraitTable) -> PackedTraits:
    """The file of a table."""
    names = [ID, *table.columns]
    arrow = pa.Table.from_arrays([table.ids, *table.columns.values()], names=names)
    file = io.BytesIO()
    pq.write_table(arrow.replace_schema_metadata({"segctl.population": table.population}), file, compression="zstd")
    data = file.getvalue()
    return PackedTraits(table.population, canonical.digest(data), data)


def unpack(data: bytes, digest: str) -> TraitTable:
    """The table of this digest; `Unreadable` if one byte of it is another."""
    if canonical.digest(data) != digest:
        raise Unreadable("its content does not match its digest")
    try:
        arrow = pq.read_table(pa.BufferReader(data)).combine_chunks()
        population = (arrow.schema.metadata or {})[b"segctl.population"].decode()
    except (pa.ArrowException, OSError, KeyError) as error:
        raise Unreadable("it is not a table of traits of this version") from error
    ids, *columns = (_whole(column) for column in arrow.columns)
    return TraitTable(population, ids, dict(zip(arrow.column_names[1:], columns, strict=True)))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """The column as one array; one without rows has no chunk."""
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)
