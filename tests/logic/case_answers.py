"""What files, index and engine answer to the cases of a file, and what the interpreter does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from segctl.diagnostics import Diagnostic, InvalidInput, Severity
from segctl.graph import Graph, build
from segctl.index.update import Options, update
from segctl.load.document import Document, Key
from segctl.load.project import Definitions
from segctl.logic.bind import Binder
from segctl.logic.interpret import World, computed
from segctl.logic.lower import lower, lower_trait
from segctl.logic.members import members
from segctl.logic.nodes import Expression, Node, Reference
from segctl.logic.settings import settings_of
from segctl.logic.trace import Tracer
from segctl.logic.types import ListOf, Scalar, Type
from segctl.progress import Silent
from segctl.workflow.evaluate import Binding, Data, Target, evaluate, library_of
from segctl.workflow.values import compute
from tests.logic.case_data import ARROW, CaseData, instant_us
from tests.logic.case_file import Case, CaseFile

Ids = frozenset[str]
Values = Mapping[str, Any]
"""Values of a trait by user, in physical form, without those that are missing."""

Told = frozenset[tuple[str, tuple[int, int]]]
"""Codes of errors with line and column."""


@dataclass(frozen=True, eq=False)
class Answers:
    """One file of cases with its data on disk, below `folder`."""

    file: CaseFile
    folder: Path

    @cached_property
    def given(self) -> CaseData:
        """The rows of the file."""
        return CaseData(self.file, self.file.contents.project.get("timezone", "Europe/Paris"))

    @cached_property
    def definitions(self) -> Definitions:
        """The project, what the cases refer to, and the cases that are not expected to be refused."""
        project = self.given.write(self.folder)
        documents = {one.key: one for one in (*self.given.lists(self.folder), *self.file.definitions)}
        documents |= {c.key: c.document for c in self._sound() if c.document is not None}
        return Definitions(self.folder, Document(("project", "cases"), project, {}), dict(sorted(documents.items())))

    def _sound(self) -> Iterable[Case]:
        return [case for case in self.file.cases.values() if case.written.error is None]

    def _at_once(self, *, traits: bool) -> Iterable[tuple[int, list[Case]]]:
        """The cases with members, or with values, by their as_of."""
        cases = [case for case in self._sound() if (case.key[0] == "trait") is traits]
        for as_of in dict.fromkeys(case.as_of for case in cases):
            yield self.as_of_us(as_of), [case for case in cases if case.as_of == as_of]

    @cached_property
    def graph(self) -> Graph:
        """What refers to what."""
        return build(self.definitions)

    @cached_property
    def data(self) -> Data:
        """The index of the files."""
        project: Any = self.definitions.project.resource
        index = update(self.folder, project, self.folder / "index", Silent(), Options(shards=2))
        return Data(self.folder, index, 0)

    def as_of_us(self, text: str) -> int:
        """An as_of as it is written."""
        return instant_us(text, self.given.zone)

    # --- members ------------------------------------------------------------------------------------

    @cached_property
    def by_engine(self) -> Mapping[str, Ids]:
        """The members of all cases by name, by the engine; those of one as_of at once."""
        found: dict[str, Ids] = {}
        for as_of_us, cases in self._at_once(traits=False):
            data = Data(self.folder, self.data.index, as_of_us)
            ids = data.population.ids.to_pylist()
            library = library_of(self.definitions, self._published(ids))
            answered = evaluate(data, {c.name: Target(library, c.key) for c in cases}, Silent(), workers=1)
            for name, bits in answered.memberships.items():
                found[name] = frozenset(one for one, member in zip(ids, bits, strict=True) if member)
        return found

    def _published(self, ids: list[str]) -> dict[Key, Any]:
        published = self.file.contents.given.extensions
        return {
            ("extension", name): np.array([one in set(map(str, members)) for one in ids], dtype=np.bool_)
            for name, members in published.items()
        }

    @cached_property
    def _logic(self) -> Mapping[Key, Node]:
        """All conditions, each after those it refers to."""
        given, around = self.given.world().given, settings_of(self.definitions)
        return {
            key: lower(self.definitions.documents[key], around)
            for key in self.graph.order
            if key[0] not in ("list", "trait") and key not in given
        }

    @cached_property
    def _worlds(self) -> Mapping[int, World]:
        """The members of all conditions by the interpreter, for every as_of."""
        binder, world = self._binder(self.definitions), self.given.world()
        instants = [as_of_us for as_of_us, _ in self._at_once(traits=False)]
        return {at: members(self._logic, binder, self.given.users(), replace(world, as_of_us=at)) for at in instants}

    @cached_property
    def by_interpreter(self) -> Mapping[str, Ids]:
        """The members of all cases by name, one user at a time."""
        found = [(case, at) for at, cases in self._at_once(traits=False) for case in cases]
        return {case.name: frozenset(self._worlds[at].given[case.key]) for case, at in found}

    @cached_property
    def by_explanation(self) -> Mapping[str, Ids]:
        """The members of all cases by name, by what `explain` says of each user."""
        binder, users = self._binder(self.definitions), self.given.users()
        found: dict[str, Ids] = {}
        for as_of_us, cases in self._at_once(traits=False):
            tracers = [Tracer(binder, user, self._worlds[as_of_us], self._opened) for user in users]
            for case in cases:
                traced = [tracer.user.id for tracer in tracers if tracer.trace(self._logic[case.key]).holds]
                found[case.name] = frozenset(traced)
        return found

    def _opened(self, reference: Reference) -> Node | None:
        return self._logic.get((reference.kind, reference.name))

    def _binder(self, definitions: Definitions) -> Binder:
        """By the types that the file of cases says."""

        def trait(name: str) -> Expression | None:
            document = definitions.documents.get(("trait", name))
            return None if document is None else lower_trait(document, settings_of(definitions))

        return Binder(self.given.schema(), traits=trait)

    # --- values -------------------------------------------------------------------------------------

    @cached_property
    def values_by_engine(self) -> Mapping[str, tuple[Type, Values]]:
        """The type and the values of all traits by name, by the engine."""
        found: dict[str, tuple[Type, Values]] = {}
        for as_of_us, cases in self._at_once(traits=True):
            data = Data(self.folder, self.data.index, as_of_us)
            library = library_of(self.definitions)
            answered = compute(data, {case.name: Target(library, case.key) for case in cases}, Silent())
            ids = data.population.ids.to_pylist()
            for name, column in answered.values.items():
                values = zip(ids, _physical(column), strict=True)
                found[name] = _type(column.type), {one: value for one, value in values if value is not None}
        return found

    @cached_property
    def values_by_interpreter(self) -> Mapping[str, Values]:
        """The values of all traits by name, one user at a time."""
        found: dict[str, Values] = {}
        binder, users = self._binder(self.definitions), self.given.users()
        for as_of_us, cases in self._at_once(traits=True):
            world = replace(self.given.world(), as_of_us=as_of_us)
            for case in cases:
                of = binder.value(lower_trait(self.definitions.documents[case.key], settings_of(self.definitions)))
                values = {user.id: computed(of, user, world) for user in users}
                found[case.name] = {one: value for one, value in values.items() if value is not None}
        return found

    # --- errors -------------------------------------------------------------------------------------

    def errors(self, case: Case) -> tuple[Told, Told]:
        """What is wrong with a definition, by the types of the files, and by those that the file of cases says."""
        if case.document is None:
            return frozenset(case.refused), frozenset(case.refused)
        definitions = replace(self.definitions, documents={**self.definitions.documents, case.key: case.document})
        try:
            build(definitions)
        except InvalidInput as error:
            return _told(error.diagnostics), _told(error.diagnostics)
        binding = Binding(self.data.index.schema)
        target = Target(library_of(definitions, self._published([])), case.key)
        binder = self._binder(definitions)
        if case.key[0] == "trait":
            binding.value(target)
            binder.value(lower_trait(case.document, settings_of(definitions)))
        else:
            binding.bind(target)
            binder.bind(lower(case.document, settings_of(definitions)))
        return _told(binding.diagnostics), _told(binder.diagnostics)


def _told(diagnostics: Iterable[Diagnostic]) -> Told:
    errors = [one for one in diagnostics if one.severity is Severity.ERROR]
    return frozenset((one.code, (one.span.line, one.span.column) if one.span else (0, 0)) for one in errors)


def _type(kind: pa.DataType) -> Type:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return ListOf(_type(kind.value_type))
    if pa.types.is_dictionary(kind):
        return _type(kind.value_type)
    return next((scalar for scalar, one in ARROW.items() if one == kind), Scalar.STRING)


def _physical(column: pa.Array) -> list[Any]:
    """Times as microseconds, dates as days."""
    if pa.types.is_timestamp(column.type):
        return list(column.cast(pa.int64()).to_pylist())
    return list((column.cast(pa.int32()) if pa.types.is_date(column.type) else column).to_pylist())
