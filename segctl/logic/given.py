"""The rows of a `kind: test` as a small world: schema, users with their events, catalogues, memberships."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from segctl.diagnostics import Diagnostic, Severity, did_you_mean
from segctl.load.document import Document
from segctl.logic import times
from segctl.logic.infer import Fields, Mixed, infer_fields, physical
from segctl.logic.interpret import Catalog, Row, User, World
from segctl.logic.keys import id_text
from segctl.logic.types import CatalogSchema, Schema, Type
from segctl.model.project import ColumnSource, Derived, Project
from segctl.model.resources import DefinitionTest
from segctl.model.values import path_parts

Place = tuple[str | int, ...]

_USER_KEYS = frozenset({"id"})
_EVENT_KEYS = frozenset({"user", "event", "time"})


@dataclass(frozen=True)
class Setting:
    """What a test gives; with an error among the diagnostics it is not to be used."""

    schema: Schema
    users: Sequence[User]
    world: World
    diagnostics: tuple[Diagnostic, ...]


def setting(document: Document, project: Project) -> Setting:
    """The world of a test, in the project's zone, with the project's catalogues.

    Raises:
        TypeError: the document is no test.
    """
    if not isinstance(document.resource, DefinitionTest):
        raise TypeError(f"a {document.key[0]} is no test")
    return _Reader(document, document.resource, project).read()


@dataclass
class _Reader:
    document: Document
    test: DefinitionTest
    project: Project
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def read(self) -> Setting:
        events, event_types = self._events()
        users, user_types = self._users(events)
        catalogs, catalog_types = self._catalogs()
        zone, given = self.project.timezone, self.test.given
        memberships = {("list", name): _ids(ids) for name, ids in given.lists.items()}
        memberships |= {("extension", name): _ids(ids) for name, ids in given.extensions.items()}
        return Setting(
            Schema(zone, user_types, event_types, catalog_types, partial=True),
            users,
            World(times.written_us(self.test.as_of, zone), catalogs, memberships),
            tuple(self.diagnostics),
        )

    # --- users ----------------------------------------------------------------------------------

    def _users(self, events: Mapping[str, list[Row]]) -> tuple[list[User], dict[str, Type]]:
        """The users with their events; without any, whoever has an event."""
        if not self.test.given.users:
            return self._derived(events)
        rows = self._rows_of_users()
        types = self._types(rows, ("given", "users"))
        ids = [id_text(row["id"]) or "" for row in self.test.given.users]
        self._check_ids(ids)
        attributes = [self._physical(row, types) for row in rows]
        return [User(i, a, events.get(i, [])) for i, a in zip(ids, attributes, strict=True)], types

    def _rows_of_users(self) -> list[dict[str, object]]:
        """The attributes as they are written; the id is one too, by the name of its column in the users table."""
        source = self.project.users.id
        column = source.column if isinstance(source, ColumnSource) else source
        given = self.test.given.users
        whole = all(isinstance(row["id"], int) for row in given)
        named = {} if column is None else {column: "id"}
        return [
            {name: row[key] if whole else str(row[key]) for name, key in named.items()} | _without(row, _USER_KEYS)
            for row in given
        ]

    def _check_ids(self, ids: Sequence[str]) -> None:
        for number, user in enumerate(ids):
            if user in ids[:number]:
                place = ("given", "users", number, "id")
                self._wrong("duplicate-id", f"two users have the id `{user}`", place, "give each user an id of its own")
        for number, row in enumerate(self.test.given.events):
            user = id_text(row["user"]) or ""
            if user not in ids:
                hint = did_you_mean(user, ids) or "add it to the users, if it is to be evaluated"
                place = ("given", "events", number, "user")
                self._wrong("unknown-user", f"`{user}` is none of the given users", place, hint, Severity.WARNING)

    def _derived(self, events: Mapping[str, list[Row]]) -> tuple[list[User], dict[str, Type]]:
        """Users of a project whose population comes from the events."""
        derive = self.project.users.derive or {}
        types = {name: kind for name, one in derive.items() if (kind := self._derived_type(one)) is not None}
        users = [User(i, {name: _seen(rows, derive[name]) for name in types}, rows) for i, rows in events.items()]
        return users, types

    def _derived_type(self, derived: Derived) -> Type | None:
        name = derived.last or derived.first or ""
        rows = [{name: row[name]} for row in self.test.given.events if name in row]
        return self._types(rows, ("given", "events")).get(name)

    # --- events and catalogues ---------------------------------------------------------------------

    def _events(self) -> tuple[dict[str, list[Row]], dict[str, dict[str, Type]]]:
        """The rows by user, and the types of properties by event name."""
        by_name: dict[str, list[Fields]] = {}
        for row in self.test.given.events:
            by_name.setdefault(str(row["event"]), []).append(_without(row, _EVENT_KEYS))
        types = {name: self._types(rows, ("given", "events")) for name, rows in by_name.items()}
        by_user: dict[str, list[Row]] = {}
        for row in self.test.given.events:
            name = str(row["event"])
            properties = self._physical(_without(row, _EVENT_KEYS), types[name])
            instant = times.written_us(str(row["time"]), self.project.timezone)
            by_user.setdefault(id_text(row["user"]) or "", []).append(Row(name, instant, properties))
        return by_user, types

    def _catalogs(self) -> tuple[dict[str, Catalog], dict[str, CatalogSchema]]:
        catalogs: dict[str, Catalog] = {}
        schemas: dict[str, CatalogSchema] = {}
        for name, source in self.project.catalogs.items():
            rows = self.test.given.catalogs.get(name, [])
            types = self._types(rows, ("given", "catalogs", name))
            on = path_parts(source.on or [source.key])
            schemas[name] = CatalogSchema(on, source.key, types)
            catalogs[name] = Catalog(on, self._keyed(name, source.key, types))
        for name in self.test.given.catalogs.keys() - self.project.catalogs.keys():
            hint = did_you_mean(name, self.project.catalogs)
            self._wrong("unknown-catalog", f"the project has no catalogue `{name}`", ("given", "catalogs", name), hint)
        return catalogs, schemas

    def _keyed(self, name: str, key: str, types: Mapping[str, Type]) -> dict[str, Fields]:
        found: dict[str, Fields] = {}
        for number, row in enumerate(self.test.given.catalogs.get(name, [])):
            place = ("given", "catalogs", name, number)
            value = id_text(row.get(key))
            if value is None:
                self._wrong("missing-key", f"`{key}` is missing", place, f"it is the key of the catalogue `{name}`")
            elif value in found:
                self._wrong("duplicate-id", f"two rows have the key `{value}`", (*place, key), "a key has one row")
            else:
                found[value] = self._physical(row, types)
        return found

    # --- values ------------------------------------------------------------------------------------

    def _types(self, rows: Sequence[Fields], place: Place) -> dict[str, Type]:
        try:
            return infer_fields(rows)
        except Mixed as mixed:
            self._wrong(
                "mixed-types", f"the values of `{mixed}` are of different types", self._first(place, mixed.path),
                "write them alike; text that looks like a number needs quotes",
            )  # fmt: skip
            return {}

    def _first(self, place: Place, path: Sequence[str]) -> Place:
        """The place of the first row, below a list of rows, that has the field."""
        rows: object = self.document.data
        for part in place:
            rows = rows.get(part) if isinstance(rows, Mapping) else None
        numbers = [n for n, row in enumerate(rows) if path[0] in row] if isinstance(rows, list) else []
        return (*place, numbers[0], *path) if numbers else place

    def _physical(self, row: Fields, types: Mapping[str, Type]) -> dict[str, object]:
        zone = self.project.timezone
        return {name: physical(value, types[name], zone) for name, value in row.items() if name in types}

    def _wrong(
        self, code: str, summary: str, place: Place, hint: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        self.diagnostics.append(Diagnostic(code, summary, self.document.span(place), "", hint, severity))


def _without(row: Fields, keys: frozenset[str]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in keys}


def _ids(ids: Iterable[object]) -> frozenset[str]:
    return frozenset(text for text in map(id_text, ids) if text is not None)


def _seen(rows: Iterable[Row], derived: Derived) -> object:
    """The value last, or first, seen; of several at one instant the greatest, or the least (law 8)."""
    name = derived.last or derived.first or ""
    seen = [(row.time_us, row.properties[name]) for row in rows if row.properties.get(name) is not None]
    if not seen:
        return None
    return (max if derived.last else min)(seen)[1]
