"""A population as bytes: its ids in order, as a compressed Arrow file that any tool can read."""

from __future__ import annotations

import pyarrow as pa

from segctl.index.population import Population
from segctl.state.written import Unreadable

_COLUMN = "id"


def write(population: Population) -> bytes:
    """The bytes of a population's file; what names it is the population's own digest."""
    table = pa.table({_COLUMN: population.ids})
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def read(data: bytes, digest: str) -> Population:
    """The population of this digest; `Unreadable` if one id of it is another."""
    try:
        with pa.ipc.open_file(pa.BufferReader(data)) as reader:
            ids = reader.read_all().column(_COLUMN)
            ids.validate(full=True)
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise Unreadable("it is torn") from error
    population = Population.ordered(ids)
    if population.digest != digest:
        raise Unreadable("its content does not match its digest")
    return population
