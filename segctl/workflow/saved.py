"""Saved plans: made by `segctl plan --out`, shown, and held against the state before they are applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segctl import __version__
from segctl.diagnostics import SegctlError, Stale, Usage
from segctl.plan import saved as files
from segctl.plan import staleness
from segctl.plan.definition import FINGERPRINTS
from segctl.plan.saved import Binding, Maker, NoSavedPlan, Saved
from segctl.state import canonical, instants
from segctl.state.record import Definition, Head, Record
from segctl.state.state import State
from segctl.workflow.as_of import instant
from segctl.workflow.opened import Opened, opened_state
from segctl.workflow.prepared import Prepared
from segctl.workflow.request import Request, Run

_TOLD = 5


def saved(prepared: Prepared, request: Request, run: Run, printed: dict[str, object]) -> Saved:
    """The plan with all that it is bound to; `printed` is the plan for machines."""
    origin = run.origin
    maker = Maker(request.now_us, origin.who, origin.host, origin.commit, origin.run, __version__)
    return Saved(prepared.plan, binding(prepared, request), maker, prepared.zone, printed)


def binding(prepared: Prepared, request: Request) -> Binding:
    """What a plan depends on, in parts, so that what has moved can be named."""
    content = prepared.following.content(prepared.before, prepared.plan)
    each = {".".join(key): _one(definition) for key, definition in content.definitions.items()}
    return Binding(
        each={"project": canonical.digest(canonical.encode(content.project))[:32], **each},
        tables=prepared.tables,
        fingerprints=FINGERPRINTS,
        select=request.select,
        exclude=request.exclude,
        selected=tuple(".".join(key) for key in sorted(prepared.selected)),
        allow=request.allow,
        reason=request.reason,
        erasures=prepared.head.erasures if prepared.head else 0,
        granted=request.granted,
    )


def _one(definition: Definition) -> str:
    parts = [definition.own, definition.deep, definition.metadata]
    return canonical.digest(canonical.encode(parts))[:32]


def request_of(plan: Saved, given: Request) -> Request:
    """What was asked for when the plan was made; a reason may be given when it is applied.

    Raises:
        Usage: something else is asked for now.
    """
    bound = plan.binding
    as_of = plan.plan.basis.as_of_us
    _agree("--as-of", given.as_of and instant(given.as_of, plan.zone, given.now_us), as_of)
    for option, now, then in (
        ("--select", given.select, bound.select),
        ("--exclude", given.exclude, bound.exclude),
        ("--allow", given.allow, bound.allow),
        ("--allow-from", given.granted, bound.granted),
    ):
        _agree(option, sorted(now), sorted(then))
    return Request(
        now_us=given.now_us,
        as_of=instants.to_text(as_of),
        allow=bound.allow,
        reason=given.reason or bound.reason,
        granted=bound.granted,
        select=bound.select,
        exclude=bound.exclude,
    )


def _agree(option: str, now: object, then: object) -> None:
    if now and now != then:
        raise Usage(
            f"`{option}` cannot be changed when a saved plan is applied",
            hint=f"the plan says it already; `segctl plan --out` with another `{option}` makes another plan",
        )


@dataclass(frozen=True)
class AsPlanned:
    """Expects that everything is as it was when a plan was saved; `name` is the file, for messages."""

    plan: Saved
    name: str

    def of_place(self, project: Opened) -> None:
        """Check project, state and serial.

        Raises:
            Stale: they have moved, or the plan was applied already.
        """
        head = project.state.head()
        since = _since(project.state, self.plan, head)
        self._refuse_second(head, since)
        if head is None or head.lineage != self.plan.plan.basis.lineage:
            self._refuse(staleness.place(self.plan, project.definitions.project.key[1], head, since))

    def of_failure(self, error: SegctlError, project: Opened) -> None:
        """Tell what has moved, where that may be why there is no plan any more.

        Raises:
            Stale: the state has moved, or what the plan's own options say makes no sense any more.
        """
        head = project.state.head()
        name = project.definitions.project.key[1]
        found = staleness.place(self.plan, name, head, _since(project.state, self.plan, head))
        if found or isinstance(error, Usage):
            self._refuse((*found, f"plan: there is none as of now: {error}"))

    def of_content(self, prepared: Prepared, request: Request, state: State) -> None:
        """Check all of it, as it is under the lock.

        Raises:
            Stale: something has moved; everything that has is told.
        """
        since = _since(state, self.plan, prepared.head)
        self._refuse_second(prepared.head, since)
        found = staleness.place(self.plan, prepared.plan.basis.project, prepared.head, since)
        found += staleness.content(self.plan, prepared.plan, binding(prepared, request), same_place=not found)
        self._refuse(found)

    def _refuse_second(self, head: Head | None, since: Iterable[Record]) -> None:
        ours = head is not None and head.lineage == self.plan.plan.basis.lineage
        again = staleness.applied_already(self.plan, tuple(since)) if ours else None
        if again:
            raise Stale(f"`{self.name}` was {again}; a plan applies once", hint=_NEW)

    def _refuse(self, found: tuple[str, ...]) -> None:
        if found:
            lines = "".join(f"\n  {line}" for line in found)
            raise Stale(f"`{self.name}` is stale, and nothing was changed{lines}", hint=_NEW)


_MADE = "`segctl plan --out FILE` makes one"
_NEW = "`segctl plan --out FILE` plans again; review it, then apply that"


@dataclass(frozen=True)
class Shown:
    """A saved plan, and what has moved since that can be seen without reading any data."""

    saved: Saved
    moved: tuple[str, ...]
    unknown: str = ""


def show(start: Path, path: Path) -> Shown:
    """A saved plan; neither a project nor a state is needed, but held against them where they are.

    Raises:
        SegctlError: the file is no saved plan, or was altered.
    """
    plan = load(path)
    try:
        _, state, _ = opened_state(start)
        head = state.head()
        since = _since(state, plan, head)
    except (SegctlError, OSError) as error:
        return Shown(plan, (), str(error))
    again = staleness.applied_already(plan, since)
    if again:
        return Shown(plan, (again,))
    return Shown(plan, staleness.place(plan, plan.plan.basis.project, head, since))


def load(path: Path) -> Saved:
    """The saved plan in a file.

    Raises:
        SegctlError: it cannot be read, is no saved plan, or was altered.
    """
    try:
        return files.read(path.read_bytes())
    except OSError as error:
        raise SegctlError(f"cannot read the plan `{path}`: {error.strerror}", hint=_MADE) from error
    except NoSavedPlan as reason:
        raise SegctlError(f"`{path}` cannot be used: {reason}", hint=_MADE) from reason


def is_saved(path: Path) -> bool:
    """Whether there is a file that claims to be a saved plan."""
    try:
        return path.is_file() and files.looks_saved(path.read_bytes())
    except OSError:
        return False


def document(plan: Saved) -> dict[str, Any]:
    """What a saved plan's file holds."""
    return files.as_data(plan)


def _since(state: State, plan: Saved, head: Head | None) -> tuple[Record, ...]:
    """The last records after the one that the plan was made against; those that are gone are left out."""
    basis = plan.plan.basis
    if head is None or head.lineage != basis.lineage:
        return ()
    first = max(basis.serial + 1, head.serial - _TOLD + 1)
    found = []
    for serial in dict.fromkeys((min(basis.serial + 1, head.serial), *range(first, head.serial + 1))):
        if serial > basis.serial:
            found += _record(state, serial)
    return tuple(found)


def _record(state: State, serial: int) -> list[Record]:
    try:
        return [state.record(serial)]
    except SegctlError:
        return []
