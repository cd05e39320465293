"""`segctl plan`: the definitions on disk against what is applied, and what that does to memberships."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from segctl.apply.next_record import Publication
from segctl.diagnostics import Diagnostic, SegctlError
from segctl.index.summary import Summary
from segctl.logic.settings import settings_of
from segctl.plan import definition
from segctl.plan.allowances import check_names
from segctl.plan.build import Sides, apply_plan
from segctl.plan.holds import Holding
from segctl.plan.plan import Basis, Plan
from segctl.plan.policies_subject import Judged
from segctl.progress import Progress
from segctl.state.state import State
from segctl.workflow import untrusted
from segctl.workflow.as_of import instant
from segctl.workflow.backtest import Span, backtests, span
from segctl.workflow.compared import Compared, compared
from segctl.workflow.evaluate import Data, Evaluated, Library, library_of, open_data
from segctl.workflow.lost import Sources, lost, summary_of
from segctl.workflow.measure import Measured, TodaysBits, measure
from segctl.workflow.older import with_older
from segctl.workflow.opened import Opened, opened
from segctl.workflow.policies import Today, judged, needs_data, users_of
from segctl.workflow.prepared import Prepared
from segctl.workflow.relations import proved
from segctl.workflow.request import Request
from segctl.workflow.sentences import with_words
from segctl.workflow.stored import Stored
from segctl.workflow.values import Published, TraitEffects, removed, trait_effects
from segctl.workflow.worlds import Label, Worlds, evaluated, worlds


@dataclass(frozen=True, eq=False)
class _Work:
    """What was evaluated, on which data."""

    data: Data
    library: Library
    found: Evaluated[Label]
    measured: Measured
    values: TraitEffects
    now: Summary


def plan(start: Path, request: Request, progress: Progress, *, naming: str | None = None) -> Prepared:
    """What an apply would do now. Writes nothing but the index, and takes no lock.

    With `naming`, a state that is none yet gets this lineage, so that the plan can be bound to it.

    Raises:
        InvalidInput: definitions or data that are wrong.
        SegctlError: the state has no lineage yet, and cannot be written.
        Usage: the request makes no sense.
        Stale: the state is damaged.
    """
    project = opened(start, request.access)
    if naming is not None:
        _named(project.state, naming)
    with untrusted.reticent(request.access):
        return with_older(prepare(project, request, progress), project, request, progress)


def _named(state: State, lineage: str) -> None:
    try:
        state.mint(lineage)
    except SegctlError as error:
        raise SegctlError(
            f"a saved plan is bound to one state, and this one has no name yet: {error}",
            hint="the first `segctl plan --out` or `segctl apply` names it, and has to be able to write it",
        ) from error


def prepare(project: Opened, request: Request, progress: Progress) -> Prepared:
    """The plan of an opened project against its state as it is now; data are read only if a membership may move."""
    allowances = request.allowances()
    comparison = compared(project, request.selection())
    project = comparison.project
    check_names(allowances, {*comparison.sides.before, *project.defined})
    as_of_us = instant(request.as_of, project.zone, request.now_us)
    back = span(request.backtest, request.backtest_points) if request.backtest else None
    work = (
        _evaluate(project, comparison, as_of_us, back, progress) if comparison.moving or comparison.computing else None
    )
    basis = replace(_basis(project, comparison, as_of_us, work), selection=str(request.selection()))
    effects = comparison.deletions() | removed(_published(project, comparison), comparison.removed_traits)
    effects |= {**work.measured.effects, **work.values.effects} if work else {}
    sides = _sides(project, comparison, work, request, _judged(project, comparison, work, progress))
    plan = apply_plan(basis, sides, with_words(comparison), effects, allowances)
    return Prepared(
        plan=plan,
        zone=project.zone,
        head=comparison.head,
        before=comparison.before,
        following=_publication(project, basis, work, plan),
        population=work.data.population if work else None,
        warnings=(*project.warnings, *(_on_disk(project, work) if work else ())),
        unseen=work.found.unseen if work else 0,
        unknown=work.found.unknown if work else {},
        report=work.data.index.report if work else None,
        tables=work.data.index.tables if work else {},
        uses=comparison.uses,
        selected=project.selected,
    )


def _sides(project: Opened, comparison: Compared, work: _Work | None, request: Request, judged: Judged) -> Sides:
    """What guards and policies look at: what is held already, what the data have lost."""
    before, definitions = comparison.before, project.definitions
    links = {key: {link.key for link in links} for key, links in project.graph.links.items()}
    holding = Holding(before.held if before else {}, links, request.hold)
    sides = replace(comparison.sides, judged=judged, holding=holding)
    if work is None or before is None:
        return replace(sides, population=work.now.users if work else 0)
    sources = Sources(definitions.documents, settings_of(definitions), links, work.library.given)
    losses = lost(comparison.moving, sources, before, work.now, project.zone)
    return replace(sides, population=work.now.users, lost=losses)


def _evaluate(project: Opened, comparison: Compared, as_of_us: int, back: Span | None, progress: Progress) -> _Work:
    data = open_data(project.definitions, as_of_us, progress)
    stored = Stored(project.state, comparison.snapshots, data.population)
    pair = worlds(project.definitions, comparison.applied, comparison.moving, data, stored)
    found, today = evaluated(pair, comparison.moving, data, progress)
    memberships = measure(comparison.moving, today, stored, project.defined)
    values = trait_effects(pair, comparison.computing, data, _published(project, comparison), progress)
    looked = _Looked(pair, data, today, progress)
    return _Work(data, pair.new, found, _told(memberships, comparison, looked, back), values, summary_of(data))


@dataclass(frozen=True, eq=False)
class _Looked:
    """Both worlds, on which data, and today's members in both."""

    pair: Worlds
    data: Data
    today: TodaysBits
    progress: Progress


