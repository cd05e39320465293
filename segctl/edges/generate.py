"""A `kind: test` for a definition: users at every edge of it, and who of them is in today."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from segctl.edges.cells import Cells, Membership, Spot, Whole, fields, rows_of
from segctl.edges.examples import Example, author
from segctl.edges.measuring import parts
from segctl.edges.people import Person, named
from segctl.edges.rows import MOST_ROWS, too_many
from segctl.edges.stage import Stage, leaves, placed
from segctl.edges.writing import Line, block, comment, instant, items, text, written
from segctl.load.document import Document, Key
from segctl.logic import bound
from segctl.logic.bind import Binder
from segctl.logic.describe import describe
from segctl.logic.given import setting
from segctl.logic.interpret import Row, holds
from segctl.logic.keys import id_text
from segctl.logic.nodes import Node
from segctl.logic.ranking import ranked
from segctl.logic.references import Resolve, Traits, no_traits
from segctl.logic.types import Schema, Struct, Type
from segctl.model.project import Project
from segctl.model.resources import DefinitionTest

MOST_USERS = 250
"""Nobody reviews more; the rest is left out, and the file says so."""


@dataclass(frozen=True)
class Generated:
    """A test as plain data with comments; `given` has list and extension memberships by kind and name."""

    key: Key
    name: str
    as_of: str
    people: tuple[Person, ...]
    users: tuple[Line, ...]
    events: tuple[Line, ...]
    catalogs: Mapping[str, tuple[Line, ...]]
    given: Mapping[tuple[str, str], tuple[str, ...]]
    notes: tuple[str, ...]

    def data(self, members: Collection[str] = ()) -> dict[str, object]:
        """The test's plain data, with these members in and all others out."""
        given: dict[str, object] = {"users": [dict(line.row) for line in self.users]}
        given["events"] = [dict(line.row) for line in self.events]
        given["catalogs"] = {name: [dict(line.row) for line in lines] for name, lines in self.catalogs.items()}
        for kind in ("list", "extension"):
            given[f"{kind}s"] = {name: list(ids) for (of, name), ids in self.given.items() if of == kind}
        out = [person.id for person in self.people if person.id not in members]
        return {
            "kind": "test",
            "name": self.name,
            "as_of": self.as_of,
            "given": given,
            "expect": {self.key[1]: {"in": [p.id for p in self.people if p.id in members], "out": out}},
        }


@dataclass(frozen=True)
class Subject:
    """The definition that a test is about: what it means, and what the segments that it refers to mean."""

    key: Key
    node: Node
    resolve: Resolve
    traits: Traits = no_traits

    def bind(self, schema: Schema) -> bound.Node:
        """The condition on a schema, with all that it refers to in its place."""
        return Binder(schema, self.resolve, self.traits).bind(self.node)


def generate(subject: Subject, name: str, schema: Schema, as_of_us: int) -> Generated:
    """The users at the edges of a definition that fits the schema, in a test of this name."""
    condition = subject.bind(schema)
    stage = Stage(schema, as_of_us, {name: {} for name in schema.catalogs})
    examples = list(author(stage, condition).examples())
    found = _distinct(examples)
    notes = [*_notes(examples, condition, stage), *_left_out(len(found))]
    hashed = [leaf for leaf in leaves(condition) if isinstance(leaf, bound.Bucket | bound.Share)]
    people = named(found[:MOST_USERS], hashed)
    return _written(subject.key, name, people, stage, _Asked(condition, tuple(notes)))


def members(test: Generated, subject: Subject, project: Project) -> tuple[str, ...]:
    """Who is in, by the interpreter and out of the test's own rows as they are read again."""
    data = test.data()
    document = Document(("test", test.name), DefinitionTest.model_validate(data), data)
    given = setting(document, project)
    condition = subject.bind(given.schema)
    world = ranked([condition], given.users, given.world)
    return tuple(user.id for user in given.users if holds(condition, user, world))


def _distinct(examples: Sequence[Example]) -> list[Example]:
    """Each user once: what two edges have in common is told once."""
    found: dict[str, list[Example]] = {}
    for example in examples:
        values = {cell: value for cell, value in example.cells.items() if value is not None and cell is not Whole.ROWS}
        known = (sorted(map(repr, values.items())), sorted(map(repr, rows_of(example.cells))))
        found.setdefault(repr(known), []).append(example)
    return [_together(same) for same in found.values()]


def _together(same: list[Example]) -> Example:
    words = list(dict.fromkeys(example.words for example in same))
    more = f"; {len(words) - MOST_WORDS} more" if len(words) > MOST_WORDS else ""
    return replace(same[0], words="; ".join(words[:MOST_WORDS]) + more)


MOST_WORDS = 4


def _left_out(number: int) -> Iterator[str]:
    if number > MOST_USERS:
        yield f"{number - MOST_USERS} more users are left out, to keep the test readable."


def _notes(found: list[Example], condition: bound.Node, stage: Stage) -> Iterator[str]:
    if any(isinstance(leaf, bound.RfmTest) for leaf in leaves(condition)):
        yield "There are no users at the edges of scores of recency, frequency and money: write them by hand."
    if any(isinstance(leaf, bound.RankTest) for leaf in leaves(condition)):
        yield "Ranks are over the users of this test alone."
    for names in (part.rows.names for leaf in leaves(condition) for part in parts(leaf) if too_many(part)):
        yield f"There are no users at the edges of {', '.join(names)}: they take more than {MOST_ROWS} rows each."
    shown_of = {example.about for example in found}
    bare = [leaf for number, leaf in enumerate(placed(condition)) if f"{number}" not in shown_of]
    unknown = [leaf for leaf in bare if not isinstance(leaf.node, bound.Everyone | bound.RfmTest)]
    if unknown:
        several = f"{len(unknown)} conditions have" if len(unknown) > 1 else "One condition has"
        yield f"{several} no users at the edges, since segctl cannot make them up: write them by hand."
    blocked = sorted(set(_blocked(found)))
    if blocked:
        yield f"These conditions decide for no user, because of other conditions: {'; '.join(blocked)}."
    shown = {stage.whole(condition, example.cells) for example in found}
    for member, word in ((True, "in"), (False, "out")):
        if member not in shown:
            yield f"No user was found who is {word}: check whether any user can be."


