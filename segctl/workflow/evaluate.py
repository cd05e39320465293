"""Definitions and a project's data to memberships."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Generic

from segctl.diagnostics import Diagnostic, InvalidInput
from segctl.engine import evaluate as engine
from segctl.engine.plan import Label
from segctl.index.column import Bits
from segctl.index.population import Population
from segctl.index.reader import Index
from segctl.index.temporary import is_writable, temporary
from segctl.index.update import Options, update
from segctl.load.access import ANYWHERE, Access
from segctl.load.document import Document, Key
from segctl.load.project import Definitions, project_of
from segctl.logic import bound, nodes
from segctl.logic.bind import Binder
from segctl.logic.lower import lower, lower_trait, traits_among
from segctl.logic.needs import needs
from segctl.logic.settings import PLAIN, Settings, settings_of
from segctl.logic.types import Schema
from segctl.model.project import Project
from segctl.progress import Progress
from segctl.workflow.lists import Listed, read_list

INDEX = "index"
LOCAL_STATE = ".segctl"
"""The folder of the state unless the project names another, and of the index in any case."""


@dataclass(frozen=True, eq=False)
class Data:
    """A project's data as of an instant; `root` is the project's folder, `access` what may be read of it."""

    root: Path
    index: Index
    as_of_us: int
    access: Access = ANYWHERE

    @cached_property
    def population(self) -> Population:
        """The users that can be members."""
        return self.index.at(self.as_of_us).population()


@dataclass(frozen=True, eq=False)
class Library:
    """Definitions that refer to each other: those on disk, or those of a record.

    `given` are published memberships of extensions and lists, in the population's order; they stand
    for these wherever one is referred to. Extensions that are not given are evaluated as defined, lists
    are read. `zone` is that of local days where it is another one than the data's schema says.
    """

    documents: Mapping[Key, Document]
    given: Mapping[Key, Bits] = field(default_factory=dict)
    zone: str | None = None
    settings: Settings = PLAIN

    def trait(self, name: str) -> nodes.Expression | None:
        """What a trait is, None where there is none of that name."""
        return traits_among(self.documents, self.settings)(name)


def library_of(definitions: Definitions, given: Mapping[Key, Bits] | None = None, zone: str | None = None) -> Library:
    """The library of a project's definitions."""
    return Library(definitions.documents, given or {}, zone, settings_of(definitions))


@dataclass(frozen=True, eq=False)
class Target:
    """A definition of a library that is to be evaluated; an extension by its own logic, given or not."""

    library: Library
    key: Key


@dataclass(frozen=True, eq=False)
class Evaluated(Generic[Label]):
    """Memberships in the population's order.

    `unseen` events lie at or after as_of. `unknown` says how many ids of each list that was read are
    not in the population.
    """

    memberships: Mapping[Label, Bits]
    warnings: tuple[Diagnostic, ...]
    unseen: int
    unknown: Mapping[Key, int]


def open_data(definitions: Definitions, as_of_us: int, progress: Progress) -> Data:
    """The data of a project, its index brought up to date with the files; where it cannot be written, a temporary one.

    Raises:
        InvalidInput: everything that is wrong with the data.
    """
    project = project_of(definitions.project)
    access = definitions.access
    usual = access.scratch / INDEX if access.scratch else index_folder(definitions.root, project)
    folder = usual if is_writable(usual) else _temporary(definitions.root, usual, progress)
    options = Options(spans=definitions.project.span, access=access)
    found = update(definitions.root, project, folder, progress, options)
    return Data(definitions.root, found, as_of_us, access)


def _temporary(root: Path, usual: Path, progress: Progress) -> Path:
    folder, is_new = temporary(usual)
    if is_new:
        shown = usual.relative_to(root) if usual.is_relative_to(root) else usual
        progress.note(f"`{shown}` cannot be written: this command uses a temporary index; the next one starts again")
    return folder


def index_folder(root: Path, project: Project) -> Path:
    """Where the index lies: beside the state, or on this machine where the state is in an object store."""
    state = LOCAL_STATE if "://" in project.state else project.state
    return root / state / INDEX


