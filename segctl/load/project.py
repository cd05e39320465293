"""A project's folder -> all its definitions, or every diagnostic of every file."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from segctl.diagnostics import Diagnostic, InvalidInput, SegctlError, Span, did_you_mean
from segctl.load import moved
from segctl.load.access import ANYWHERE, Access
from segctl.load.allowances import Allowance, allowances, apart_from
from segctl.load.document import MODELS, Document, Draft, Key
from segctl.load.fault import not_yet
from segctl.load.files import FOLDER, PROJECT_FILE, Source, definition_files, shown
from segctl.load.node import Node
from segctl.load.parse import parse
from segctl.load.syntax import MOST_TOLD, more_than_told
from segctl.load.text import decode
from segctl.load.validate import validate
from segctl.model.project import Project
from segctl.model.resources import PLANNED_KINDS
from segctl.model.wording import choices, found, quoted

_MANY_OBJECTS = 200_000


@dataclass(frozen=True)
class Definitions:
    """A project and its resources, sorted by key; `root` is the folder that holds `segments/`.

    `access` says which files they may point to. `archived` are those that are kept in their files and are
    no part of the project any more.
    """

    root: Path
    project: Document
    documents: Mapping[Key, Document]
    access: Access = ANYWHERE
    archived: Mapping[Key, Document] = field(default_factory=dict)


@dataclass(frozen=True)
class Survey:
    """Whatever could be read of a project, and all that is wrong.

    `drafts` are the resources that are there and wrong; `names` are what files that could not be
    read to their end may define. Nobody can say that a reference to one of them is missing.
    `allowances` are comments that allow what would be warned about. `archived` are right by themselves;
    what they refer to may be gone.
    """

    root: Path
    project: Document | None
    documents: Mapping[Key, Document]
    diagnostics: tuple[Diagnostic, ...]
    drafts: Mapping[Key, Draft] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    allowances: tuple[Allowance, ...] = ()
    access: Access = ANYWHERE
    archived: Mapping[Key, Document] = field(default_factory=dict)


def find_root(start: Path) -> Path:
    """This folder or the nearest one above that holds `segments/segctl.yaml`.

    Raises:
        SegctlError: there is none.
    """
    folder = start.absolute()
    for candidate in (folder, *folder.parents):
        if (candidate / FOLDER / PROJECT_FILE).is_file():
            return candidate
    raise SegctlError(
        f"no project here: {FOLDER}/{PROJECT_FILE} is neither in {folder} nor in a folder above",
        hint="create one with `segctl init`, or name its folder with `-C`",
    )


def project_of(document: Document) -> Project:
    """The project that a document holds."""
    if not isinstance(document.resource, Project):
        raise TypeError(f"{document.key} is not a project")
    return document.resource


def load(root: Path) -> Definitions:
    """All definitions of a project.

    Raises:
        InvalidInput: with every diagnostic of every file.
    """
    return definitions(survey(root))


def definitions(surveyed: Survey) -> Definitions:
    """What was surveyed, if nothing is wrong with it.

    Raises:
        InvalidInput: with every diagnostic of every file.
    """
    wrong = any(diagnostic.is_error for diagnostic in surveyed.diagnostics)
    if wrong or surveyed.project is None:
        raise InvalidInput(surveyed.diagnostics)
    return Definitions(surveyed.root, surveyed.project, surveyed.documents, surveyed.access, surveyed.archived)


def survey(root: Path, access: Access = ANYWHERE) -> Survey:
    """Read and check every definition file below a project's `segments/`; never raises for what is in them."""
    folder = root.absolute()
    here = Path.cwd()
    surveyed = survey_of(folder, definition_files(folder, here, access), shown(folder / FOLDER / PROJECT_FILE, here))
    return replace(surveyed, access=access)


def survey_of(folder: Path, sources: Iterable[Source], project_file: str) -> Survey:
    """Read and check these files, wherever they come from; `project_file` is the name of the project's own."""
    reader = _Reader(project_file=project_file)
    with _no_collection():
        for source in sources:
            reader.read(source)
    return reader.survey(folder)


def _named(node: Node) -> set[str]:
    """The name that a document gives itself, if any."""
    name = node.data.get("name") if isinstance(node.data, dict) else None
    return {name} if isinstance(name, str) else set()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without looking for garbage among small nodes that come by the million and all stay.

    It would take 60 % of the time for 5,000 definitions. Where there are that many, they are
    also left out of every later search.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > _MANY_OBJECTS:
            gc.freeze()
        if was_on:
            gc.enable()


