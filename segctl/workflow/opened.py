"""A project that is opened: its definitions, what they mean, and its state."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import Diagnostic, InvalidInput, SegctlError
from segctl.graph import Gone, Graph
from segctl.load.access import ANYWHERE, Access
from segctl.load.document import Document, Key, restore
from segctl.load.project import Definitions, Survey, find_root, project_of, survey
from segctl.logic.meaning import meanings
from segctl.model.project import Project
from segctl.model.state_place import object_place
from segctl.plan.definition import definitions
from segctl.state.local import LocalStore
from segctl.state.objects import object_store
from segctl.state.record import Definition, Record
from segctl.state.state import State
from segctl.workflow import untrusted
from segctl.workflow.gone import gone
from segctl.workflow.validate import validate


@dataclass(frozen=True)
class Opened:
    """The definitions on disk without errors, what can be applied of them, and the state beside them.

    `selected` is what a selection came to; nothing where none was made.
    """

    definitions: Definitions
    graph: Graph
    defined: Mapping[Key, Definition]
    state: State
    warnings: tuple[Diagnostic, ...]
    selected: frozenset[Key] = frozenset()

    @property
    def zone(self) -> str:
        """The project's time zone."""
        return project_of(self.definitions.project).timezone


def opened(start: Path, access: Access = ANYWHERE) -> Opened:
    """The project that `start` lies in.

    Raises:
        InvalidInput: with every error of every file.
    """
    root = find_root(start)
    loaded, graph, warnings = validate(root, access, _remembered)
    defined = definitions(loaded.documents, meanings(loaded, graph))
    return Opened(loaded, graph, defined, state_at(root, loaded.project, access), warnings)


def state_at(root: Path, project: Document, access: Access) -> State:
    """The state that definitions are held against: the project's own, or what an untrusted author is given."""
    return untrusted.state(access) if access.confined else state_of(root, project_of(project))


def _remembered(surveyed: Survey) -> Mapping[Key, Gone]:
    """What the state knows of what is gone from the disk; a state that cannot be read knows nothing."""
    if surveyed.project is None:
        return {}
    try:
        record = state_at(surveyed.root, surveyed.project, surveyed.access).current()
    except SegctlError:
        return {}
    return gone(surveyed, record) if record else {}


def opened_state(start: Path) -> tuple[Path, State, str]:
    """Root, state and time zone of the project that `start` lies in; only the project's own file need be right.

    Raises:
        InvalidInput: the project's file is wrong.
    """
    root = find_root(start)
    project = project_at(root)
    return root, state_of(root, project), project.timezone


def project_at(start: Path) -> Project:
    """The project that `start` lies in; only its own file need be right.

    Raises:
        InvalidInput: it is wrong.
    """
    surveyed = survey(find_root(start))
    if surveyed.project is None:
        raise InvalidInput(surveyed.diagnostics)
    return project_of(surveyed.project)


def state_of(root: Path, project: Project) -> State:
    """The state of a project, in its folder or its object store; nothing is read yet."""
    place = object_place(project.state)
    return State(LocalStore(root / project.state) if place is None else object_store(place, os.environ))


def applied(root: Path, record: Record) -> Definitions:
    """The definitions of a record.

    Raises:
        InvalidInput: they are none that this version knows.
    """
    documents = {key: restore(definition.data) for key, definition in record.definitions.items()}
    return Definitions(root, restore(record.project), documents)