def evaluate(
    data: Data, wanted: Mapping[Label, Target], progress: Progress, *, workers: int | None = None
) -> Evaluated[Label]:
    """All wanted memberships at once; what several share is computed once.

    Raises:
        InvalidInput: conditions that do not fit the data, and lists that cannot be read.
    """
    binding = Binding(data.index.schema)
    conditions = {label: binding.bind(target) for label, target in wanted.items()}
    warnings = checked(binding.diagnostics)
    needed = needs(conditions.values())
    data.index.ensure(needed, progress)
    lists = _lists(data, binding, needed.given)
    given = {key: lists[key].bits if key in lists else binding.given(key) for key in needed.given}
    view = data.index.at(data.as_of_us)
    found = engine.evaluate(view, conditions, given, workers=workers, progress=progress)
    unknown = {("list", key[1]): listed.unknown for key, listed in lists.items()}
    return Evaluated(found.memberships, warnings, found.unseen, unknown)


def checked(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The warnings, where nothing is worse.

    Raises:
        InvalidInput: with everything, where something is.
    """
    found = tuple(diagnostics)
    if any(diagnostic.is_error for diagnostic in found):
        raise InvalidInput(found)
    return found


class Binding:
    """Binds definitions of several libraries, whose lists and extensions may share names and yet differ."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._libraries: list[Library] = []
        self._binders: list[Binder] = []

    def bind(self, target: Target) -> bound.Node:
        """The condition of a definition; what is wrong with it is kept in `diagnostics`."""
        return self._binder(target.library).bind(lower(target.library.documents[target.key], target.library.settings))

    def value(self, target: Target) -> bound.Computed:
        """What a trait is; what is wrong with it is kept in `diagnostics`."""
        return self._binder(target.library).value(
            lower_trait(target.library.documents[target.key], target.library.settings)
        )

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that was found, each once."""
        return tuple(dict.fromkeys(found for binder in self._binders for found in binder.diagnostics))

    def given(self, key: Key) -> Bits:
        """The membership that a `Given` of this kind and name stands for."""
        library, kind = self._place(key)
        return library.given[kind, key[1]]

    def document(self, key: Key) -> Document:
        """The definition that a `Given` of this kind and name stands for."""
        library, kind = self._place(key)
        return library.documents[kind, key[1]]

    def is_list(self, key: Key) -> bool:
        """Whether a `Given` is a list that is to be read."""
        library, kind = self._place(key)
        return kind == "list" and (kind, key[1]) not in library.given

    def _place(self, key: Key) -> tuple[Library, str]:
        number, _, kind = key[0].partition("/")
        return self._libraries[int(number)], kind

    def _binder(self, library: Library) -> Binder:
        if library not in self._libraries:
            number = len(self._libraries)
            self._libraries.append(library)
            schema = replace(self._schema, zone=library.zone or self._schema.zone)
            self._binders.append(Binder(schema, lambda reference: _resolved(library, number, reference), library.trait))
        return self._binders[self._libraries.index(library)]


def _resolved(library: Library, number: int, reference: nodes.Reference) -> nodes.Node | None:
    """The logic of what is referred to; of what is given a reference that names the library, which has none."""
    key = (reference.kind, reference.name)
    if "/" in reference.kind:
        return None
    if reference.kind == "list" or key in library.given:
        return nodes.Reference(f"{number}/{reference.kind}", reference.name, reference.origin)
    return lower(library.documents[key], library.settings)


def _lists(data: Data, binding: Binding, given: Iterable[Key]) -> dict[Key, Listed]:
    """The lists among the given memberships."""
    found: dict[Key, Listed] = {}
    wrong: list[Diagnostic] = []
    for key in sorted(key for key in given if binding.is_list(key)):
        try:
            found[key] = read_list(binding.document(key), data.root, data.population, data.access)
        except InvalidInput as error:
            wrong += error.diagnostics
    if wrong:
        raise InvalidInput(wrong)
    return found
