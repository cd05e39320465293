"""`segctl test --generate`: a test with users at every edge of a definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.diagnostics import InvalidInput, SegctlError
from segctl.edges.generate import Subject, generate, members, yaml
from segctl.edges.guess import guess
from segctl.edges.measuring import parts
from segctl.edges.stage import leaves
from segctl.graph import TESTED, Graph
from segctl.load.document import Key
from segctl.load.project import Definitions, find_root, project_of
from segctl.logic import bound, times
from segctl.logic.bind import Binder
from segctl.logic.lower import lower, traits_among
from segctl.logic.nodes import Node, Reference
from segctl.logic.settings import settings_of
from segctl.logic.types import Schema
from segctl.progress import Progress
from segctl.workflow.as_of import instant
from segctl.workflow.evaluate import open_data
from segctl.workflow.naming import find
from segctl.workflow.validate import validate

_NOON_US = times.DAY_US // 2


@dataclass(frozen=True)
class Draft:
    """The file of a generated test: how many users it has, and how many of them are in."""

    text: str
    name: str
    users: int
    members: int


@dataclass(frozen=True)
class _Library:
    """What references of a definition mean."""

    definitions: Definitions
    graph: Graph

    def lowered(self, key: Key) -> Node:
        return lower(self.definitions.documents[key], settings_of(self.definitions))

    def resolve(self, reference: Reference) -> Node | None:
        """Segments are looked into; lists and extensions are given."""
        return self.lowered((reference.kind, reference.name)) if reference.kind == "segment" else None


@dataclass(frozen=True)
class Wish:
    """When the test is to be: as of an instant as it is written, else at noon today or after the last window."""

    now_us: int
    as_of: str | None = None
    data: bool = True


def generated(start: Path, name: str, wish: Wish, progress: Progress) -> Draft:
    """A test of a segment, an extension or a campaign; its columns are those of the data, if there is data.

    Raises:
        InvalidInput: definitions that are wrong, or do not fit the data.
        SegctlError: no definition of that name that a test can be about.
    """
    definitions, graph, _ = validate(find_root(start))
    key = find(name, (key for key in definitions.documents if key[0] != "test"))
    if key[0] not in TESTED:
        raise SegctlError(
            f"`{key[1]}` is a {key[0]}, and a test expects members of a segment, a campaign or an extension",
            hint=f"name a definition that uses the {key[0]}",
        )
    library = _Library(definitions, graph)
    schema, notes = _schema(library, wish, progress)
    traits = traits_among(definitions.documents, settings_of(definitions))
    subject = Subject(key, library.lowered(key), library.resolve, traits)
    _check(subject, schema)
    test = generate(subject, _free(key[1], definitions), schema, _as_of(subject, schema, wish))
    test = replace(test, notes=(*notes, *test.notes))
    inside = members(test, subject, project_of(definitions.project))
    return Draft(yaml(test, subject.node, inside), test.name, len(test.people), len(inside))


def _schema(library: _Library, wish: Wish, progress: Progress) -> tuple[Schema, tuple[str, ...]]:
    """The schema of the data; of the literals of all definitions, if the data is not wanted or not there."""
    definitions = library.definitions
    if wish.data:
        try:
            return open_data(definitions, wish.now_us, progress).index.schema, ()
        except (SegctlError, InvalidInput):
            notes: tuple[str, ...] = (
                "The data cannot be read: the types of columns are those of the literals in the definitions.",
            )
    else:
        notes = ()
    keys = (key for key in library.graph.order if key[0] in TESTED)
    traits = traits_among(definitions.documents, settings_of(definitions))
    values = [value for kind, name in library.graph.order if kind == "trait" and (value := traits(name)) is not None]
    return guess([library.lowered(key) for key in keys], project_of(definitions.project), values), notes


def _check(subject: Subject, schema: Schema) -> None:
    binder = Binder(schema, subject.resolve, subject.traits)
    binder.bind(subject.node)
    if any(found.is_error for found in binder.diagnostics):
        raise InvalidInput(binder.diagnostics)


def _free(name: str, definitions: Definitions) -> str:
    """A name for the test that no other test has."""
    names = (f"{name}_edges", *(f"{name}_edges_{number}" for number in range(2, 1000)))
    return next(free for free in names if ("test", free) not in definitions.documents)


def _as_of(subject: Subject, schema: Schema, wish: Wish) -> int:
    """The instant that is asked for; else noon of a day, which is at no edge of it, after all windows."""
    today = _noon(wish.now_us, schema.zone)
    if wish.as_of is not None:
        return instant(wish.as_of, schema.zone, wish.now_us)
    condition = subject.bind(schema)
    last = max((at.us for at in _written(condition)), default=today)
    return today if last <= today else _noon(last + times.DAY_US, schema.zone)


def _written(condition: bound.Node) -> Iterator[bound.At]:
    """The written instants at which windows of rows begin and end."""
    for rows in (part.rows for leaf in leaves(condition) for part in parts(leaf)):
        yield from (at for at in (rows.start, rows.end) if isinstance(at, bound.At))


def _noon(instant_us: int, zone: str) -> int:
    return times.day_start(times.local_day(instant_us, zone), zone) + _NOON_US
