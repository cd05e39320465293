"""`segctl doctor`: what is wrong with a state, whom it affects, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.diagnostics import Locked
from segctl.index.check import damaged
from segctl.load.project import project_of, survey
from segctl.progress import Progress
from segctl.state.examine import Examined, Finding, Level, examine
from segctl.state.holder import LOCK, Held, is_dead, look
from segctl.state.names import ERASURES, HEAD, RECORDS
from segctl.state.origin import Origin
from segctl.state.state import State
from segctl.workflow.commit import held
from segctl.workflow.evaluate import INDEX, index_folder
from segctl.workflow.opened import opened_state
from segctl.workflow.repair import repair
from segctl.workflow.request import Run

BACKUP = "restore it from a backup"
ANEW = "move the state's folder away and apply anew, if there is no backup: everybody enters once more"


@dataclass(frozen=True)
class Diagnosed:
    """What was found, and how to mend each finding: ways from the best to the last; `mended` was damaged before."""

    examined: Examined
    findings: tuple[tuple[Finding, tuple[str, ...]], ...]
    mended: tuple[str, ...] = ()

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
    """Make anew what is damaged and comes out bit for bit as it was, then check.

    Raises:
        Locked: somebody else is at work.
        SegctlError: the store cannot be read or written.
    """
    root, state, _ = opened_state(start)
    found = examine(state.store, now_us, progress)
    if not any(finding.level is Level.DAMAGED for finding in found.findings) or found.head is None:
        return _diagnosed(start, run.origin, now_us, progress)
    with held(state, run, "doctor", now_us) as hold:
        mended = repair(root, state, found, hold.lease, progress)
    return replace(_diagnosed(start, run.origin, now_us, progress), mended=mended)


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
        return (f"remove `{finding.name.rpartition('/')[0]}`: the next command makes it anew",)
    if finding.name == HEAD:
        return BACKUP, ANEW
    return tuple(_ways_of_object(finding, found))


def _ways_of_object(finding: Finding, found: Examined) -> Iterator[str]:
    if finding.name.startswith(ERASURES):
        yield BACKUP
        return
    last = found.head.serial if found.head else 0
    needed = max(finding.serials)
    if not finding.name.startswith(RECORDS):
        yield "`segctl doctor --repair` makes it anew, if definitions and data still give the same"
    yield BACKUP
    if needed < last:
        yield f"`segctl gc --keep {last - needed}` forgets the serials up to {needed}"
    else:
        yield ANEW
