"""One random world, evaluated by the engine, by the interpreter, and by plain SQL.

The engine works over tables in memory, or, with a folder, over files and a real index.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from duckdb import DuckDBPyConnection

from segctl.engine.evaluate import evaluate as over_tables
from segctl.index.column import Bits
from segctl.index.update import Options, update
from segctl.load.document import Document, Key
from segctl.load.project import Definitions
from segctl.logic import bound
from segctl.logic.bind import Binder
from segctl.logic.interpret import holds
from segctl.logic.lower import lower, lower_trait
from segctl.logic.nodes import Node, Reference
from segctl.logic.ranking import ranked
from segctl.logic.settings import Settings, settings, settings_of
from segctl.logic.types import NOTHING, Schema, Struct, Type
from segctl.model.project import Project
from segctl.progress import Silent
from segctl.workflow.evaluate import Data, Library, Target, checked, evaluate
from tests.engine.worlds import bits_of, tables_of
from tests.language import document, random_library
from tests.laws.files import ENDINGS, write
from tests.sql.compile import Database
from tests.strategies import Case, random_case

Ids = frozenset[str]


@dataclass(frozen=True)
class Disagreement:
    """A definition over a world, and who is in by each implementation."""

    seed: int
    definition: Mapping[str, Any]
    members: Mapping[str, Ids]


@dataclass(frozen=True)
class Comparison:
    """How many definitions were compared over a world, how many of them by SQL too, and where answers differ."""

    cases: int
    by_sql: int
    wrong: tuple[Disagreement, ...]


@dataclass(frozen=True)
class World:
    """A case on disk, opened; the case's schema is cut to what all formats keep."""

    case: Case
    definitions: Definitions
    data: Data

    def library(self, documents: Mapping[Key, Document]) -> Library:
        """Definitions together with the lists, and the extensions as they were published."""
        ids = self.data.population.ids.to_pylist()
        given = {key: _bits(ids, members) for key, members in self.case.world.given.items() if key[0] == "extension"}
        everything = {**self.definitions.documents, **documents}
        return Library(everything, given, settings=settings_of(replace(self.definitions, documents=everything)))

    def members(self, documents: Mapping[Key, Document], workers: int = 1) -> dict[Key, Ids]:
        """The members by the engine."""
        ids = self.data.population.ids
        found = self.memberships(documents, workers)
        return {key: frozenset(ids.filter(bits).to_pylist()) for key, bits in found.items()}

    def memberships(self, documents: Mapping[Key, Document], workers: int = 1) -> dict[Key, Bits]:
        """The bits by the engine, of all definitions that have members."""
        library = self.library(documents)
        wanted = {key: Target(library, key) for key in documents if key[0] != "trait"}
        found = evaluate(self.data, wanted, Silent(), workers=workers).memberships
        return {key: found[key] for key in wanted}


def _bits(ids: list[str], members: AbstractSet[str]) -> Any:
    import numpy as np

    return np.array([one in members for one in ids], dtype=np.bool_)


def open_world(
    case: Case, folder: Path, rng: Random, options: Options | None = None, endings: Sequence[str] = ENDINGS
) -> World:
    """Write a case, index it, and see which columns the formats kept as they were."""
    definitions = write(case, folder, rng, endings)
    project = definitions.project.resource
    assert isinstance(project, Project)
    index = update(folder, project, folder / ".segctl" / "index", Silent(), options or Options())
    kept = replace(case, schema=kept_schema(case.schema, index.schema))
    return World(kept, definitions, Data(folder, index, case.as_of_us))


def kept_schema(wanted: Schema, found: Schema) -> Schema:
    """The columns whose type is the same on disk; of properties in all events, as conditions may be on several."""
    events = {name: _kept(types, found.events[name]) for name, types in wanted.events.items() if name in found.events}
    lost = {path for name, kept in events.items() for path in wanted.events[name] if path not in kept}
    events = {name: {p: kind for p, kind in kept.items() if p not in lost} for name, kept in events.items()}
    catalogs = {
        name: replace(catalog, fields=_kept(catalog.fields, found.catalogs[name].fields))
        for name, catalog in wanted.catalogs.items()
    }
    return Schema(wanted.zone, _kept(wanted.users, found.users), events, catalogs)


