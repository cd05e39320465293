"""Random worlds as a project on disk: tables of all formats, split into files and shuffled."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from segctl.load.document import Document, Key
from segctl.load.project import Definitions
from segctl.logic.interpret import Row
from segctl.logic.types import ListOf, Scalar, Struct, Type
from segctl.model.project import Project
from tests.language import document
from tests.strategies import Case

Fields = Mapping[str, Any]
Types = Mapping[str, Type]

_ARROW = {
    Scalar.BOOL: pa.bool_(), Scalar.INT: pa.int64(), Scalar.FLOAT: pa.float64(), Scalar.STRING: pa.string(),
    Scalar.DATE: pa.date32(), Scalar.TIME: pa.timestamp("us", "UTC"),
}  # fmt: skip
_ALONE = "refund"
"""The event that has a table of its own, so that its numbers keep a type of their own."""


def write(case: Case, folder: Path, rng: Random) -> Definitions:
    """Write the case's data below the folder; the definitions are the project and its lists."""
    users = [{"user_id": user.id, **user.attributes} for user in case.users]
    user_types: Types = {"user_id": Scalar.STRING, **case.schema.users}
    rows = [(user.id, row) for user in case.users for row in user.events] + list(case.orphans)
    catalogs = {name: _catalog(case, name, folder, rng) for name in case.schema.catalogs}
    data = {
        "kind": "project", "name": "world", "timezone": case.schema.zone,
        "users": {"path": _files(users, user_types, folder / "users", rng), "id": "user_id"},
        "events": [_mixed(case, rows, folder, rng), _alone(case, rows, folder, rng)],
        "catalogs": catalogs,
    }  # fmt: skip
    project = Document(("project", "world"), Project.model_validate(data), data)
    return Definitions(folder, project, dict(_lists(case, folder)))


def _mixed(case: Case, rows: Sequence[tuple[str | None, Row]], folder: Path, rng: Random) -> dict[str, Any]:
    """One table for all events but one; its names stand in a column."""
    types: dict[str, Type] = {"user": Scalar.STRING, "event": Scalar.STRING, "at": Scalar.TIME}
    for name, properties in case.schema.events.items():
        types |= {} if name == _ALONE else properties
    listed = [
        {**row.properties, "user": user, "event": row.name, "at": row.time_us}
        for user, row in rows
        if row.name != _ALONE
    ]
    path = _files(listed, types, folder / "events", rng)
    return {"path": path, "user": "user", "time": "at", "name": {"column": "event"}}


def _alone(case: Case, rows: Sequence[tuple[str | None, Row]], folder: Path, rng: Random) -> dict[str, Any]:
    types = {"user": Scalar.STRING, "at": Scalar.TIME, **case.schema.events[_ALONE]}
    listed = [{**row.properties, "user": user, "at": row.time_us} for user, row in rows if row.name == _ALONE]
    path = _files(listed, types, folder / _ALONE, rng)
    return {"path": path, "user": "user", "time": "at", "name": {"value": _ALONE}}


def _catalog(case: Case, name: str, folder: Path, rng: Random) -> dict[str, Any]:
    schema = case.schema.catalogs[name]
    rows = [{schema.key: key, **fields} for key, fields in case.world.catalogs[name].rows.items()]
    path = _files(rows, {schema.key: Scalar.STRING, **schema.fields}, folder / name, rng, most=1)
    return {"path": path, "key": schema.key, "on": list(schema.on)}


def _lists(case: Case, folder: Path) -> Iterable[tuple[Key, Document]]:
    """The case's lists, each with an id that nobody has."""
    for (kind, name), ids in case.world.given.items():
        if kind == "list":
            table = pa.table({"id": pa.array([*sorted(ids), "unheard of"], pa.string())})
            pq.write_table(table, folder / f"{name}.parquet")
            yield (kind, name), document({"kind": "list", "name": name, "path": f"{name}.parquet", "id": "id"})


# --- files -------------------------------------------------------------------------------------


def _files(rows: Sequence[Fields], types: Types, folder: Path, rng: Random, most: int = 3) -> str:
    """Write rows in any order to files of one format; the glob that finds them."""
    folder.mkdir()
    ending = rng.choice(["parquet", "parquet", "arrow", "csv", "jsonl"])
    shuffled = rng.sample(rows, len(rows))
    count = rng.randint(1, most)
    for number in range(count):
        _WRITERS[ending](shuffled[number::count], types, folder / f"{rng.randrange(10**6)}-{number}.{ending}")
    return f"{folder.name}/*.{ending}"


def arrow(kind: Type) -> pa.DataType:
    """The Arrow type of a column."""
    match kind:
        case ListOf(element):
            return pa.list_(_ARROW[element])
        case Struct(fields):
            return pa.struct([(name, arrow(field)) for name, field in fields.items()])
        case Scalar():
            return _ARROW[kind]
    raise TypeError(kind)


def _table(rows: Sequence[Fields], types: Types) -> pa.Table:
    columns = {name: pa.array([row.get(name) for row in rows], arrow(kind)) for name, kind in types.items()}
    return pa.table(columns)


def _parquet(rows: Sequence[Fields], types: Types, path: Path) -> None:
    pq.write_table(_table(rows, types), path, row_group_size=5)


def _ipc(rows: Sequence[Fields], types: Types, path: Path) -> None:
    table = _table(rows, types)
    with ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=5)


def _csv(rows: Sequence[Fields], types: Types, path: Path) -> None:
    """Scalars only; every text is quoted, so that an empty one is not a missing one."""
    scalars = {name: kind for name, kind in types.items() if isinstance(kind, Scalar)}
    lines = [",".join(_quoted(name) for name in scalars)]
    lines += [",".join(_csv_value(row.get(name), kind) for name, kind in scalars.items()) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _csv_value(value: Any, kind: Scalar) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    if kind is Scalar.STRING:
        return _quoted(value)
    return str(value).lower() if kind is Scalar.BOOL else str(_readable(value, kind))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _jsonl(rows: Sequence[Fields], types: Types, path: Path) -> None:
    lines = [json.dumps({name: _json_value(row.get(name), kind) for name, kind in types.items()}) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _json_value(value: Any, kind: Type) -> Any:
    match value, kind:
        case None, _:
            return None
        case _, Struct(fields):
            return {name: _json_value(value.get(name), field) for name, field in fields.items()}
        case _, ListOf(element):
            return [_json_value(one, element) for one in value]
        case float(), _ if not math.isfinite(value):
            return None
    assert isinstance(kind, Scalar)
    return _readable(value, kind)


def _readable(value: Any, kind: Scalar) -> Any:
    """Dates and times as people write them."""
    if kind is Scalar.DATE:
        return (date(1970, 1, 1) + timedelta(days=value)).isoformat()
    if kind is Scalar.TIME:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)).isoformat()
    return value


_WRITERS: Mapping[str, Callable[[Sequence[Fields], Types, Path], None]] = {
    "parquet": _parquet, "arrow": _ipc, "csv": _csv, "jsonl": _jsonl,
}  # fmt: skip