@dataclass
class _Reader:
    """Collects documents and diagnostics, file by file."""

    project_file: str
    project: Document | None = None
    documents: dict[Key, Document] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    first: dict[Key, Span] = field(default_factory=dict)
    drafts: dict[Key, Draft] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    allowances: list[Allowance] = field(default_factory=list)
    archived: dict[Key, Document] = field(default_factory=dict)

    def read(self, source: Source) -> None:
        """Take in all documents of a file."""
        self.files.add(source.file)
        text = source.content if isinstance(source.content, Diagnostic) else decode(source.content, source.file)
        if isinstance(text, Diagnostic):
            self.diagnostics.append(text)
            self.names.add(source.path.stem)
            return
        self.allowances += allowances(text, source.file)
        parsed = parse(text, source.file)
        told = len(self.diagnostics)
        self.diagnostics += parsed.diagnostics
        self.names |= parsed.names
        for number, node in enumerate(parsed.documents):
            self._take(node, source.file, flawed=number in parsed.flawed)
            if len(self.diagnostics) - told > MOST_TOLD:
                cut = self.diagnostics[told + MOST_TOLD].span or Span(source.file)
                self.diagnostics[told + MOST_TOLD :] = [more_than_told(cut)]
                self.names |= {name for node in parsed.documents for name in _named(node)}
                break

    def _take(self, node: Node, file: str, *, flawed: bool) -> None:
        """Take in one document; of a flawed one something has been left out."""
        kind = self._kind(node, file)
        if kind is None:
            self.names |= _named(node)
            return
        name = node.data.get("name")
        key = (kind, name if isinstance(name, str) else "")
        if kind == "project" and file != self.project_file:
            hint = f"keep the project in {FOLDER}/{PROJECT_FILE}, and one project to a folder"
            self._say("misplaced-project", "a project outside of its own file", Span(file, *node.place), hint)
            return
        resource, mistakes = validate(node, MODELS[kind], file)
        self.diagnostics += mistakes
        if not self._is_new(key, node, file):
            return
        if resource is None or flawed:
            self.drafts[key] = Draft(key, node.data, node, file)
        elif kind == "project":
            self.project = Document(key, resource, node.data, node, file)
        else:
            kept = self.archived if resource.archived else self.documents
            kept[key] = Document(key, resource, node.data, node, file)

    def _kind(self, node: Node, file: str) -> str | None:
        """The kind of a document, or None and a diagnostic."""
        if not isinstance(node.data, dict):
            hint = "a definition begins with `kind` and `name`"
            self._say("wrong-type", f"expected a mapping, found {found(node.data)}", Span(file, *node.place), hint)
            return None
        kind = node.data.get("kind")
        if isinstance(kind, str) and kind in MODELS:
            return kind
        kinds = choices(MODELS)
        if kind is None and node.spoiled:
            return None
        if kind is None:
            self._say("missing-key", "`kind` is missing", Span(file, *node.place), f"add `kind`: {kinds}")
        elif isinstance(kind, str) and kind in PLANNED_KINDS:
            self._say("not-yet", not_yet(kind), Span(file, *node.find(["kind"]).place))
        else:
            summary = f"there is no kind {quoted(kind)}" if isinstance(kind, str) else f"{found(kind)} is not a kind"
            hint = did_you_mean(str(kind), MODELS) or f"write {kinds}"
            self._say("unknown-kind", summary, Span(file, *node.find(["kind"]).place), hint)
        return None

    def _is_new(self, key: Key, node: Node, file: str) -> bool:
        """Whether the identity is new; else say where it was first. There is one project."""
        kind, name = key
        span = Span(file, *node.find(["name"]).place)
        identity = ("project", "") if kind == "project" else key
        if identity in self.first:
            if name:
                what = "a second project" if kind == "project" else f"a second {kind} named {quoted(name)}"
                hint = "remove one of the two" if kind == "project" else "rename or remove one of the two"
                self._say("duplicate", what, span, hint, self.first[identity])
            return False
        self.first[identity] = span
        return True

    def _say(self, code: str, summary: str, span: Span, hint: str = "", first: Span | None = None) -> None:
        detail = f"the first one is at {first}" if first else ""
        self.diagnostics.append(Diagnostic(code, summary, span, detail, hint))

    def survey(self, root: Path) -> Survey:
        """All that was read, with what is missing as a whole."""
        if ("project", "") not in self.first:
            self.diagnostics += self._no_project()
        self.diagnostics += moved.faults((*self.documents.values(), *self.archived.values()), self.first)
        return Survey(
            root=root,
            project=self.project,
            documents=dict(sorted(self.documents.items())),
            diagnostics=tuple(sorted(self.diagnostics, key=Diagnostic.sort_key)),
            drafts=dict(sorted(self.drafts.items())),
            names=frozenset(self.names),
            allowances=tuple(apart_from(self.allowances, self.archived.values())),
            archived=dict(sorted(self.archived.items())),
        )

    def _no_project(self) -> Sequence[Diagnostic]:
        span = Span(self.project_file)
        if self.project_file not in self.files:
            hint = f"create a project with `segctl init`, or write `kind: project` into {FOLDER}/{PROJECT_FILE}"
            return [Diagnostic("no-project", "the project's file is missing", span, hint=hint)]
        if any(d.span and d.span.file == self.project_file for d in self.diagnostics):
            return []
        hint = "add a document with `kind: project`, `name` and `users`"
        return [Diagnostic("no-project", "the project's file holds no project", span, hint=hint)]