def _kept(wanted: Mapping[str, Type], found: Mapping[str, Type]) -> dict[str, Type]:
    kept: dict[str, Type] = {}
    for name, kind in wanted.items():
        other = found.get(name)
        if isinstance(kind, Struct) and isinstance(other, Struct):
            kept[name] = Struct(_kept(kind.fields, other.fields))
        elif other == kind:
            kept[name] = kind
        elif other == NOTHING:
            kept[name] = NOTHING
    return kept


def compare(
    seed: int, definitions: int = 40, *, folder: Path | None = None, database: DuckDBPyConnection | None = None
) -> Comparison:
    """Random definitions over the world of a seed: on disk where a folder is given, by SQL where a database is."""
    rng = Random(seed)  # noqa: S311 - not for secrets
    case = random_case(rng, users=rng.choice([3, 12, 14, 30]))
    world = None if folder is None else open_world(case, folder, rng, _options(rng))
    case = case if world is None else world.case
    written = random_library(rng, case, definitions)
    documents = {(data["kind"], data["name"]): document(data) for data in written}
    conditions = bind_all(case, documents)
    answers = {"interpreter": _interpreted(case, conditions)}
    answers["engine"] = _evaluated(case, conditions, rng) if world is None else world.members(documents, workers=1)
    if database is not None:
        answers["sql"] = Database.of(database, case).members(written)
    wrong = tuple(_differing(seed, documents, answers))
    return Comparison(len(answers["interpreter"]), len(answers.get("sql", ())), wrong)


def _options(rng: Random) -> Options:
    return Options(shards=rng.choice([1, 2, 4]), run_rows=rng.choice([7, 1 << 22]))


def _differing(
    seed: int, documents: Mapping[Key, Document], answers: Mapping[str, Mapping[Key, Ids]]
) -> Iterator[Disagreement]:
    for key, written in documents.items():
        members = {how: found[key] for how, found in answers.items() if key in found}
        if len(set(members.values())) > 1:
            yield Disagreement(seed, written.data, members)


def by_engine(case: Case, documents: Mapping[Key, Document], rng: Random) -> dict[Key, Ids]:
    """The members by the engine, over tables in memory."""
    return _evaluated(case, bind_all(case, documents), rng)


def by_interpreter(case: Case, documents: Mapping[Key, Document]) -> dict[Key, Ids]:
    """The members by the interpreter, one user at a time."""
    return _interpreted(case, bind_all(case, documents))


def _evaluated(case: Case, conditions: Mapping[Key, bound.Node], rng: Random) -> dict[Key, Ids]:
    tables = tables_of(case, rng)
    given = {key: bits_of(tables, ids) for key, ids in case.world.given.items()}
    found = over_tables(tables, conditions, given, workers=1, progress=Silent()).memberships
    return {key: frozenset(tables.ids(found[key])) for key in conditions}


def _interpreted(case: Case, conditions: Mapping[Key, bound.Node]) -> dict[Key, Ids]:
    world = ranked(conditions.values(), case.users, case.world)
    return {
        key: frozenset(user.id for user in case.users if holds(node, user, world)) for key, node in conditions.items()
    }


def bind_all(case: Case, documents: Mapping[Key, Document]) -> dict[Key, bound.Node]:
    """Definitions that refer to each other and to the case's given memberships, fitted to its schema.

    Raises:
        InvalidInput: one of them does not fit, which random ones always should.
    """
    around = settings_around(case, documents)
    logic = {key: lower(found, around) for key, found in documents.items() if key[0] != "trait"}
    traits = {key[1]: lower_trait(found, around) for key, found in documents.items() if key[0] == "trait"}

    def resolve(reference: Reference) -> Node | None:
        return logic.get((reference.kind, reference.name))

    binder = Binder(case.schema, resolve, traits.get)
    bound_to = {key: binder.bind(node) for key, node in logic.items()}
    checked(binder.diagnostics)
    return bound_to


def settings_around(case: Case, documents: Mapping[Key, Document]) -> Settings:
    """The settings of a project of the case with these definitions."""
    data = {"kind": "project", "name": "world", "users": {"path": "users.csv", "id": "id"}, **case.settings}
    return settings(Project.model_validate(data), documents)
