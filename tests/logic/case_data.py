"""The rows of a file of cases: typed, in the interpreter's form, and as Parquet files of a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from segctl.load.document import Document
from segctl.logic.infer import infer
from segctl.logic.interpret import Catalog, Row, User, World
from segctl.logic.keys import id_text
from segctl.logic.types import NOTHING, CatalogSchema, ListOf, Scalar, Schema, Struct, Type
from segctl.model.project import Project
from segctl.model.values import path_parts
from tests.logic.case_file import CaseFile
from tests.logic.written import document

Types = Mapping[str, Type]
Rows = Sequence[Mapping[str, Any]]

ARROW = {
    Scalar.BOOL: pa.bool_(), Scalar.INT: pa.int64(), Scalar.FLOAT: pa.float64(), Scalar.STRING: pa.string(),
    Scalar.DATE: pa.date32(), Scalar.TIME: pa.timestamp("us", "UTC"),
}  # fmt: skip
KEYS = {"users": ("id",), "events": ("user", "event", "time")}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_us(text: str, zone: str) -> int:
    """Microseconds since 1970; without an offset it is local, and the earlier of two."""
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return (moment.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)


def kind_of(spec: Any) -> Type:
    """The type that a file declares: a word, a list of one type, or a mapping of fields."""
    if isinstance(spec, list):
        return ListOf(kind_of(spec[0]))
    if isinstance(spec, Mapping):
        return Struct({name: kind_of(below) for name, below in spec.items()})
    return NOTHING if spec == "nothing" else Scalar(spec)


def arrow(kind: Type) -> pa.DataType:
    """The Arrow type of a column."""
    match kind:
        case ListOf(element):
            return pa.list_(arrow(element))
        case Struct(fields):
            return pa.struct([(name, arrow(field)) for name, field in fields.items()])
        case Scalar():
            return ARROW[kind]
    return pa.null()


def physical(value: Any, kind: Type, zone: str) -> Any:
    """A value as the interpreter and Arrow take it."""
    match kind, value:
        case Struct(fields), Mapping():
            return {name: physical(part, fields[name], zone) for name, part in value.items()}
        case ListOf(element), list():
            return [physical(part, element, zone) for part in value]
        case Scalar(), str() | int() | Decimal():
            return _scalar(value, kind, zone)
    return value


def _scalar(value: Any, kind: Scalar, zone: str) -> Any:
    """Dates as days, times as microseconds; `NaN` and `inf` are written as texts."""
    if kind is Scalar.DATE:
        return (date.fromisoformat(value) - _EPOCH.date()).days
    if kind is Scalar.TIME:
        return instant_us(value, zone)
    return float(value) if kind is Scalar.FLOAT else value


@dataclass(frozen=True, eq=False)
class CaseData:
    """The data of a file, in the project's zone."""

    file: CaseFile
    zone: str

    def schema(self) -> Schema:
        """The types that the file declares, or shows."""
        events = {name: self._event_types(name) for name in self._names()}
        users = {} if self._derive() else self._user_types()
        return Schema(self.zone, users, events, self._catalog_schemas())

    def users(self) -> list[User]:
        """The users with their events."""
        types = self._user_types()
        rows = self.file.contents.given.users
        return [User(id_text(row["id"]) or "", self._fields(row, types, "users"), self._of(row["id"])) for row in rows]

    def world(self) -> World:
        """Catalogues, lists and published extensions; as_of is that of each case."""
        given = self.file.contents.given
        catalogs = {
            name: Catalog(
                schema.on, {id_text(row[schema.key]) or "": self._typed(row, schema.fields) for row in self._rows(name)}
            )
            for name, schema in self._catalog_schemas().items()
        }
        memberships = {("list", name): frozenset(map(str, ids)) for name, ids in given.lists.items()}
        memberships |= {("extension", name): frozenset(map(str, ids)) for name, ids in given.extensions.items()}
        return World(0, catalogs, memberships)

    def write(self, folder: Path) -> Project:
        """The files of the project below the folder, and the project."""
        rows: list[dict[str, Any]] = list(self.file.contents.given.users)
        self._write(folder / "users.parquet", rows, {"id": Scalar.STRING, **self._user_types()})
        for number, name in enumerate(self._names()):
            types = {"user": Scalar.STRING, "time": Scalar.TIME, **self._event_types(name)}
            found = [row for row in self.file.contents.given.events if row["event"] == name]
            self._write(folder / f"events{number}.parquet", found, types)
        for name, schema in self._catalog_schemas().items():
            self._write(folder / f"{name}.parquet", self._rows(name), schema.fields)
        return self.project()

    def project(self) -> Project:
        """The project file: what the file of cases says, and where the tables are."""
        own = self.file.contents.project
        catalogs = {name: {**one, "path": f"{name}.parquet"} for name, one in own.get("catalogs", {}).items()}
        events = [
            {"path": f"events{number}.parquet", "user": "user", "time": "time", "name": {"value": name}}
            for number, name in enumerate(self._names())
        ]
        users = {"path": "users.parquet", "id": "id"}
        whole = {"kind": "project", "name": "cases", "users": users, "events": events, **own, "catalogs": catalogs}
        return Project.model_validate({**whole, "timezone": self.zone})

    def lists(self, folder: Path) -> Iterable[Document]:
        """The lists as files, each with an id that nobody has."""
        for name, ids in self.file.contents.given.lists.items():
            table = pa.table({"id": pa.array([*map(str, ids), "unheard of"], pa.string())})
            pq.write_table(table, folder / f"list_{name}.parquet")
            yield document({"kind": "list", "name": name, "path": f"list_{name}.parquet", "id": "id"})

    # --- types ------------------------------------------------------------------------------------

    def _names(self) -> list[str]:
        declared = self.file.contents.types.events
        return sorted({row["event"] for row in self.file.contents.given.events} | set(declared) - {"*"})

    def _derive(self) -> bool:
        return "users" in self.file.contents.project

    def _user_types(self) -> dict[str, Type]:
        return self._columns(self.file.contents.given.users, KEYS["users"], self.file.contents.types.users)

    def _event_types(self, name: str) -> dict[str, Type]:
        rows = [row for row in self.file.contents.given.events if row["event"] == name]
        declared = self.file.contents.types.events
        return self._columns(rows, KEYS["events"], {**declared.get("*", {}), **declared.get(name, {})})

    def _catalog_schemas(self) -> dict[str, CatalogSchema]:
        schemas: dict[str, CatalogSchema] = {}
        for name, written in self.file.contents.project.get("catalogs", {}).items():
            types = self._columns(self._rows(name), (), self.file.contents.types.catalogs.get(name, {}))
            on = path_parts(written.get("on", [written["key"]]))
            schemas[name] = CatalogSchema(on, written["key"], types)
        return schemas

    @staticmethod
    def _columns(rows: Rows, keys: Sequence[str], declared: Mapping[str, Any]) -> dict[str, Type]:
        """The declared types, and of the other columns those that their values show."""
        columns: dict[str, list[Any]] = {}
        for row in rows:
            for name, value in row.items():
                columns.setdefault(name, []).append(value)
        shown = {name: infer(found, (name,)) for name, found in columns.items() if name not in {*keys, *declared}}
        return {**{name: kind_of(spec) for name, spec in declared.items()}, **shown}

    # --- values -----------------------------------------------------------------------------------

    def _rows(self, catalog: str) -> Rows:
        return self.file.contents.given.catalogs.get(catalog, [])

    def _of(self, user: Any) -> list[Row]:
        rows = [row for row in self.file.contents.given.events if id_text(row["user"]) == id_text(user)]
        return [
            Row(row["event"], instant_us(row["time"], self.zone), self._fields(row, self._event_types(row["event"])))
            for row in rows
        ]

    def _fields(self, row: Mapping[str, Any], types: Types, table: str = "events") -> dict[str, Any]:
        return self._typed({name: value for name, value in row.items() if name not in KEYS[table]}, types)

    def _typed(self, row: Mapping[str, Any], types: Types) -> dict[str, Any]:
        return {name: physical(value, types[name], self.zone) for name, value in row.items()}

    def _write(self, path: Path, rows: Rows, types: Types) -> None:
        values = {name: [physical(row.get(name), kind, self.zone) for row in rows] for name, kind in types.items()}
        ids = {name for name in ("id", "user") if types.get(name) == Scalar.STRING}
        values |= {name: [id_text(one) for one in values[name]] for name in ids & values.keys()}
        pq.write_table(pa.table({n: pa.array(v, arrow(types[n])) for n, v in values.items()}), path)
