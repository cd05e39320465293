"""What segctl itself says, by id: evaluated from the files, or as it was published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from segctl.index.column import Bits
from segctl.index.population import Population
from segctl.load.document import Key
from segctl.logic.times import written_us
from segctl.progress import Silent
from segctl.state.record import Record
from segctl.state.state import State
from segctl.workflow.apply import apply
from segctl.workflow.commit import Outcome
from segctl.workflow.evaluate import Data, Evaluated, Library, Target, evaluate, open_data
from segctl.workflow.opened import opened
from segctl.workflow.refresh import refresh
from segctl.workflow.request import Request, Unasked, this_run
from tests.real.answers import Answer, Members


def live(root: Path, as_of: str) -> Answer:
    """Every segment, extension and list of a project, evaluated without any state."""
    data, found = evaluated(root, as_of)
    memberships = {key[1]: ids(data.population, bits) for key, bits in found.memberships.items()}
    return Answer(frozenset(data.population.ids.to_pylist()), memberships, found.unseen)


def evaluated(root: Path, as_of: str) -> tuple[Data, Evaluated[Key]]:
    """The same as bits, with the data."""
    project = opened(root)
    data = open_data(project.definitions, written_us(as_of, project.zone), Silent())
    library = Library(project.definitions.documents)
    return data, evaluate(data, {key: Target(library, key) for key in library.documents}, Silent())


def ids(population: Population, bits: Bits) -> Members:
    """Who is in."""
    return frozenset(population.ids.filter(bits.tolist()).to_pylist())


def publish(root: Path, as_of: str) -> Outcome:
    """`segctl apply --auto-approve --as-of`."""
    return apply(root, _request(as_of), this_run(root, {}), Unasked(), Silent())


def publish_again(root: Path, as_of: str) -> Outcome:
    """`segctl refresh --as-of`."""
    return refresh(root, _request(as_of), this_run(root, {}), Unasked(), Silent())


def _request(as_of: str) -> Request:
    return Request(now_us=written_us("2026-11-22", "UTC"), as_of=as_of)


def published(state: State, record: Record) -> Mapping[str, Members]:
    """Who is in what, as a record of the state says."""
    return {key[1]: _members(state, record, key) for key in record.snapshots}


def _members(state: State, record: Record, key: Key) -> Members:
    snapshot = record.snapshots[key]
    membership = state.membership(snapshot.membership)
    assert membership.population == snapshot.population
    return ids(state.population(snapshot.population), membership.bits)
