"""An index back into plain rows, so that tests compare it with the rows that went in."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segctl.index.column import ColumnData, Lists, Presence
from segctl.index.reader import Index
from segctl.index.update import Options, update
from segctl.index.view import Shard
from segctl.logic.needs import Needs
from segctl.logic.types import Scalar
from segctl.model.project import Project
from segctl.progress import Silent

Row = Mapping[str, Any]
END = 1 << 62
SECOND = 1_000_000

PROJECT: dict[str, Any] = {
    "kind": "project", "name": "shop",
    "users": {"path": "users/*.parquet", "id": "id"},
    "events": [{"path": "events/*.parquet", "user": "user", "time": "ts", "name": {"column": "event"}}],
}  # fmt: skip
USERS = pa.schema([("id", pa.string()), ("age", pa.int64()), ("country", pa.string())])
EVENTS = pa.schema([
    ("user", pa.string()), ("ts", pa.timestamp("us")), ("event", pa.string()),
    ("amount", pa.float64()), ("color", pa.string()), ("tags", pa.list_(pa.int64())),
])  # fmt: skip


def write_parquet(path: Path, rows: Sequence[Row], schema: pa.Schema) -> None:
    """Rows as a Parquet file of small row groups."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema), path, row_group_size=7)


def write_text(path: Path, text: str) -> None:
    """A text file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def indexed(root: Path, project: Mapping[str, Any] = PROJECT, options: Options | None = None) -> Index:
    """The index of a project's files, below them."""
    return update(root, Project.model_validate(dict(project)), root / "index", Silent(), options or Options())


def everything(index: Index) -> Needs:
    """All columns that there are."""
    schema = index.schema
    catalogs = frozenset(schema.catalogs)
    return Needs(
        attributes=frozenset((name,) for name in schema.users),
        properties={event: frozenset((name,) for name in fields) for event, fields in schema.events.items()},
        catalogs={name: frozenset((field,) for field in found.fields) for name, found in schema.catalogs.items()},
        joins=dict.fromkeys(schema.events, catalogs),
        sums={
            event: frozenset((n,) for n, kind in fields.items() if kind in (Scalar.INT, Scalar.FLOAT))
            for event, fields in schema.events.items()
        },
    )


def plain_values(column: ColumnData) -> list[Any]:
    """The values of a column as Python has them, None where missing."""
    if isinstance(column, Presence):
        return [True if there else None for there in column.valid.tolist()]
    if isinstance(column, Lists):
        elements, ends = plain_values(column.elements), column.offsets.tolist()
        lists = [elements[start:stop] for start, stop in pairwise(ends)]
        return _valid(lists, column.valid)
    if column.type is Scalar.STRING:
        texts = [*(column.dictionary.to_pylist() if column.dictionary is not None else []), None]
        return [texts[code] for code in column.values.tolist()]
    if column.type is Scalar.FLOAT:
        return [None if math.isnan(value) else value for value in column.values.tolist()]
    return _valid(column.values.tolist(), column.valid)


def _valid(values: list[Any], valid: np.ndarray | None) -> list[Any]:
    return values if valid is None else [v if there else None for v, there in zip(values, valid.tolist(), strict=True)]


def users_of(index: Index, as_of: int = END) -> dict[str, dict[str, Any]]:
    """The population with its attributes."""
    index.ensure(everything(index), Silent())
    view = index.at(as_of)
    found: dict[str, dict[str, Any]] = {}
    for number in range(view.shards):
        shard = view.shard(number)
        columns = {name: plain_values(shard.attribute((name,))) for name in index.schema.users}
        ids = shard.ids.to_pylist()
        for local in shard.order.tolist():
            found[ids[local]] = {name: values[local] for name, values in columns.items()}
    return found


def events_of(index: Index) -> Counter[Any]:
    """All rows of events that have a user, with their properties; how often each is there."""
    index.ensure(everything(index), Silent())
    view = index.at(END)
    rows: Counter[Any] = Counter()
    for number in range(view.shards):
        rows.update(_rows_of(view.shard(number), index))
    return rows


def _rows_of(shard: Shard, index: Index) -> Iterable[Any]:
    ids = shard.ids.to_pylist()
    for event, fields in index.schema.events.items():
        for part in shard.events(event):
            times = part.times.tolist()
            assert times == sorted(times)
            columns = {name: plain_values(part.property((name,))) for name in sorted(fields)}
            for row, (user, time) in enumerate(zip(part.users.tolist(), times, strict=True)):
                yield frozen(ids[user], event, time, {name: values[row] for name, values in columns.items()})


def frozen(user: str, event: str, time: int, properties: Mapping[str, Any]) -> Any:
    """A row of events as a key."""
    return (user, event, time, tuple((n, repr(v)) for n, v in sorted(properties.items())))
