"""`segctl doctor`: what is wrong with a state, whom it affects, and how to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.diagnostics import Locked
from segctl.index.check import damaged
from segctl.load.project import project_of, survey
from segctl.progress import Progress
from segctl.state.examine import Examined, Finding, Level, examine
from segctl.state.holder import LOCK, Held, Holder, is_dead, look
from segctl.state.lock import lock
from segctl.state.names import ERASURES, HEAD, RECORDS
from segctl.state.origin import Origin
from segctl.state.rebuild import Rebuilt, rebuild_head
from segctl.state.state import State
from segctl.workflow.commit import held
from segctl.workflow.evaluate import INDEX, index_folder
from segctl.workflow.opened import opened_state
from segctl.workflow.repair import repair
from segctl.workflow.request import Run

BACKUP = "restore it from a backup"
ANEW = "move the state's folder away and apply again, if there is no backup: all members enter again"


@dataclass(frozen=True)
class Diagnosed:
    """What was found, and how to fix each finding: ways from the best to the last; `mended` was damaged before.

    `rebuilt` is the head that was made anew.
    """

    examined: Examined
    findings: tuple[tuple[Finding, tuple[str, ...]], ...]
    mended: tuple[str, ...] = ()
    rebuilt: Rebuilt | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is damaged; what is left over harms nobody."""
        return not any(finding.level is Level.DAMAGED for finding, _ in self.findings)


def doctor(start: Path, here: Origin, now_us: int, progress: Progress) -> Diagnosed:
    """Check a whole state, and the index of the data; nothing is written, and no lock is needed.

    Raises:
        SegctlError: the store cannot be read, or was written by a newer segctl.
    """
    return _diagnosed(start, here, now_us, progress)


def mend(start: Path, run: Run, now_us: int, progress: Progress) -> Diagnosed:
    """Make anew the head out of the records, and what is damaged and comes out bit for bit as it was; then check.

    Raises:
        Locked: somebody else is at work.
        Ambiguous: the head is lost, and the records do not say which one holds.
        SegctlError: the store cannot be read or written.
    """
    root, state, _ = opened_state(start)
    found = examine(state.store, now_us, progress)
    rebuilt: Rebuilt | None = None
    mended: tuple[str, ...] = ()
    if any(finding.name == HEAD for finding in found.damaged):
        rebuilt = _rebuilt(state, run, now_us)
        found = examine(state.store, now_us, progress)
    if found.damaged and found.head is not None:
        with held(state, run, "doctor", now_us) as hold:
            mended = repair(root, state, found, hold.lease, progress)
    first = (HEAD,) if rebuilt else ()
    return replace(_diagnosed(start, run.origin, now_us, progress), mended=(*first, *mended), rebuilt=rebuilt)


def _rebuilt(state: State, run: Run, now_us: int) -> Rebuilt | None:
    """The head, made anew; nobody can be fenced off by one that cannot be read, but by the new one everybody is."""
    with lock(state.store, Holder(run.origin, "doctor", now_us), run.waiting) as lease:
        return rebuild_head(state.store, now_us, lease.confirm)


def _diagnosed(start: Path, here: Origin, now_us: int, progress: Progress) -> Diagnosed:
    root, state, _ = opened_state(start)
    found = examine(state.store, now_us, progress)
    findings = (*found.findings, *_lock(state, here), *_index(root, progress))
    return Diagnosed(found, tuple((one, _ways(one, found)) for one in findings))


def _lock(state: State, here: Origin) -> Iterator[Finding]:
    try:
        found = look(state.store)
    except Locked:
        yield Finding(Level.DAMAGED, LOCK, "it does not say who holds it")
        return
    if isinstance(found, Held):
        ended = "; that process has ended, and the next command takes it over"
        so = ended if is_dead(found.holder.origin, here) else ""
        yield Finding(Level.NOTE, LOCK, f"the state is locked: {found.holder}{so}")


def _index(root: Path, progress: Progress) -> Iterator[Finding]:
    """What of the index is not as it was written; it lies on this machine, wherever the state is."""
    project = survey(root).project
    folder = index_folder(root, project_of(project)) if project else root / INDEX
    for path in damaged(folder, progress):
        yield Finding(Level.DAMAGED, str(path.relative_to(root)), "it is not as it was written")


def _ways(finding: Finding, found: Examined) -> tuple[str, ...]:
    """How to mend a finding; each way is tried by a test."""
    if finding.level is Level.LEFT_OVER:
        return ("`segctl gc` deletes it",)
    if finding.level is Level.NOTE:
        return ()
    if finding.name == LOCK:
        return ("if no segctl runs on this state, `segctl unlock`",)
    if INDEX in Path(finding.name).parts:
        return (f"remove `{finding.name.rpartition('/')[0]}`: the next command rebuilds it",)
    if finding.name == HEAD:
        return "`segctl doctor --repair` rebuilds it from the records, if they show which one is valid", BACKUP, ANEW
    return tuple(_ways_of_object(finding, found))


def _ways_of_object(finding: Finding, found: Examined) -> Iterator[str]:
    if finding.name.startswith(ERASURES):
        yield BACKUP
        return
    last = found.head.serial if found.head else 0
    needed = max(finding.serials)
    if not finding.name.startswith(RECORDS):
        yield "`segctl doctor --repair` rebuilds it, if definitions and data still give the same"
    yield BACKUP
    if needed < last:
        yield f"`segctl gc --keep {last - needed}` forgets the serials up to {needed}"
    else:
        yield ANEW
