"""Where the columns of a table lie: what the manifest and the project file say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segctl.diagnostics import did_you_mean
from segctl.index.columns import stem_of
from segctl.index.manifest import Manifest, TableRecord
from segctl.logic.types import NOTHING, CatalogSchema, Scalar, Schema, Type, descend
from segctl.model.project import Project
from segctl.model.values import path_parts
from segctl.sources.declared import Declared, EventsTable, declared
from segctl.sources.problems import Problems
from segctl.sources.properties import Property, properties
from segctl.sources.shape import Conflict, describe_type, join, of_type, resolve

ColumnPath = tuple[str, ...]


@dataclass(frozen=True)
class EventsLayout:
    """A table of events: its record and its properties."""

    table: EventsTable
    record: TableRecord
    properties: Mapping[str, Property]

    def type_at(self, path: ColumnPath) -> Type | None:
        """The type of a property, None if the table has none there."""
        return descend({name: made.type for name, made in self.properties.items()}, path)

    def stem(self, path: ColumnPath, kind: Type) -> str:
        """The files of a property's column."""
        return stem_of(path, self.properties[path[0]].text, kind)


@dataclass(frozen=True)
class Layout:
    """All tables. `merged` are the properties by event name, over all tables that have the event."""

    declared: Declared
    manifest: Manifest
    events: tuple[EventsLayout, ...]
    schema: Schema

    def users_type(self, path: ColumnPath) -> Type | None:
        """The type of an attribute."""
        return descend(self.schema.users, path)

    def users_stem(self, path: ColumnPath, kind: Type) -> str:
        """The files of an attribute's column."""
        users = self.declared.users
        return stem_of(path, path[0], kind, users.zones.get(path[0], "UTC") if users else "UTC")


def layout(manifest: Manifest, problems: Problems) -> Layout:
    """The layout of a manifest; properties that cannot be computed, or are not of one type, are problems."""
    project = Project.model_validate(manifest.project)
    tables = declared(project)
    events = tuple(
        EventsLayout(table, record, properties(table, record.types, problems))
        for table in tables.events
        if (record := manifest.tables.get(table.key)) is not None
    )
    return Layout(tables, manifest, events, _schema(tables, manifest, events, problems))


def _schema(tables: Declared, manifest: Manifest, events: tuple[EventsLayout, ...], problems: Problems) -> Schema:
    by_name: dict[str, dict[str, Type]] = {}
    for table in events:
        for name in sorted({name for run in table.record.runs for name in run.names}):
            _merge(by_name.setdefault(name, {}), name, table, problems)
    record = manifest.tables.get("users")
    users = dict(record.types) if record else _derived(tables, events, problems)
    catalogs = {
        catalog.name: CatalogSchema(catalog.on, catalog.ident.column, manifest.tables[catalog.key].types)
        for catalog in tables.catalogs
        if catalog.key in manifest.tables
    }
    return Schema(tables.zone, users, dict(sorted(by_name.items())), catalogs)


def _merge(merged: dict[str, Type], event: str, table: EventsLayout, problems: Problems) -> None:
    for name, made in table.properties.items():
        joined = joined_type(merged.get(name, NOTHING), made.type)
        if joined is None:
            summary = (
                f"`{name}` of the event `{event}` is {describe_type(merged[name])} in another table "
                f"and {describe_type(made.type)} in {table.table.pattern}"
            )
            hint = "give one of them another name under `properties`"
            problems.add("conflicting-types", summary, table.table.place, hint=hint)
        else:
            merged[name] = joined


def joined_type(one: Type, other: Type) -> Type | None:
    """The type of values of both types; None if there is none."""
    try:
        return resolve(join(of_type(one), of_type(other)))
    except Conflict:
        return None


def _derived(tables: Declared, events: tuple[EventsLayout, ...], problems: Problems) -> dict[str, Type]:
    found: dict[str, Type] = {}
    for name, (_, text) in tables.derived.items():
        place = ("users", "derive", name)
        kinds = [kind for table in events if (kind := table.type_at(derived_path(table, text))) is not None]
        if events and not kinds:
            known = [own for table in events for own in table.properties]
            hint = did_you_mean(text, known) or "name a property of the events"
            problems.add("bad-property", f"no event has a property `{text}`", place, hint=hint)
            continue
        joined: Type | None = NOTHING
        for kind in kinds:
            joined = None if joined is None else joined_type(joined, kind)
        if isinstance(joined, Scalar) or joined == NOTHING:
            found[name] = joined
            continue
        what = "is not the same in all tables" if joined is None else f"is a {describe_type(joined)}"
        problems.add("bad-property", f"`{text}` {what}", place, hint="an attribute is derived from single values")
    return found


def derived_path(table: EventsLayout, text: str) -> ColumnPath:
    """The path of a derived attribute's property: a property of that very name, else a dotted path."""
    return (text,) if text in table.properties else path_parts(text)
