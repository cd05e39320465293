"""`segctl forget`: erases users from every serial of the state, and from what this machine keeps beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from segctl.apply.erase import Writer, delete_strays
from segctl.diagnostics import Usage
from segctl.index.erase import index_files_with, remove_index
from segctl.load.project import project_of, survey
from segctl.model.state_place import object_place
from segctl.progress import Progress
from segctl.sources.sought import SoughtIds
from segctl.state.erasures import Erasure
from segctl.state.names import HEAD
from segctl.state.objects import ObjectStore
from segctl.state.reach import stored
from segctl.state.record import Head
from segctl.state.search import Occurrence, search
from segctl.state.state import State
from segctl.state.survey import Found
from segctl.state.survey import survey as survey_state
from segctl.workflow.commit import Hold, held
from segctl.workflow.evaluate import INDEX, LOCAL_STATE, index_folder
from segctl.workflow.opened import opened_state
from segctl.workflow.remaining import Remaining, remaining
from segctl.workflow.request import Run


@dataclass(frozen=True)
class Wanted:
    """Whom to erase, and why. With `keep_values`, values of other users' traits stay that equal one of the ids."""

    sought: SoughtIds
    reason: str = ""
    keep_values: bool = False

    def check(self) -> None:
        """Refuse a reason that names an id: the reason is kept.

        Raises:
            Usage: it does, or there is nobody to erase.
        """
        if not len(self.sought):
            raise Usage("no ids are given: there is nothing to erase")
        if self.sought.named_in(self.reason):
            raise Usage(
                "`--reason` names one of the ids, and the reason is kept in the state",
                hint='name the request instead, such as `--reason "request 2026-118"`',
            )


@dataclass(frozen=True)
class Preview:
    """What an erasure would do to the state, and where the ids stand besides; `indexes` are on this machine.

    `local_state` is a folder of this machine that holds an older state, which nothing reads any more. `bucket` is
    where the state lies in an object store, which may keep versions of what is deleted.
    """

    wanted: Wanted
    found: Found
    remaining: tuple[Remaining, ...]
    indexes: tuple[Path, ...]
    local_state: Path | None = None
    bucket: str = ""


@dataclass(frozen=True)
class Chosen:
    """What the edge chooses for one erasure: the instant, and a secret that nobody keeps."""

    now_us: int
    secret: bytes = field(repr=False)


class Review(Protocol):
    """Whoever looks at an erasure before it is done."""

    def confirm(self, preview: Preview) -> bool:
        """Whether it shall be done, after showing what it would do."""


@dataclass(frozen=True)
class Absence:
    """What of the state (`occurrences`) and of the index (`files`) holds an id, and how many objects were read."""

    occurrences: tuple[Occurrence, ...]
    objects: int
    files: tuple[Path, ...] = ()

    @property
    def held(self) -> tuple[Occurrence, ...]:
        """What holds an id otherwise than as a definition that was applied."""
        return tuple(one for one in self.occurrences if not one.definitions)

    @property
    def is_proved(self) -> bool:
        """Whether nothing holds an id."""
        return not (self.occurrences or self.files)


@dataclass(frozen=True)
class Forgotten:
    """What was done. `deleted` counts old objects and left-overs; `absence` is the proof (None: it was declined)."""

    preview: Preview
    erased: bool = False
    deleted: int = 0
    absence: Absence | None = None
    removed: tuple[Path, ...] = ()


def preview(start: Path, wanted: Wanted, progress: Progress) -> Preview:
    """What `forget` would do. Writes nothing, and takes no lock.

    Raises:
        Usage: the reason names an id.
        Stale: the state is damaged.
    """
    work = _begin(start, wanted, progress)
    return work.preview(work.remaining())