def _blocked(found: list[Example]) -> Iterator[str]:
    """What conditions are about of which no user shows what they do."""
    about: dict[str, list[Example]] = {}
    for example in found:
        about.setdefault(example.about, []).append(example)
    for examples in about.values():
        if not any(example.decides for example in examples):
            yield examples[0].words.partition(":")[0]


# --- as rows ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asked:
    """The bound definition, and what is to be said of its test."""

    condition: bound.Node
    notes: tuple[str, ...]


def _written(key: Key, name: str, people: tuple[Person, ...], stage: Stage, asked: _Asked) -> Generated:
    memberships = [leaf for leaf in leaves(asked.condition) if isinstance(leaf, bound.Given)]
    return Generated(
        key,
        name,
        instant(stage.as_of_us, stage.schema.zone),
        people,
        tuple(_user(person, stage) for person in people),
        tuple(line for person in people for line in _events(person, stage)),
        {name: lines for name in stage.books if (lines := _catalog(name, people, stage))},
        {(leaf.kind, leaf.name): _in(Membership(leaf.kind, leaf.name), people) for leaf in memberships},
        asked.notes,
    )


def _in(cell: Membership, people: Sequence[Person]) -> tuple[str, ...]:
    return tuple(person.id for person in people if person.example.cells.get(cell))


def _user(person: Person, stage: Stage) -> Line:
    types = Struct(stage.schema.users)
    missing = {cell.path[0]: None for cell, value in _top(person.example.cells) if value is None}
    row = _row(fields(person.example.cells), types, stage)
    return Line({"id": person.id, **missing, **row}, person.example.words)


def _top(cells: Cells) -> Iterator[tuple[Spot, object]]:
    return ((cell, value) for cell, value in cells.items() if isinstance(cell, Spot) and len(cell.path) == 1)


def _row(values: Mapping[str, object], kind: Struct, stage: Stage) -> dict[str, object]:
    found = written(values, kind, stage.schema.zone)
    return dict(found) if isinstance(found, Mapping) else {}


def _events(person: Person, stage: Stage) -> Iterator[Line]:
    for number, row in enumerate(rows_of(person.example.cells)):
        yield Line(_event(person.id, row, stage), "" if number else person.example.words)


def _event(user: str, row: Row, stage: Stage) -> dict[str, object]:
    types: Mapping[str, Type] = stage.schema.events.get(row.name, {})
    values = _row(row.properties, Struct(types), stage)
    return {"user": user, "event": row.name, "time": instant(row.time_us, stage.schema.zone), **values}


def _catalog(name: str, people: Sequence[Person], stage: Stage) -> tuple[Line, ...]:
    """The rows of a catalogue that some event points to."""
    catalog = stage.schema.catalogs[name]
    used = {_at(row.properties, catalog.on) for person in people for row in rows_of(person.example.cells)}
    rows = {key: row for key, row in stage.books[name].items() if key in used}
    return tuple(Line({catalog.key: key, **_row(row, Struct(catalog.fields), stage)}) for key, row in rows.items())


def _at(values: object, path: tuple[str, ...]) -> str | None:
    for part in path:
        values = values.get(part) if isinstance(values, Mapping) else None
    return id_text(values)


# --- as YAML --------------------------------------------------------------------------------------------


def yaml(test: Generated, node: Node, members: Collection[str]) -> str:
    """The test as a file."""
    return "\n".join(_lines(test, node, members)) + "\n"


def _lines(test: Generated, node: Node, members: Collection[str]) -> Iterator[str]:
    kind, name = test.key
    yield from comment(f"Written by `segctl test --generate {name}`: users at every edge of the {kind}.")
    yield from comment(f"It says who is in as the definition stands: {describe(node)}")
    yield from comment("Review who is in and who is out, then keep it.")
    for note in test.notes:
        yield from comment(note)
    yield "kind: test"
    yield f"name: {test.name}"
    yield f"description: {text(f'Users at the edges of {name}')}"
    yield f"as_of: {text(test.as_of)}"
    yield "given:"
    yield "  users:"
    marked = (replace(line, comment=_marked(line, members)) for line in test.users)
    yield from block(marked, "    ")
    yield from _given(test)
    yield "expect:"
    yield f"  {name}:"
    inside = [person.id for person in test.people if person.id in members]
    out = [person.id for person in test.people if person.id not in members]
    for word, ids in (("in", inside), ("out", out)):
        if ids:
            yield from items(ids, word, "    ")


def _marked(line: Line, members: Collection[str]) -> str:
    return f"{'in' if line.row['id'] in members else 'out'}: {line.comment}"


def _given(test: Generated) -> Iterator[str]:
    for kind in ("list", "extension"):
        memberships = {name: ids for (of, name), ids in test.given.items() if of == kind}
        if memberships:
            yield f"  {kind}s:"
        for name, ids in memberships.items():
            yield from items(ids, name, "    ")
    if test.catalogs:
        yield "  catalogs:"
    for name, lines in test.catalogs.items():
        yield f"    {name}:"
        yield from block(lines, "      ")
    if test.events:
        yield "  events:"
    yield from block(test.events, "    ")
