"""A random world as tables of DuckDB."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import duckdb
import pyarrow as pa
import xxhash

from segctl.logic.types import ListOf, Scalar, Struct, Type
from tests.laws.files import arrow
from tests.sql.clock import EPOCH, Clock
from tests.sql.events import AT, MILLIONTHS, ROW, USER
from tests.sql.values import name
from tests.strategies import Case
from tests.writing.messages import DEFINED

_MILLIONTH = Decimal("0.000001")


def connect() -> duckdb.DuckDBPyConnection:
    """A database in memory, on one core."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def load(connection: duckdb.DuckDBPyConnection, case: Case) -> Clock:
    """All tables of the case: users, one for each event name, catalogues, given memberships, buckets."""
    users = [{"id": user.id, **user.attributes} for user in case.users]
    _create(connection, "users", users, {"id": Scalar.STRING, **case.schema.users})
    events = [(user.id, row) for user in case.users for row in user.events] + list(case.orphans)
    for event, types in case.schema.events.items():
        rows = [
            {**row.properties, USER: user, AT: row.time_us, ROW: number}
            for number, (user, row) in enumerate(events)
            if row.name == event
        ]
        _create(connection, f"event {event}", rows, {**types, USER: Scalar.STRING, AT: Scalar.TIME, ROW: Scalar.INT})
    for catalog, schema in case.schema.catalogs.items():
        keyed = [{"key": key, **fields} for key, fields in case.world.catalogs[catalog].rows.items()]
        _create(connection, f"catalog {catalog}", keyed, {"key": Scalar.STRING, **schema.fields})
    given = [{"kind": kind, "name": n, "id": i} for (kind, n), ids in case.world.given.items() for i in ids]
    _create(connection, "given", given, dict.fromkeys(("kind", "name", "id"), Scalar.STRING))
    prefixes = ("", *(f"{campaign}:" for campaign in DEFINED))
    buckets = [
        {"of": prefix, "id": user.id, "bucket": xxhash.xxh3_64_intdigest(f"{prefix}{user.id}".encode()) % 10_000}
        for user in case.users
        for prefix in prefixes
    ]
    _create(connection, "buckets", buckets, {"of": Scalar.STRING, "id": Scalar.STRING, "bucket": Scalar.INT})
    return Clock(connection, case.schema.zone, EPOCH + timedelta(microseconds=case.as_of_us))


def _create(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]], types: Mapping[str, Type]
) -> None:
    columns = {key: pa.array([row.get(key) for row in rows], arrow(kind)) for key, kind in types.items()
               if isinstance(kind, Scalar | ListOf | Struct)}  # fmt: skip
    for key, kind in types.items():
        if kind is Scalar.FLOAT:
            columns[MILLIONTHS + key] = _millionths(row.get(key) for row in rows)
    connection.register("made", pa.table(columns))
    connection.execute(f"CREATE OR REPLACE TABLE {name(table)} AS SELECT * FROM made")
    connection.unregister("made")


def _millionths(values: Iterable[Any]) -> pa.Array:
    """Whole millionths of the exact value, ties to even (law 7); what is beyond 38 digits is in no sum."""
    kept = [None if v is None or not abs(v) < 1e18 else int(_rounded(v).scaleb(6)) for v in values]
    return pa.array([None if n is None else Decimal(n) for n in kept], pa.decimal128(38, 0))


def _rounded(value: float) -> Decimal:
    assert math.isfinite(value)
    return Decimal(value).quantize(_MILLIONTH, ROUND_HALF_EVEN)
