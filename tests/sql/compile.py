"""A third implementation: written definitions to plain SQL for DuckDB, straight from DESIGN 3.3 and 4.

It reads definitions as YAML gives them and shares no code with segctl's logic, interpreter and engine:
dates, zones, exact numbers and missing values are worked out here once more, by DuckDB where it can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from segctl.load.document import Key
from segctl.logic.types import Schema
from tests.sql.clock import Clock, quoted
from tests.sql.database import load
from tests.sql.events import Events, coordinates, parts_of
from tests.sql.uncovered import Uncovered
from tests.sql.values import Operators, all_of, any_of, at_path
from tests.strategies import Case


@dataclass(frozen=True)
class Compiler:
    """Compiles conditions to SQL over the user `u`."""

    schema: Schema
    operators: Operators
    events: Events

    def segment(self, data: Mapping[str, Any]) -> str:
        """`where`, and none of `exclude`."""
        where = self.condition(data["where"])
        if "exclude" not in data:
            return where
        return f"({where} AND NOT {any_of(self.condition(one) for one in data['exclude'])})"

    def condition(self, written: Any) -> str:
        """A condition, or a list of which all must hold."""
        match written:
            case list():
                return all_of(self.condition(one) for one in written)
            case {"all": several}:
                return all_of(self.condition(one) for one in several)
            case {"any": several}:
                return any_of(self.condition(one) for one in several)
            case {"not": one}:
                return f"(NOT {self.condition(one)})"
            case {"attribute": place} if "near" in written or "inside" in written:
                lat, lon = coordinates(place)
                found = at_path("u", self.schema.users, lat), at_path("u", self.schema.users, lon)
                return self.operators.place(written, *found)
            case {"attribute": path}:
                return self.operators.condition(written, at_path("u", self.schema.users, parts_of(path)))
            case {"event": _}:
                return self.events.condition(written)
            case _:
                return _other(written)


def _other(written: Any) -> str:
    match written:
        case {"segment": name}:
            return _among(f"SELECT id FROM members WHERE segment = {quoted(name)}")
        case {"list": name}:
            return _among(f"SELECT id FROM given WHERE kind = 'list' AND name = {quoted(name)}")
        case {"extension": name}:
            return _among(f"SELECT id FROM given WHERE kind = 'extension' AND name = {quoted(name)}")
        case {"bucket": {"from": low, "to": high}}:
            return _among(f"SELECT id FROM buckets WHERE bucket BETWEEN {low} AND {high}")
        case {"everyone": True}:
            return "true"
    raise Uncovered(", ".join(written))


def _among(query: str) -> str:
    return f"u.id IN ({query})"


@dataclass
class Database:
    """A world in DuckDB; segments are answered in the order in which they refer to each other."""

    connection: duckdb.DuckDBPyConnection
    compiler: Compiler
    answered: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, case: Case) -> Database:
        """All data of the case; what the connection held before is replaced."""
        clock: Clock = load(connection, case)
        connection.execute("CREATE OR REPLACE TABLE members(segment VARCHAR, id VARCHAR)")
        operators = Operators(clock)
        events = Events(case.schema, operators, case.settings.get("active", {}).get("events"))
        return cls(connection, Compiler(case.schema, operators, events))

    def members(self, definitions: Sequence[Mapping[str, Any]]) -> dict[Key, frozenset[str]]:
        """The members of all definitions that plain SQL covers."""
        found: dict[Key, frozenset[str]] = {}
        for data in definitions:
            ids = self._members(data) if data["kind"] == "segment" else None
            if ids is not None:
                found[data["kind"], data["name"]] = ids
        return found

    def _members(self, data: Mapping[str, Any]) -> frozenset[str] | None:
        try:
            query = self.query(data)
        except Uncovered:
            return None
        rows = self.connection.execute(query).fetchall()
        ids = frozenset(row[0] for row in rows)
        self.answered.add(data["name"])
        if ids:
            self.connection.execute(f"INSERT INTO members SELECT {quoted(data['name'])}, unnest(?)", [sorted(ids)])
        return ids

    def query(self, data: Mapping[str, Any]) -> str:
        """The SQL of a segment."""
        missing = sorted(set(_segments(data)) - self.answered)
        if missing:
            raise Uncovered(f"refers to {', '.join(missing)}")
        return f"SELECT u.id FROM users u WHERE {self.compiler.segment(data)}"


def _segments(written: Any) -> list[str]:
    """The names of the segments that are referred to."""
    if isinstance(written, list):
        return [name for one in written for name in _segments(one)]
    if not isinstance(written, dict):
        return []
    found = [written["segment"]] if isinstance(written.get("segment"), str) else []
    return found + [name for key, one in written.items() if key != "segment" for name in _segments(one)]
