"""`segctl validate`: the definitions, whether they fit the data, and what surely is a mistake; all in one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.diagnostics import Diagnostic, InvalidInput
from segctl.graph import Graph, examine, put_away, references
from segctl.lint.allowed import allow
from segctl.lint.run import findings
from segctl.lint.subject import Definition, Subject, traits_of
from segctl.load.access import ANYWHERE, Access
from segctl.load.document import Key
from segctl.load.project import Definitions, Survey, find_root, survey
from segctl.logic.bind import Binder
from segctl.logic.lower import lower_any
from segctl.logic.nodes import Node
from segctl.logic.settings import settings_of
from segctl.logic.types import Schema
from segctl.progress import Progress
from segctl.selection import EVERYTHING, Selection
from segctl.workflow import policies, untrusted
from segctl.workflow.evaluate import Data, open_data
from segctl.workflow.facts import facts
from segctl.workflow.lists import read_list
from segctl.workflow.sought import about, sought


@dataclass(frozen=True)
class Checked:
    """How many definitions of each kind there are, all that is told of them, and the warnings that comments allow."""

    kinds: Mapping[str, int]
    diagnostics: tuple[Diagnostic, ...]
    allowed: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> int:
        """How many of the diagnostics are errors."""
        return sum(diagnostic.is_error for diagnostic in self.diagnostics)

    @property
    def warnings(self) -> int:
        """How many of the diagnostics are warnings."""
        return len(self.diagnostics) - self.errors


def check(  # noqa: PLR0913 where, when, what of it, and what may be read
    start: Path,
    as_of_us: int,
    progress: Progress,
    *,
    data: bool = True,
    access: Access = ANYWHERE,
    selection: Selection = EVERYTHING,
) -> Checked:
    """Check the project that `start` lies in, with its data unless told otherwise.

    With a selection, what is told of definitions that are not selected is left out.

    A definition that is right is held against the data even where others are wrong. What is wrong is told where
    it is, and not again of those that refer to it.
    """
    surveyed = survey(find_root(start), access)
    keys = None if selection.is_everything else sought(surveyed, selection).keys
    graph, wrong_references = examine(
        surveyed.documents, surveyed.drafts, surveyed.names, put_away(surveyed.documents, surveyed.archived)
    )
    checking = _Checking(surveyed, graph, [*surveyed.diagnostics, *wrong_references])
    checking.go_on(as_of_us, progress, data=data)
    found = tuple(dict.fromkeys(checking.found))
    complete = not any(diagnostic.is_error for diagnostic in found)
    result = allow(found, surveyed.allowances, complete=complete, with_data=data)
    kinds = Counter(key[0] for key in surveyed.documents if keys is None or key in keys)
    return Checked(kinds, *(about(told, surveyed, keys) for told in (result.told, result.allowed)))


@dataclass
class _Checking:
    """What was read of a project, and all that was found so far."""

    surveyed: Survey
    graph: Graph
    found: list[Diagnostic]

    def go_on(self, as_of_us: int, progress: Progress, *, data: bool) -> None:
        """Look at what is right by itself; without a project nothing can be said."""
        if self.surveyed.project is None:
            return
        sound = self._sound()
        definitions = Definitions(
            self.surveyed.root, self.surveyed.project, self.surveyed.documents, self.surveyed.access
        )
        logic = _logic(definitions)
        complete = not any(diagnostic.is_error for diagnostic in self.found)
        right = {key: definition for key, definition in logic.items() if key in sound}
        subject = Subject(right, self.graph, complete=complete)
        if data:
            subject = self._against_data(definitions, logic, subject, (as_of_us, progress))
        self.found += findings(subject)
        schema = subject.facts.schema if subject.facts else None
        self.found += policies.diagnostics(definitions, self.graph, sound, schema)

    def _sound(self) -> frozenset[Key]:
        """Definitions of which all that they refer to, all the way, is there and right."""
        sound: set[Key] = set()
        for key in self.graph.order:
            links = references(self.surveyed.documents[key])
            if all(any((kind, link.key[1]) in sound for kind in link.kinds) for link in links):
                sound.add(key)
        return frozenset(sound)

    def _against_data(
        self, definitions: Definitions, logic: Mapping[Key, Definition], subject: Subject, at: tuple[int, Progress]
    ) -> Subject:
        """The subject with what is known of the data; whatever does not fit is found."""
        as_of_us, progress = at
        of_data: list[Diagnostic] = []
        try:
            opened = open_data(definitions, as_of_us, progress)
            of_data += _lists(definitions, opened)
            of_data += self._misfits(logic, opened.index.schema)
            return replace(subject, facts=facts(opened, subject, progress))
        except InvalidInput as error:
            of_data += error.diagnostics
            return subject
        finally:
            self.found += untrusted.told(of_data, definitions.access)

    def _misfits(self, logic: Mapping[Key, Definition], schema: Schema) -> Iterator[Diagnostic]:
        """Whatever of the definitions does not fit the data, each by itself; those on a way round have no logic."""
        binder = Binder(schema, traits=traits_of(logic))
        for key in self.graph.order:
            definition = logic.get(key)
            if definition is None:
                continue
            if isinstance(definition.logic, Node):
                binder.bind(definition.logic)
            else:
                binder.value(definition.logic)
        yield from (diagnostic for diagnostic in binder.diagnostics if not self._is_excused(diagnostic))

    def _is_excused(self, diagnostic: Diagnostic) -> bool:
        """Whether it says that something is missing that the graph has told, or that is there and wrong."""
        there = {name for _, name in self.surveyed.drafts} | self.surveyed.names
        missing = diagnostic.code == "missing-reference"
        return missing and (" trait " in diagnostic.summary or any(f"`{n}`" in diagnostic.summary for n in there))


def _lists(definitions: Definitions, opened: Data) -> Iterator[Diagnostic]:
    """Whatever is wrong with the files of lists."""
    for key, document in definitions.documents.items():
        if key[0] == "list":
            try:
                read_list(document, opened.root, opened.population, opened.access)
            except InvalidInput as error:
                yield from error.diagnostics


def _logic(definitions: Definitions) -> dict[Key, Definition]:
    """What the definitions mean that have a meaning of their own."""
    around = settings_of(definitions)
    every = ((key, document, lower_any(document, around)) for key, document in definitions.documents.items())
    return {key: Definition(document, logic) for key, document, logic in every if logic is not None}
