"""What segctl itself says, by id."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from segctl.cli.main import main
from segctl.index.column import Bits
from segctl.index.population import Population
from segctl.load.document import Key
from segctl.load.project import Definitions
from segctl.logic.times import written_us
from segctl.progress import Silent
from segctl.workflow.evaluate import Data, Evaluated, Target, evaluate, library_of, open_data
from segctl.workflow.opened import opened
from tests.real.answers import Answer, Members


def live(root: Path, as_of: str) -> Answer:
    """Every segment, extension and list of a project, evaluated without any state."""
    data, found = evaluated(root, as_of)
    members = {key[1]: ids(data.population, bits) for key, bits in found.memberships.items()}
    return Answer(frozenset(data.population.ids.to_pylist()), members, found.unseen)


def evaluated(root: Path, as_of: str) -> tuple[Data, Evaluated[Key]]:
    """The same as bits, with the data."""
    project = opened(root)
    data = open_data(project.definitions, written_us(as_of, project.zone), Silent())
    library = library_of(project.definitions)
    return data, evaluate(data, {key: Target(library, key) for key in memberships(project.definitions)}, Silent())


def memberships(definitions: Definitions) -> list[Key]:
    """All that has members."""
    return [key for key in definitions.documents if key[0] != "trait"]


def ids(population: Population, bits: Bits) -> Members:
    """Who is in."""
    return frozenset(population.ids.filter(bits.tolist()).to_pylist())


def segctl(root: Path, *arguments: str) -> None:
    """Run a command line in the project's folder; it must succeed."""
    with contextlib.chdir(root):
        code = main(arguments)
    assert code == 0, arguments


def members(root: Path, names: Iterable[str], *options: str) -> dict[str, Members]:
    """`segctl members NAME... --format json`; with `--all-variants` a campaign's audience is that of all of them."""
    file = root / "members.json"
    segctl(root, "members", *names, *options, "--format", "json", "-o", str(file))
    said: dict[str, list[str] | dict[str, list[str]]] = json.loads(file.read_text())
    flat = {name: one if isinstance(one, list) else list(chain(*one.values())) for name, one in said.items()}
    assert all(len(set(one)) == len(one) for one in flat.values())
    return {name: frozenset(one) for name, one in flat.items()}
