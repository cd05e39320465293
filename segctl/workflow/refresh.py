"""`segctl refresh`: everything that is applied, evaluated on today's data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.apply.next_record import Publication
from segctl.diagnostics import SegctlError
from segctl.graph import build
from segctl.index.summary import Summary
from segctl.load.document import Key
from segctl.load.project import Definitions, project_of
from segctl.logic.settings import settings_of
from segctl.model.resources import Extension
from segctl.plan import definition
from segctl.plan.allowances import check_names
from segctl.plan.build import Sides, refresh_plan
from segctl.plan.compare import Difference
from segctl.plan.holds import Holding
from segctl.plan.plan import Action, Basis, Reason
from segctl.plan.policies_subject import Judged
from segctl.plan.schedule import is_due
from segctl.progress import Progress
from segctl.state.record import Head, Record
from segctl.state.state import State
from segctl.workflow.as_of import instant
from segctl.workflow.commit import Outcome, commit, held
from segctl.workflow.evaluate import Data, Target, evaluate, library_of, open_data
from segctl.workflow.lost import Sources, lost, summary_of
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
    says `everything`; with a selection nothing else is published anew. If the request says `hold`, what a guard
    refuses is held at what is published, with what depends on it, and the rest goes on. If neither the instant
    nor any membership is another one, there is no new serial.

    Raises:
        InvalidInput: data that are wrong, or do not fit the definitions any more.
        SegctlError: nothing has been applied yet.
        Locked: somebody else is at work.
        Refused: guards stop it, or leave nothing to publish.
        Stale: the state is damaged.
        Usage: guards are let pass without a reason, or the selection matches nothing.
    """
    root, state, _ = opened_state(start)
    request.check_reason()
    request.selection()
    with held(state, run, "refresh", request.now_us, request.reason) as hold:
        prepared = _prepare(_applied(root, state), request, progress)
        return commit(hold, prepared, review, progress)


def preview(start: Path, request: Request, review: Review, progress: Progress) -> Prepared:
    """Show what a refresh would publish and hold. Takes no lock, and writes nothing but the index.

    Raises:
        InvalidInput: data that are wrong, or do not fit the definitions any more.
        SegctlError: nothing has been applied yet.
        Stale: the state is damaged.
        Usage: the selection matches nothing.
    """
    root, state, _ = opened_state(start)
    request.selection()
    prepared = refreshed(root, state, request, progress)
    review.show(prepared)
    return prepared


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
            "nothing has been applied yet, so there is nothing to refresh", hint="begin with `segctl apply`"
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
    given = stored.resting(what.definitions.documents, keys, record.held)
    library = library_of(what.definitions, given)
    found = evaluate(data, {key: Target(library, key) for key in keys}, progress)
    computing = tuple(key for key in record.definitions if key[0] == "trait" and key in wanted)
    pair = Worlds(library_of(what.definitions), library_of(what.definitions))
    values = trait_effects(pair, computing, data, Published(what.state, record.traits), progress)

    today = TodaysBits(found.memberships.__getitem__, found.memberships.__getitem__)
    effects = measure(keys, today, stored, record.definitions)
    basis = replace(_basis(what, data), selection=str(request.selection()))
    differences = [Difference(key, Action.UPDATE, (Reason.DATA,)) for key in sorted((*keys, *computing))]
    now = summary_of(data)
    sides = _sides(what, request, keys, given, now)
    plan = refresh_plan(basis, sides, differences, {**effects.effects, **values.effects}, request.allowances())
    return Prepared(
        plan=plan,
        zone=what.zone,
        head=what.head,
        before=record,
        following=_publication(what, data, effects.without(plan.held_now), values, now),
        population=data.population,
        warnings=found.warnings,
        unseen=found.unseen,
        unknown=found.unknown,
        report=data.index.report,
    )


def _sizes(record: Record) -> dict[Key, int]:
    return {key: snapshot.members for key, snapshot in record.snapshots.items()}


def _is_due(what: _Applied, key: Key, as_of_us: int) -> bool:
    """Whether it is computed: extensions by their schedule, or when they are held; everything else always."""
    resource = what.definitions.documents[key].resource
    snapshot = what.record.snapshots.get(key)
    if not isinstance(resource, Extension) or snapshot is None or key in what.record.held:
        return True
    return is_due(resource.refresh, what.zone, snapshot.as_of_us, as_of_us)


def _sides(what: _Applied, request: Request, keys: tuple[Key, ...], given: Collection[Key], now: Summary) -> Sides:
    """What guards and policies look at; what is applied stays as it is defined."""
    record, documents = what.record, what.definitions.documents
    links = {key: {link.key for link in links} for key, links in build(what.definitions).links.items()}
    sources = Sources(documents, settings_of(what.definitions), links, given)
    return Sides(
        record.definitions,
        record.definitions,
        record.as_of_us,
        Judged(documents, (), _sizes(record), now.users),
        now.users,
        lost(keys, sources, record, now, what.zone),
        Holding(record.held, links, request.hold),
    )


def _basis(what: _Applied, data: Data) -> Basis:
    return Basis(
        project=what.definitions.project.key[1],
        lineage=what.head.lineage,
        serial=what.head.serial,
        as_of_us=data.as_of_us,
        definitions=definition.digest(what.record.project, what.record.definitions),
        data=data.index.data_digest,
    )


def _publication(what: _Applied, data: Data, memberships: Measured, values: TraitEffects, now: Summary) -> Publication:
    return Publication(
        project=what.record.project,
        definitions=what.record.definitions,
        memberships=memberships.packed,
        variants=memberships.variants,
        population=data.population.digest,
        data=data.index.data_digest,
        traits=values.traits,
        summary=now,
    )
