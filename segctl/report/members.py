"""Members as files: lines, CSV, JSON, Parquet, Arrow. The one place where ids come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

import pyarrow as pa

from segctl.report.files import write_arrow, write_csv, write_parquet
from segctl.report.json import dumps


class Roll(Protocol):
    """The members of one resource, sorted by id; `variants` are a campaign's, one per member."""

    @property
    def name(self) -> str:
        """As it was asked for."""

    @property
    def ids(self) -> pa.StringArray:
        """The members."""

    @property
    def variants(self) -> pa.StringArray | None:
        """Their variants, where there are some."""


@dataclass(frozen=True)
class Moved:
    """Those who entered or exited, sorted by id."""

    name: str
    ids: pa.StringArray
    variants: None = None


def write(rolls: Sequence[Roll], form: str, file: BinaryIO) -> None:
    """Write the members in a format; `lines` only names ids, so it wants one roll."""
    match form:
        case "lines":
            _lines(rolls, file)
        case "csv":
            write_csv(table(rolls), file)
        case "json":
            file.write(dumps({roll.name: roll.ids.to_pylist() for roll in rolls}).encode())
        case "parquet":
            write_parquet(table(rolls), file)
        case _:
            write_arrow(table(rolls), file)


def table(rolls: Sequence[Roll]) -> pa.Table:
    """The columns `name`, `id`, and `variant` where one of them has variants."""
    names = [pa.array([roll.name], pa.string()).dictionary_encode().take(_zeros(len(roll.ids))) for roll in rolls]
    columns = {
        "name": pa.chunked_array(names, pa.dictionary(pa.int32(), pa.string())).unify_dictionaries(),
        "id": pa.chunked_array([roll.ids for roll in rolls], pa.string()),
    }
    if any(roll.variants is not None for roll in rolls):
        variants = [pa.nulls(len(r.ids), pa.string()) if r.variants is None else r.variants for r in rolls]
        columns["variant"] = pa.chunked_array(variants, pa.string())
    return pa.table(columns)


def _zeros(length: int) -> pa.Int32Array:
    return pa.array([0], pa.int32()).take(pa.nulls(length, pa.int32()).fill_null(0))


def _lines(rolls: Sequence[Roll], file: BinaryIO) -> None:
    for roll in rolls:
        ids = roll.ids.to_pylist()
        if ids:
            file.write(("\n".join(ids) + "\n").encode())
