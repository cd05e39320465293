"""What files, index and engine answer to the cases of a file, and what the interpreter does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from segctl.diagnostics import Diagnostic, InvalidInput, Severity
from segctl.graph import Graph, build
from segctl.index.update import Options, update
from segctl.load.document import Document, Key
from segctl.load.project import Definitions
from segctl.logic.bind import Binder
from segctl.logic.lower import lower
from segctl.logic.members import members
from segctl.logic.settings import settings_of
from segctl.progress import Silent
from segctl.workflow.evaluate import Binding, Data, Target, evaluate, library_of
from tests.logic.case_data import CaseData, instant_us
from tests.logic.case_file import Case, CaseFile

Ids = frozenset[str]
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
        for as_of in dict.fromkeys(case.as_of for case in self._sound()):
            data = Data(self.folder, self.data.index, self.as_of_us(as_of))
            ids = data.population.ids.to_pylist()
            library = library_of(self.definitions, self._published(ids))
            cases = [case for case in self._sound() if case.as_of == as_of]
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
    def by_interpreter(self) -> Mapping[str, Ids]:
        """The members of all cases by name, one user at a time."""
        world, schema, around = self.given.world(), self.given.schema(), settings_of(self.definitions)
        logic = {
            key: lower(self.definitions.documents[key], around)
            for key in self.graph.order
            if key[0] != "list" and key not in world.given
        }
        found: dict[str, Ids] = {}
        for as_of in dict.fromkeys(case.as_of for case in self._sound()):
            then = replace(world, as_of_us=self.as_of_us(as_of))
            answered = members(logic, Binder(schema), self.given.users(), then).given
            found |= {case.name: frozenset(answered[case.key]) for case in self._sound() if case.as_of == as_of}
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
        binding.bind(Target(library_of(definitions, self._published([])), case.key))
        binder = Binder(self.given.schema())
        binder.bind(lower(case.document, settings_of(definitions)))
        return _told(binding.diagnostics), _told(binder.diagnostics)


def _told(diagnostics: Iterable[Diagnostic]) -> Told:
    errors = [one for one in diagnostics if one.severity is Severity.ERROR]
    return frozenset((one.code, (one.span.line, one.span.column) if one.span else (0, 0)) for one in errors)
