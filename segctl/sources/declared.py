"""The tables that a project declares, and how their needed columns are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from segctl.model.project import Cast, Catalog, ColumnSource, ConstantName, Derived, EventsSource, Project, UsersSource
from segctl.model.values import path_parts
from segctl.sources.problems import Place


@dataclass(frozen=True, slots=True)
class Reading:
    """A column that a table must have, and how it is read."""

    column: str
    place: Place
    cast: Cast | None = None
    zone: str = "UTC"
    unit: str | None = None

    def identity(self) -> list[str | None]:
        """What makes the values that are read."""
        return [self.column, self.cast, self.zone, self.unit]


@dataclass(frozen=True)
class Table:
    """What all tables have. `key` is "users", "events[0]" or "catalogs.product"; `ident` its id or key column."""

    key: str
    place: Place
    pattern: str
    ident: Reading
    zones: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    @property
    def needed(self) -> tuple[Reading, ...]:
        """The columns without which the table means nothing."""
        return (self.ident,)

    def identity(self) -> dict[str, Any]:
        """What makes the rows' users, times and names, as JSON; when it changes, nothing that was indexed holds."""
        return {"ident": self.ident.identity(), "zones": dict(self.zones)}


@dataclass(frozen=True)
class EventsTable(Table):
    """A table of events; the name is a column's or one for all rows."""

    time: Reading
    name: Reading | str
    properties: Mapping[str, str] | None

    @property
    def needed(self) -> tuple[Reading, ...]:
        """User, time, and where a column holds it the name."""
        named = (self.name,) if isinstance(self.name, Reading) else ()
        return (self.ident, self.time, *named)

    def identity(self) -> dict[str, Any]:
        """Properties are columns of their own and have no part in it."""
        name = self.name if isinstance(self.name, str) else self.name.identity()
        return {**super().identity(), "time": self.time.identity(), "name": name}


@dataclass(frozen=True)
class CatalogTable(Table):
    """A catalogue, joined on an event property."""

    name: str
    on: tuple[str, ...]


@dataclass(frozen=True)
class Declared:
    """All tables; without a users table the population comes from the events, with these attributes."""

    users: Table | None
    events: tuple[EventsTable, ...]
    catalogs: tuple[CatalogTable, ...]
    derived: Mapping[str, tuple[str, str]]
    zone: str

    @property
    def tables(self) -> tuple[Table, ...]:
        """All of them."""
        return (*((self.users,) if self.users else ()), *self.events, *self.catalogs)


def declared(project: Project) -> Declared:
    """The tables of a project."""
    derive = project.users.derive or {}
    return Declared(
        users=_users(project.users),
        events=tuple(_events(number, source) for number, source in enumerate(project.events)),
        catalogs=tuple(_catalog(name, source) for name, source in sorted(project.catalogs.items())),
        derived={name: _derived(source) for name, source in derive.items()},
        zone=project.timezone,
    )


def _users(source: UsersSource) -> Table | None:
    if source.path is None or source.id is None:
        return None
    place: Place = ("users",)
    return Table("users", place, source.path, _reading(source.id, (*place, "id")), zones=source.times or {})


def _events(number: int, source: EventsSource) -> EventsTable:
    place: Place = ("events", number)
    name = source.name
    return EventsTable(
        key=f"events[{number}]",
        place=place,
        pattern=source.path,
        ident=_reading(source.user, (*place, "user")),
        time=_reading(source.time, (*place, "time")),
        name=name.value if isinstance(name, ConstantName) else Reading(name.column, (*place, "name")),
        properties=source.properties,
    )


def _catalog(name: str, source: Catalog) -> CatalogTable:
    place: Place = ("catalogs", name)
    on = path_parts(source.on) if source.on is not None else (source.key,)
    return CatalogTable(f"catalogs.{name}", place, source.path, Reading(source.key, (*place, "key")), name, on)


def _derived(source: Derived) -> tuple[str, str]:
    return ("last", source.last) if source.last is not None else ("first", source.first or "")


def _reading(source: str | ColumnSource, place: Place) -> Reading:
    if isinstance(source, str):
        return Reading(source, place)
    return Reading(source.column, place, source.as_, source.timezone or "UTC", source.unit)
