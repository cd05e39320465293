"""`segctl state pull`: a local copy of the last serials, checked object by object; its head moves last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from segctl.diagnostics import SegctlError
from segctl.index.threads import threads
from segctl.progress import Progress
from segctl.state import canonical, written
from segctl.state.faults import check
from segctl.state.local import LocalStore
from segctl.state.names import RECORDS, chain_of, record_name
from segctl.state.reach import UNFINISHED, beside_records, referred, stored, strays
from segctl.state.record import Head
from segctl.state.state import Damage, State
from segctl.state.store import Missing, Store
from segctl.state.written import Unreadable
from segctl.workflow.opened import opened_state

_MARK = "copy.json"
_KIND = "state_copy"
_THREADS = 8
"""Objects that are waited for at once: an object store takes its time for each."""


@dataclass(frozen=True)
class Pulled:
    """The serials of the copy (0: nothing is applied yet); what was copied, was there already, and was deleted."""

    first: int
    last: int
    copied: int
    bytes: int
    present: int
    deleted: int


def state_pull(start: Path, folder: Path, keep: int, progress: Progress) -> Pulled:
    """Copy the last `keep` serials of a project's state to a folder, or bring the copy there up to date.

    Raises:
        SegctlError: the folder holds something else, or a copy that is ahead; or it cannot be written.
        Stale: an object of the state is damaged, or was collected meanwhile; the older copy stays whole.
    """
    _, state, _ = opened_state(start)
    copy = State(LocalStore(folder.resolve()))
    _check_apart(state.store, folder)
    head = state.head()
    _claim(copy.store, head, folder)
    if head is None:
        return Pulled(0, 0, 0, 0, 0, 0)
    before = _head(copy)
    _check_forward(before, head, folder)
    first = max(head.kept, head.serial - keep + 1)
    needed = set(beside_records(head))
    for record in islice(state.records_of(head), max(0, head.serial - first + 1)):
        needed |= referred(record, head.erasures)
    copied = _copy(state, copy.store, sorted(needed), progress)
    _move(copy, before, replace(head, kept=max(first, 1)))
    gone = [stray for stray in strays(stored(copy.store), needed) if stray.kind != UNFINISHED]
    deleted = sum(copy.store.discard(stray.name) for stray in gone)
    sizes = [size for size in copied if size is not None]
    return Pulled(first if head.serial else 0, head.serial, len(sizes), sum(sizes), len(copied) - len(sizes), deleted)


def _check_apart(store: Store, folder: Path) -> None:
    """A state in a folder is no place for its own copy: what a copy does not need is deleted."""
    if isinstance(store, LocalStore):
        root, target = store.root.resolve(), folder.resolve()
        if root.is_relative_to(target) or target.is_relative_to(root):
            raise SegctlError(f"`{folder}` is where the state itself is", hint="name a folder apart from it")


def _head(copy: State) -> Head | None:
    try:
        return copy.head()
    except Damage as damage:
        raise SegctlError(f"the copy is damaged: {damage.what}", hint=_ANEW) from damage


def _claim(copy: Store, head: Head | None, folder: Path) -> None:
    """Mark a folder as a copy of this state; one that holds anything else is refused."""
    try:
        found = canonical.decode(copy.read(_MARK))
        kind, lineage = found["kind"], found["lineage"]
    except Missing:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            hint = "name a folder that is empty or not there, or one that `segctl state pull` made"
            raise SegctlError(f"`{folder}` is not a copy of a state", hint=hint) from None
        kind, lineage = _KIND, ""
        copy.write_once(_MARK, _mark(lineage))
    except (ValueError, KeyError, TypeError):
        raise SegctlError(f"`{folder}/{_MARK}` is damaged", hint=_ANEW) from None
    ours = head.lineage if head else ""
    if kind != _KIND or lineage not in {"", ours}:
        raise SegctlError(f"`{folder}` is a copy of another state", hint=_ANEW)
    if lineage != ours:
        copy.replace(_MARK, _mark(ours), expected=_mark(lineage))


_ANEW = "remove the folder, and pull again"


def _mark(lineage: str) -> bytes:
    return canonical.encode({"kind": _KIND, "format_version": 1, "lineage": lineage})


def _check_forward(before: Head | None, head: Head, folder: Path) -> None:
    """A copy never goes back; its serial may have been rewritten, for an erasure changes older records too."""
    if before is not None and before.serial > head.serial:
        raise SegctlError(
            f"`{folder}` is at serial {before.serial}, and the state at {head.serial}: an older state was put back",
            hint=_ANEW,
        )


def _copy(state: State, copy: Store, names: list[str], progress: Progress) -> list[int | None]:
    """The bytes of each object that was copied, None for those that are there, and whole."""
    progress.start("copying", len(names))
    found = []
    try:
        with threads(_THREADS) as pool:
            for size in pool.map(lambda name: _object(state, copy, name), names):
                found.append(size)
                progress.advance()
    finally:
        progress.finish()
    return found


def _object(state: State, copy: Store, name: str) -> int | None:
    there = next(_present(copy, name), None)
    if there is not None and not name.startswith(RECORDS):
        return None
    data = state.checked(name, lambda data: _checked(name, data))
    if there == data:
        return None
    if not copy.write_once(name, data):
        copy.replace(name, data, expected=copy.read(name))
    return len(data)


def _present(copy: Store, name: str) -> Iterator[bytes]:
    """The bytes in the copy, if they are whole."""
    try:
        yield _checked(name, copy.read(name))
    except (Missing, Unreadable):
        return


def _checked(name: str, data: bytes) -> bytes:
    """These bytes, if they are what the name says.

    Raises:
        Unreadable: they are not.
    """
    if name.startswith(RECORDS):
        record, _ = written.read_record(data)
        if record_name(record.serial, chain_of(name)) != name:
            raise Unreadable("it is not the record that was applied")
    else:
        check(name, data)
    return data


def _move(copy: State, before: Head | None, head: Head) -> None:
    if before != head:
        copy.move_head(before, head)
