"""Random worlds as a project on disk: tables of all formats, split into files and shuffled."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


ENDINGS = ("parquet", "parquet", "arrow", "csv", "jsonl")
"""CSV and JSON Lines lose some types."""


def write(case: Case, folder: Path, rng: Random, endings: Sequence[str] = ENDINGS) -> Definitions:
    """Write the case's data below the folder; the definitions are the project and its lists."""
    folder.mkdir(exist_ok=True)
    tables = _Tables(case, folder, rng, endings)
    data = {
        "kind": "project", "name": "world", "timezone": case.schema.zone,
        "users": tables.users(), "events": [tables.mixed(), tables.alone()],
        "catalogs": {name: tables.catalog(name) for name in case.schema.catalogs},
        **case.settings,
    }  # fmt: skip
    project = Document(("project", "world"), Project.model_validate(data), data)
    return Definitions(folder, project, dict(_lists(case, folder)))


@dataclass(frozen=True)
class _Tables:
    """Writes the tables of a case and says what the project file says of them."""

    case: Case
    folder: Path
    rng: Random
    endings: Sequence[str]

    def users(self) -> dict[str, Any]:
        rows = [{"user_id": user.id, **user.attributes} for user in self.case.users]
        types = {"user_id": Scalar.STRING, **self.case.schema.users}
        return {"path": self._files("users", rows, types), "id": "user_id"}

    def mixed(self) -> dict[str, Any]:
        """One table for all events but one; the names stand in a column."""
        types: dict[str, Type] = {"user": Scalar.STRING, "event": Scalar.STRING, "at": Scalar.TIME}
        for name, properties in self.case.schema.events.items():
            types |= {} if name == _ALONE else properties
        rows = [
            {**row.properties, "user": user, "event": row.name, "at": row.time_us}
            for user, row in self._rows()
            if row.name != _ALONE
        ]
        path = self._files("events", rows, types)
        return {"path": path, "user": "user", "time": "at", "name": {"column": "event"}}

    def alone(self) -> dict[str, Any]:
        types = {"user": Scalar.STRING, "at": Scalar.TIME, **self.case.schema.events[_ALONE]}
        rows = [{**row.properties, "user": user, "at": row.time_us} for user, row in self._rows() if row.name == _ALONE]
        path = self._files(_ALONE, rows, types)
        return {"path": path, "user": "user", "time": "at", "name": {"value": _ALONE}}

    def catalog(self, name: str) -> dict[str, Any]:
        schema = self.case.schema.catalogs[name]
        rows = [{schema.key: key, **fields} for key, fields in self.case.world.catalogs[name].rows.items()]
        path = self._files(name, rows, {schema.key: Scalar.STRING, **schema.fields})
        return {"path": path, "key": schema.key, "on": list(schema.on)}

    def _rows(self) -> Iterator[tuple[str | None, Row]]:
        yield from ((user.id, row) for user in self.case.users for row in user.events)
        yield from self.case.orphans

    def _files(self, name: str, rows: Sequence[Fields], types: Types) -> str:
        """Write rows in any order to files of one format; the glob that finds them."""
        folder = self.folder / name
        folder.mkdir()
        ending = self.rng.choice(self.endings)
        if ending in {"csv", "jsonl"} and (not rows or _has_infinity(rows) or _has_float_id(rows)):
            ending = "parquet"
        shuffled = self.rng.sample(rows, len(rows))
        count = self.rng.randint(1, min(3, len(rows) or 3))
        for number in range(count):
            path = folder / f"{self.rng.randrange(10**6)}-{number}.{ending}"
            _WRITERS[ending](shuffled[number::count], types, path)
        return f"{name}/*.{ending}"


def _lists(case: Case, folder: Path) -> Iterator[tuple[Key, Document]]:
    """The case's lists, each with an id that nobody has."""
    for (kind, name), ids in case.world.given.items():
        if kind == "list":
            table = pa.table({"id": pa.array([*sorted(ids), "unheard of"], pa.string())})
            pq.write_table(table, folder / f"{name}.parquet")
            yield (kind, name), document({"kind": "list", "name": name, "path": f"{name}.parquet", "id": "id"})


def _has_infinity(value: Any) -> bool:
    """Whether there is a number that text formats do not write."""
    if isinstance(value, Mapping):
        return any(map(_has_infinity, value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(map(_has_infinity, value))
    return isinstance(value, float) and math.isinf(value)


def _has_float_id(rows: Sequence[Fields]) -> bool:
    """Whether a file of texts could take its ids for floats, which is an error."""
    return any("1.0" in {row.get("user"), row.get("user_id")} for row in rows)


# --- formats ------------------------------------------------------------------------------------


def arrow(kind: Type) -> pa.DataType:
    """The Arrow type of a column."""
    match kind:
        case ListOf(element):
            return pa.list_(arrow(element))
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
        case float(), _ if math.isnan(value):
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