def forget(  # noqa: PLR0913 whom, by whom, and who looks and is told
    start: Path, wanted: Wanted, run: Run, chosen: Chosen, *, review: Review, progress: Progress
) -> Forgotten:
    """Erase users from all serials, then delete the old objects and this machine's index, then search for them.

    Raises:
        Usage: the reason names an id.
        Locked: somebody else is at work, or took the lock over meanwhile.
        Stale: the state is damaged; nothing was changed.
    """
    work = _begin(start, wanted, progress)
    state, beside = work.state, work.remaining()
    if state.head() is None and not stored(state.store):  # nothing was ever applied: there may be an index all the same
        seen = work.preview(beside)
        if not review.confirm(seen):
            return Forgotten(seen)
        return Forgotten(seen, removed=work.remove_indexes(seen.indexes), absence=Absence((), 0))
    with held(state, run, "forget", chosen.now_us) as hold:
        seen = work.preview(beside)
        if not review.confirm(seen):
            return Forgotten(seen)
        return work.erase(seen, hold, chosen.secret)


@dataclass(frozen=True)
class _Work:
    """An erasure in a project."""

    root: Path
    state: State
    wanted: Wanted
    progress: Progress

    def remaining(self) -> tuple[Remaining, ...]:
        return remaining(self.root, self.wanted.sought, self.progress)

    def preview(self, beside: tuple[Remaining, ...]) -> Preview:
        head, wanted = self.state.head() or Head("", 0, ""), self.wanted
        found = survey_state(self.state, head, wanted.sought, self.progress, keep_values=wanted.keep_values)
        store = self.state.store
        bucket = store.where() if isinstance(store, ObjectStore) else ""
        return Preview(wanted, found, beside, _indexes(self.root), _local_state(self.root), bucket)

    def erase(self, seen: Preview, hold: Hold, secret: bytes) -> Forgotten:
        """The lock is held. What an erasure that was killed left behind is deleted in any case."""
        found, wanted = seen.found, self.wanted
        head = found.chain.head
        if not found.is_empty:
            writer = Writer(self.state, wanted.sought, hold.lease, secret, self.progress, wanted.keep_values)
            head = writer.rewrite(found, _tombstone(seen, hold))
        deleted = delete_strays(self.state, head, hold.lease, self.progress)
        removed = self.remove_indexes(seen.indexes)
        proof = Absence(*search(self.state.store, wanted.sought, self.progress))
        return Forgotten(seen, not found.is_empty, len(deleted), proof, removed)

    def remove_indexes(self, folders: Iterable[Path]) -> tuple[Path, ...]:
        """Those that hold an id: the rows of its user hang on it, so that nothing less than all of an index goes."""
        sought, progress = self.wanted.sought, self.progress
        return tuple(one for one in folders if index_files_with(one, sought, progress) and remove_index(one))


def _begin(start: Path, wanted: Wanted, progress: Progress) -> _Work:
    wanted.check()
    root, state, _ = opened_state(start)
    return _Work(root, state, wanted, progress)


def _tombstone(seen: Preview, hold: Hold) -> Erasure:
    stamp, found = hold.stamp, seen.found
    return Erasure(
        stamp.created_us, stamp.author, len(found.users), found.chain.head.serial, seen.wanted.reason.strip()
    )


def absence(start: Path, sought: SoughtIds, progress: Progress) -> Absence:
    """Whether the state, and the index of this machine, hold none of the ids; nothing is written.

    Raises:
        SegctlError: the state cannot be read.
    """
    root, state, _ = opened_state(start)
    occurrences, objects = search(state.store, sought, progress)
    files = (file for folder in _indexes(root) for file in index_files_with(folder, sought, progress))
    return Absence(occurrences, objects, tuple(file.relative_to(root) for file in files))


def _indexes(root: Path) -> tuple[Path, ...]:
    """The folders of indexes on this machine: the project's, and the one from before the state was moved."""
    project = survey(root).project
    folders = [root / LOCAL_STATE / INDEX, *([index_folder(root, project_of(project))] if project else [])]
    return tuple(dict.fromkeys(folder for folder in folders if folder.is_dir()))


def _local_state(root: Path) -> Path | None:
    """A state in the usual folder that the project does not use, as it is left behind by a move to an object store."""
    project = survey(root).project
    used = project_of(project).state if project else ""
    folder = root / LOCAL_STATE
    unused = object_place(used) is not None or (root / used) != folder
    return folder if unused and (folder / HEAD).exists() else None
