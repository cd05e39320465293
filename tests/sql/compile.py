"""A third implementation: written definitions to plain SQL for DuckDB, straight from DESIGN 3.3 and 4.

It reads definitions as YAML gives them and shares no code with segctl's logic, interpreter and engine:
dates, zones, exact numbers and missing values are worked out here once more, by DuckDB where it can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import duckdb

from segctl.load.document import Key
from segctl.logic.types import Schema
from tests.sql import ranks
from tests.sql.clock import Clock, quoted
from tests.sql.database import load
from tests.sql.events import Events, coordinates, parts_of
from tests.sql.messages import Messages
from tests.sql.sequences import sequence
from tests.sql.traits import Traits
from tests.sql.uncovered import Uncovered
from tests.sql.values import Operators, all_of, any_of, at_path
from tests.strategies import Case


@dataclass(frozen=True)
class Compiler:
    """Compiles conditions to SQL over the user `u` with the traits `t`."""

    schema: Schema
    operators: Operators
    events: Events
    traits: Traits
    messages: Messages

    def definition(self, data: Mapping[str, Any]) -> str:
        """The condition of a segment, an extension or a campaign."""
        match data:
            case {"kind": "segment"}:
                return self._segment(data)
            case {"kind": "extension", "from": {"rfm": rfm}}:
                return f"u.id IN ({ranks.rfm(rfm, self.events)})"
            case {"kind": "extension", "from": source}:
                return self.condition(source)
            case {"kind": "campaign", "audience": audience}:
                return self._audience(audience)
        raise Uncovered(data["kind"])

    def _segment(self, data: Mapping[str, Any]) -> str:
        """`where`, and none of `exclude`."""
        where = self.condition(data["where"])
        if "exclude" not in data:
            return where
        return f"({where} AND NOT {any_of(self.condition(one) for one in data['exclude'])})"

    def _audience(self, audience: Mapping[str, Any]) -> str:
        found = any_of(member("segment", one) for one in audience["include"])
        if "where" in audience:
            found += f" AND {self.condition(audience['where'])}"
        if "exclude" in audience:
            found += f" AND NOT {any_of(member('segment', one) for one in audience['exclude'])}"
        return f"({found})"

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
            case {"attribute": _} | {"trait": _}:
                return self._value(written)
            case {"event": _}:
                return self.events.condition(written)
            case {"sequence": _}:
                return sequence(written, self.events)
            case {"campaign": _}:
                return self.messages.campaign(written)
            case {"engagement": _}:
                return self.messages.engagement(written)
            case _:
                return _other(written)

    def _value(self, written: Mapping[str, Any]) -> str:
        """A test on an attribute or a trait; ranks are over all users."""
        if "near" in written or "inside" in written:
            paths = coordinates(written["attribute"])
            lat, lon = (at_path("u", self.schema.users, path) for path in paths)
            return self.operators.place(written, lat, lon)
        if "trait" in written:
            value = self.traits.column(written["trait"])
        else:
            value = at_path("u", self.schema.users, parts_of(written["attribute"]))
        for key in ("top", "bottom"):
            if key in written:
                missing = f" OR NOT {value.present}" if written.get("or_missing") else ""
                return f"(u.id IN ({ranks.ranked(key, written[key], value)}){missing})"
        return self.operators.condition(written, value)


def _other(written: Any) -> str:
    match written:
        case {"segment": name}:
            return member("segment", name)
        case {"list": name}:
            return member("list", name)
        case {"extension": name}:
            return member("extension", name)
        case {"bucket": {"from": low, "to": high}}:
            return f"u.id IN (SELECT id FROM buckets WHERE of = '' AND bucket BETWEEN {low} AND {high})"
        case {"everyone": True}:
            return "true"
    raise Uncovered(", ".join(written))


def member(kind: str, name: str) -> str:
    """Whether the user is in what was given or answered before."""
    return f"u.id IN (SELECT id FROM given WHERE kind = '{kind}' AND name = {quoted(name)})"


@dataclass
class Database:
    """A world in DuckDB; definitions are answered in the order in which they refer to each other."""

    connection: duckdb.DuckDBPyConnection
    compiler: Compiler
    answered: set[Key]

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, case: Case) -> Database:
        """All data of the case; what the connection held before is replaced."""
        clock: Clock = load(connection, case)
        operators = Operators(clock)
        events = Events(case.schema, operators, case.settings.get("active", {}).get("events"))
        compiler = Compiler(case.schema, operators, events, Traits(events), Messages(events, case.settings))
        return cls(connection, compiler, set(case.world.given))

    def members(self, definitions: Sequence[Mapping[str, Any]]) -> dict[Key, frozenset[str]]:
        """The members of all definitions that plain SQL covers; traits come first."""
        campaigns = {data["name"]: data for data in definitions if data["kind"] == "campaign"}
        self.compiler.messages.campaigns.update(campaigns)
        for data in definitions:
            if data["kind"] == "trait":
                with suppress(Uncovered):
                    self.compiler.traits.add(data)
        self.connection.execute(f"CREATE OR REPLACE TABLE traits AS {self.compiler.traits.table()}")
        found: dict[Key, frozenset[str]] = {}
        for data in definitions:
            ids = None if data["kind"] == "trait" else self._members(data)
            if ids is not None:
                found[data["kind"], data["name"]] = ids
        return found

    def _members(self, data: Mapping[str, Any]) -> frozenset[str] | None:
        try:
            query = self.query(data)
        except Uncovered:
            return None
        ids = frozenset(row[0] for row in self.connection.execute(query).fetchall())
        key = data["kind"], data["name"]
        self.answered.add(key)
        if ids:
            row = f"{quoted(key[0])}, {quoted(key[1])}"
            self.connection.execute(f"INSERT INTO given SELECT {row}, unnest(?)", [sorted(ids)])
        return ids

    def query(self, data: Mapping[str, Any]) -> str:
        """The SQL of a definition."""
        missing = sorted(set(_references(data)) - self.answered)
        if missing:
            raise Uncovered(f"refers to {missing}")
        return f"SELECT u.id FROM {ranks.ALL} WHERE {self.compiler.definition(data)}"


def _references(written: Any) -> list[Key]:
    """The memberships that are referred to."""
    if isinstance(written, list):
        return [key for one in written for key in _references(one)]
    if not isinstance(written, dict):
        return []
    found = [(kind, written[kind]) for kind in _KINDS if isinstance(written.get(kind), str)]
    if written.get("did") == "in_control":
        names = written["campaign"]
        found += [("campaign", name) for name in ([names] if isinstance(names, str) else names)]
    if isinstance(written.get("audience"), dict):
        audience = written["audience"]
        found += [("segment", name) for name in (*audience["include"], *audience.get("exclude", ()))]
    return found + [key for one in written.values() for key in _references(one)]


_KINDS = ("segment", "extension", "list")
