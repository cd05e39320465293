"""`segctl user`: everything that is known of one user, and where the user belongs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.graph import BESIDE
from segctl.load.document import Key
from segctl.logic.bind import Binder
from segctl.logic.columns import Attributes
from segctl.logic.interpret import Row, computed, holds, value_of
from segctl.logic.nodes import Node
from segctl.logic.own_values import plain
from segctl.logic.problem import Problem
from segctl.logic.trace import Tracer
from segctl.logic.types import ELEMENTS, ListOf, Opaque, Struct, Type
from segctl.plan.variants import Given, given_to
from segctl.progress import Progress
from segctl.workflow.as_of import instant
from segctl.workflow.evaluate import open_data
from segctl.workflow.opened import opened
from segctl.workflow.opening import Asked, Opening
from segctl.workflow.request import Request

Path_ = tuple[str, ...]
RECENT = 10


@dataclass(frozen=True)
class Belonging:
    """Whether a user is in a resource: by the definition on disk now, and as it was published.

    `published` is None where it never was; `published_us` is as of when, in UTC microseconds. Variants are
    a campaign's.
    """

    key: Key
    holds: bool
    variant: Given | None
    published: bool | None
    published_us: int | None
    published_variant: str | None


@dataclass(frozen=True)
class Person:
    """One user as of an instant.

    `attributes` are in the order of the table, None is missing. `events` are the most recent ones that are
    seen, the last one first, of `seen`; `later` ones are not seen yet. Their properties are those that
    definitions read, or all. `traits` are by name.
    """

    user: str
    as_of_us: int
    zone: str
    attributes: tuple[tuple[Path_, object], ...]
    events: tuple[Row, ...]
    seen: int
    later: int
    traits: tuple[tuple[str, object], ...]
    belongings: tuple[Belonging, ...]


@dataclass(frozen=True)
class Wish:
    """How many events to show, and whether with all of their properties."""

    events: int = RECENT
    every_property: bool = False


def person(start: Path, user: str, wish: Wish, request: Request, progress: Progress) -> Person:
    """All of one user: profile, recent events, traits, memberships.

    Raises:
        InvalidInput: definitions or data that are wrong.
        SegctlError: no such user in the population.
    """
    project = opened(start)
    as_of_us = instant(request.as_of, project.zone, request.now_us)
    opening = Opening(project, open_data(project.definitions, as_of_us, progress))
    logic = {key: opening.logic(key) for key in project.definitions.documents if key[0] not in (*BESIDE, "trait")}
    names = sorted(name for kind, name in project.definitions.documents if kind == "trait")
    asked = _everything(opening, opening.asked(logic.values(), names), wish)
    tracer = opening.tracer(asked, user, progress)
    events = sorted((row for row in tracer.user.events if row.time_us < as_of_us), key=_last_first)
    return Person(
        user=user,
        as_of_us=as_of_us,
        zone=project.zone,
        attributes=tuple(_attributes(opening, tracer)),
        events=tuple(_readable(row, opening.data.index.schema.events[row.name]) for row in events[: wish.events]),
        seen=len(events),
        later=len(tracer.user.events) - len(events),
        traits=tuple((name, _trait(opening.binder(), tracer, name)) for name in names),
        belongings=tuple(_belongings(opening, tracer, logic)),
    )


def _last_first(row: Row) -> tuple[int, str]:
    return -row.time_us, row.name


def _readable(row: Row, types: Mapping[str, Type]) -> Row:
    """The row with dates and times as such, and without what stands for catalogues."""
    return replace(row, properties=_fields(row.properties, types))


def _fields(values: Mapping[str, object], types: Mapping[str, Type]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in values.items():
        kind = types.get(name)
        if isinstance(kind, Struct) and isinstance(value, Mapping):
            found[name] = _fields(value, kind.fields)
        elif kind is not None:
            found[name] = plain(value, kind)
    return found


def _everything(opening: Opening, asked: Asked, wish: Wish) -> Asked:
    """What definitions read, every attribute, and the events of all names."""
    schema = opening.data.index.schema
    attributes = _columns(schema.users) | asked.needs.attributes
    properties = {
        name: asked.needs.properties.get(name, frozenset()) | (_columns(types) if wish.every_property else frozenset())
        for name, types in schema.events.items()
    }
    return replace(asked, needs=replace(asked.needs, attributes=frozenset(attributes), properties=properties))


def _columns(types: Mapping[str, Type]) -> frozenset[Path_]:
    """The paths of all columns, those of the fields of lists' elements too."""
    found = set[Path_]()
    for path, kind in _leaves(types):
        found.add(path)
        if isinstance(kind, ListOf) and isinstance(kind.element, Struct):
            found |= {(*path, ELEMENTS, *inner) for inner, _ in _leaves(kind.element.fields)}
    return frozenset(found)


def _leaves(types: Mapping[str, Type], above: Path_ = ()) -> Iterator[tuple[Path_, Type]]:
    """Every path to a value; not structs themselves."""
    for name, kind in types.items():
        if isinstance(kind, Struct):
            yield from _leaves(kind.fields, (*above, name))
        elif not isinstance(kind, Opaque):
            yield (*above, name), kind


def _attributes(opening: Opening, tracer: Tracer) -> Iterator[tuple[Path_, object]]:
    columns = Attributes(opening.data.index.schema)
    for path, kind in _leaves(opening.data.index.schema.users):
        column = columns.column(path)
        if not isinstance(column, Problem):
            yield path, plain(value_of(column, tracer.user, tracer.world), kind)


def _trait(binder: Binder, tracer: Tracer, name: str) -> object:
    of = binder.trait(name)
    return None if of is None else plain(computed(of, tracer.user, tracer.world), of.type)


def _belongings(opening: Opening, tracer: Tracer, logic: Mapping[Key, Node]) -> Iterator[Belonging]:
    """Segments, extensions, lists and campaigns; an extension by its own logic, elsewhere it stands as published."""
    binder = opening.binder()
    for key, node in sorted(logic.items()):
        member = holds(binder.bind(node), tracer.user, tracer.world)
        published, variant, us = _published(opening, key, tracer.user.id)
        data = opening.project.definitions.documents[key].data
        given = given_to(tracer.user.id, key, data) if member else None
        yield Belonging(key, member, given, published, us, variant)


def _published(opening: Opening, key: Key, user: str) -> tuple[bool | None, str | None, int | None]:
    """Whether the user was published as a member, with which variant, as of when."""
    held, snapshot = opening.stored.held(key), opening.comparison.snapshots.get(key)
    place = opening.place(user)
    if held is None or snapshot is None or place < 0:
        return None, None, None
    variant = held.variants[place] if held.variants is not None else -1
    return bool(held.bits[place]), held.names[variant] if variant >= 0 else None, snapshot.as_of_us
