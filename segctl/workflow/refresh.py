"""`segctl refresh`: everything that is applied, evaluated on today's data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from segctl.apply.next_record import Publication
from segctl.diagnostics import SegctlError
from segctl.load.document import Key
from segctl.load.project import Definitions, project_of
from segctl.model.resources import Extension
from segctl.plan import definition
from segctl.plan.allowances import check_names
from segctl.plan.build import Sides, refresh_plan
from segctl.plan.compare import Difference
from segctl.plan.plan import Action, Basis, Reason
from segctl.plan.policies_subject import Judged
from segctl.plan.schedule import is_due
from segctl.progress import Progress
from segctl.state.record import Head, Record
from segctl.state.state import State
from segctl.workflow.as_of import instant
from segctl.workflow.commit import Outcome, commit, held
from segctl.workflow.evaluate import Data, Evaluated, Target, evaluate, library_of, open_data
from segctl.workflow.measure import Measured, TodaysBits, measure
from segctl.workflow.opened import applied, opened_state
from segctl.workflow.prepared import Prepared
from segctl.workflow.request import Request, Review, Run
from segctl.workflow.selection import chosen_applied
from segctl.workflow.stored import Stored
from segctl.workflow.values import Published, TraitEffects, trait_effects
from segctl.workflow.worlds import Worlds


@dataclass(frozen=True)
class _Applied:
    """What is applied, and where."""

    state: State
    head: Head
    record: Record
    definitions: Definitions

    @property
    def zone(self) -> str:
        return project_of(self.definitions.project).timezone


def refresh(start: Path, request: Request, run: Run, review: Review, progress: Progress) -> Outcome:
    """Publish what is applied as of now: definitions from the state, whatever is on disk.

    Extensions are computed anew only when their schedule has come round, or if the request
    says `everything`; with a selection nothing else is published anew. If neither the instant nor any
    membership is another one, there is no new serial.

    Raises:
        InvalidInput: data that are wrong, or do not fit the definitions any more.
        SegctlError: nothing has been applied yet.
        Locked: somebody else is at work.
        Refused: guards stop it.
        Stale: the state is damaged.
        Usage: guards are let pass without a reason, or the selection matches nothing.
    """
    root, state, _ = opened_state(start)
    request.check_reason()
    request.selection()
    with held(state, run, "refresh", request.now_us, request.reason) as hold:
        prepared = _prepare(_applied(root, state), request, progress)
        return commit(hold, prepared, review, progress)


def refreshed(root: Path, state: State, request: Request, progress: Progress) -> Prepared:
    """What a refresh would do now; nothing is written but the index.

    Raises:
        InvalidInput: data that are wrong, or do not fit the definitions any more.
        SegctlError: nothing has been applied yet.
        Stale: the state is damaged.
    """
    return _prepare(_applied(root, state), request, progress)


def _applied(root: Path, state: State) -> _Applied:
    head = state.head()
    if head is None or not head.serial:
        raise SegctlError(
            "nothing has been applied yet, so there is nothing to refresh", hint="begin by `segctl apply`"
        )
    record = state.record_of(head)
    return _Applied(state, head, record, applied(root, record))


def _prepare(what: _Applied, request: Request, progress: Progress) -> Prepared:
    record = what.record
    check_names(request.allowances(), record.definitions)
    as_of_us = instant(request.as_of, what.zone, request.now_us)
    wanted = chosen_applied(what.definitions.documents, request.selection(), "refresh").keys
    memberships = (key for key in record.definitions if key[0] not in ("policy", "trait") and key in wanted)
    keys = tuple(key for key in memberships if request.everything or _is_due(what, key, as_of_us))
    data = open_data(what.definitions, as_of_us, progress)
    stored = Stored(what.state, record.snapshots, data.population)
    found = _evaluate(what, keys, data, stored, progress)
    computing = tuple(key for key in record.definitions if key[0] == "trait" and key in wanted)
    pair = Worlds(library_of(what.definitions), library_of(what.definitions))
    values = trait_effects(pair, computing, data, Published(what.state, record.traits), progress)

    today = TodaysBits(found.memberships.__getitem__, found.memberships.__getitem__)
    effects = measure(keys, today, stored, record.definitions)
    basis = replace(_basis(what, data), selection=str(request.selection()))
    differences = [Difference(key, Action.UPDATE, (Reason.DATA,)) for key in sorted((*keys, *computing))]
    judged = Judged(what.definitions.documents, (), _sizes(record), len(data.population))
    sides = Sides(record.definitions, record.definitions, record.as_of_us, judged)
    return Prepared(
        plan=refresh_plan(basis, sides, differences, {**effects.effects, **values.effects}, request.allowances()),
        zone=what.zone,
        head=what.head,
        before=record,
        following=_publication(what, data, effects, values),
        population=data.population,
        warnings=found.warnings,
        unseen=found.unseen,
        unknown=found.unknown,
        report=data.index.report,
    )


def _sizes(record: Record) -> dict[Key, int]:
    return {key: snapshot.members for key, snapshot in record.snapshots.items()}


def _is_due(what: _Applied, key: Key, as_of_us: int) -> bool:
    """Whether it is computed: extensions by their schedule, everything else always."""
    resource = what.definitions.documents[key].resource
    snapshot = what.record.snapshots.get(key)
    if not isinstance(resource, Extension) or snapshot is None:
        return True
    return is_due(resource.refresh, what.zone, snapshot.as_of_us, as_of_us)


def _evaluate(what: _Applied, keys: tuple[Key, ...], data: Data, stored: Stored, progress: Progress) -> Evaluated[Key]:
    """Extensions that are not computed now stand as they were published; all else is as of now, selected or not."""
    library = library_of(what.definitions, stored.resting(what.definitions.documents, keys))
    return evaluate(data, {key: Target(library, key) for key in keys}, progress)


def _basis(what: _Applied, data: Data) -> Basis:
    return Basis(
        project=what.definitions.project.key[1],
        lineage=what.head.lineage,
        serial=what.head.serial,
        as_of_us=data.as_of_us,
        definitions=definition.digest(what.record.project, what.record.definitions),
        data=data.index.data_digest,
    )


def _publication(what: _Applied, data: Data, memberships: Measured, values: TraitEffects) -> Publication:
    return Publication(
        project=what.record.project,
        definitions=what.record.definitions,
        memberships=memberships.packed,
        variants=memberships.variants,
        population=data.population.digest,
        data=data.index.data_digest,
        traits=values.traits,
    )