def _told(memberships: Measured, comparison: Compared, looked: _Looked, back: Span | None) -> Measured:
    """The effects, with what is certain of definitions that are new or mean something else, and their past sizes."""
    keys = tuple(key for key in comparison.redefined if key in memberships.effects)
    certain = proved(looked.pair, keys, looked.data.index.schema, looked.today)
    sizes = {} if back is None else backtests(looked.pair, keys, looked.data, back, looked.progress)
    said = {key: replace(memberships.effects[key], proved=certain[key], backtest=sizes.get(key)) for key in keys}
    return replace(memberships, effects={**memberships.effects, **said})


def _judged(project: Opened, comparison: Compared, work: _Work | None, progress: Progress) -> Judged:
    """What policies say; one that is new, and needs the data's schema, is judged even if nobody can move."""
    definitions, graph, snapshots = project.definitions, project.graph, comparison.snapshots
    if work is not None:
        today = Today(work.data, work.library, progress)
        return judged(definitions, graph, snapshots, len(work.data.population), today)
    population = users_of(project.state, comparison.before, definitions)
    if not needs_data(definitions) & {difference.key for difference in comparison.differences}:
        return judged(definitions, graph, snapshots, population, None)
    data = open_data(definitions, comparison.before.as_of_us if comparison.before else 0, progress)
    return judged(definitions, graph, snapshots, population, Today(data, library_of(definitions), progress))


def _published(project: Opened, comparison: Compared) -> Published:
    return Published(project.state, comparison.before.traits if comparison.before else None)


def _basis(project: Opened, comparison: Compared, as_of_us: int, work: _Work | None) -> Basis:
    head, before = comparison.head, comparison.before
    return Basis(
        project=project.definitions.project.key[1],
        lineage=head.lineage if head else None,
        serial=head.serial if head else 0,
        as_of_us=as_of_us,
        definitions=definition.digest(project.definitions.project.data, project.defined),
        data=work.data.index.data_digest if work else (before.data if before else ""),
    )


def _publication(project: Opened, basis: Basis, work: _Work | None, plan: Plan) -> Publication:
    memberships = work.measured.without(plan.held_now) if work else None
    return Publication(
        project=project.definitions.project.data,
        definitions=project.defined,
        memberships=memberships.packed if memberships else {},
        variants=memberships.variants if memberships else {},
        population=work.data.population.digest if work else None,
        data=basis.data,
        traits=work.values.traits if work else None,
        summary=work.now if work else None,
    )


def _on_disk(project: Opened, work: _Work) -> tuple[Diagnostic, ...]:
    """Warnings about definitions on disk; a definition out of the state has no place, and is on its way out."""
    warnings = (*work.found.warnings, *work.values.warnings)
    on_disk = (warning for warning in warnings if warning.span is not None)
    return untrusted.told(on_disk, project.definitions.access)
