"""Laws 1 and 8: the same definition, data and as_of give the same members, however the data lies and is worked on."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segctl.index.update import Options, update
from segctl.load.document import Document, Key
from segctl.model.project import Project
from segctl.progress import Silent
from segctl.workflow.evaluate import Data, open_data
from tests.language import document, random_library
from tests.laws.agreement import Ids, World, open_world
from tests.strategies import Case, random_case

ONE_FORMAT = ("parquet",)


def documents_over(case: Case, rng: Random, count: int = 30) -> dict[Key, Document]:
    return {(data["kind"], data["name"]): document(data) for data in random_library(rng, case, count)}


def published(world: World, documents: dict[Key, Document], workers: int = 1) -> dict[Key, bytes]:
    """The ids, and eight members to a byte, as they are published."""
    found = world.memberships(documents, workers)
    ids = "\n".join(world.data.population.ids.to_pylist()).encode()
    return {("ids", ""): ids, **{key: np.packbits(bits).tobytes() for key, bits in found.items()}}


def world_of(case: Case, folder: Path, seed: int, options: Options) -> World:
    return open_world(case, folder, Random(seed), options, ONE_FORMAT)  # noqa: S311 - not for secrets


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_shards_runs_files_and_their_order_change_nothing(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - not for secrets
    case = random_case(rng, users=20)
    with tempfile.TemporaryDirectory() as folder:
        worlds = [
            world_of(case, Path(folder) / "one", 1, Options(shards=1)),
            world_of(case, Path(folder) / "two", 2, Options(shards=2, run_rows=25)),
            world_of(case, Path(folder) / "four", 3, Options(shards=4)),
            world_of(case, Path(folder) / "many", 4, Options(shards=8, run_rows=40)),
        ]
        documents = documents_over(worlds[0].case, rng)
        first, *others = [published(world, documents) for world in worlds]
    assert others == [first] * 3


def test_one_process_or_several_change_nothing(tmp_path: Path) -> None:
    rng = Random(5)  # noqa: S311 - not for secrets
    case = random_case(rng, users=60)
    worlds = [
        world_of(case, tmp_path / "eight", 1, Options(shards=8)),
        world_of(case, tmp_path / "four", 2, Options(shards=4, run_rows=25)),
    ]
    documents = documents_over(worlds[0].case, rng)
    first, *others = [
        published(worlds[0], documents, workers=1),
        published(worlds[0], documents, workers=3),
        published(worlds[1], documents, workers=2),
    ]
    assert others == [first] * 2


def test_files_that_come_later_end_in_the_same_members(tmp_path: Path) -> None:
    rng = Random(9)  # noqa: S311 - not for secrets
    case = random_case(rng, users=40)
    at_once = world_of(case, tmp_path / "at once", 4, Options(shards=2))
    bit_by_bit = world_of(case, tmp_path / "bit by bit", 4, Options(shards=2))
    documents = documents_over(at_once.case, rng)
    expected = at_once.members(documents)
    assert grown(bit_by_bit, tmp_path / "bit by bit", documents) == expected


def grown(world: World, folder: Path, documents: dict[Key, Document]) -> dict[Key, Ids]:
    """The members after an index was made with one file of events, and brought up to date with each other file."""
    files = sorted((folder / "events").iterdir())
    away = [file.rename(folder / file.name) for file in files[1:]]
    project = world.definitions.project.resource
    assert isinstance(project, Project)
    data = Data(folder, update(folder, project, folder / "fresh", Silent(), Options(shards=2)), world.case.as_of_us)
    world_so_far = World(world.case, world.definitions, data)
    world_so_far.members(documents)
    for file in away:
        file.rename(folder / "events" / file.name)
        data = Data(folder, update(folder, project, folder / "fresh", Silent()), world.case.as_of_us)
    return World(world.case, world.definitions, data).members(documents)


def test_nothing_but_as_of_is_a_clock(tmp_path: Path) -> None:
    rng = Random(11)  # noqa: S311 - not for secrets
    case = random_case(rng, users=40)
    world = world_of(case, tmp_path, 1, Options())
    documents = documents_over(world.case, rng)
    opened = open_data(world.definitions, case.as_of_us, Silent())
    again = World(world.case, world.definitions, opened)
    assert again.members(documents) == world.members(documents)
