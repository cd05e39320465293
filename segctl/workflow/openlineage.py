"""A run of segctl as OpenLineage events: which data went in, which memberships came out. Counts only.

The events are made here, by the library's own classes; sending them is the command line's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from segctl import __version__
from segctl.diagnostics import SegctlError
from segctl.load.document import Key
from segctl.model.project import Project
from segctl.plan.plan import Action
from segctl.state import instants
from segctl.workflow.commit import Outcome

if TYPE_CHECKING:
    from openlineage.client.event_v2 import RunEvent

PRODUCER = f"urn:segctl:{__version__}"
Emit = Callable[["RunEvent"], None]


@dataclass(frozen=True)
class Job:
    """One run of a verb over a project; `inputs` are the paths of its data, as they are written."""

    namespace: str
    project: str
    verb: str
    run: str
    inputs: tuple[str, ...]

    @property
    def name(self) -> str:
        """`acme_shop.apply`."""
        return f"{self.project}.{self.verb}"


def job_of(project: Project, verb: str, *, run: str, namespace: str) -> Job:
    """The job of a verb; `run` is a UUID."""
    users = [] if project.users.path is None else [project.users.path]
    paths = [*users, *(events.path for events in project.events), *(c.path for c in project.catalogs.values())]
    return Job(namespace, project.name, verb, run, tuple(dict.fromkeys(paths)))


def observed(job: Job, emit: Emit, now_us: Callable[[], int], act: Callable[[], Outcome]) -> Outcome:
    """Do it, and tell its start and its end, whatever that is."""
    emit(started(job, now_us()))
    try:
        done = act()
    except Exception as error:
        emit(failed(job, now_us(), error))
        raise
    except BaseException:
        emit(aborted(job, now_us()))
        raise
    emit(aborted(job, now_us()) if done.declined else completed(job, now_us(), done))
    return done


def started(job: Job, at_us: int) -> RunEvent:
    """The job begins."""
    return _event(job, "START", at_us, inputs=job.inputs)


def completed(job: Job, at_us: int, done: Outcome) -> RunEvent:
    """The job has published a serial, or had nothing to do: then nothing has come out."""
    plan, published = done.prepared.plan, done.serial is not None
    about = {
        "project": job.project, "lineage": plan.basis.lineage, "serial": done.serial or plan.basis.serial,
        "published": published, "held": [".".join(one.key) for one in plan.held],
        "as_of": instants.to_text(plan.basis.as_of_us), "digest": plan.digest,
    }  # fmt: skip
    outputs = list(_outputs(job, _counts(done))) if published else []
    return _event(job, "COMPLETE", at_us, inputs=(*job.inputs, *_lists(done)), outputs=outputs, about=about)


def failed(job: Job, at_us: int, error: Exception) -> RunEvent:
    """The job has failed, and why; of what is not expected only its kind is told."""
    from openlineage.client.facet_v2 import error_message_run

    why = str(error) if isinstance(error, SegctlError) else type(error).__name__
    message = error_message_run.ErrorMessageRunFacet(message=why, programmingLanguage="PYTHON", producer=PRODUCER)
    return _event(job, "FAIL", at_us, inputs=job.inputs, facets={"errorMessage": message})


def aborted(job: Job, at_us: int) -> RunEvent:
    """Somebody has stopped the job, or said no."""
    return _event(job, "ABORT", at_us, inputs=job.inputs)


def _event(  # noqa: PLR0913 the parts of an event
    job: Job, kind: str, at_us: int, *, inputs: Iterable[str], outputs: Iterable[Any] = (),
    about: Mapping[str, object] | None = None, facets: Mapping[str, Any] | None = None,
) -> RunEvent:  # fmt: skip
    from openlineage.client import event_v2 as events
    from openlineage.client.facet_v2 import RunFacet, job_type_job, processing_engine_run

    engine = processing_engine_run.ProcessingEngineRunFacet(version=__version__, name="segctl", producer=PRODUCER)
    kinds = job_type_job.JobTypeJobFacet("BATCH", "SEGCTL", jobType=job.verb.upper(), producer=PRODUCER)
    ours: dict[str, Any] = {}
    if about is not None:
        ours["segctl"] = RunFacet(producer=PRODUCER).with_additional_properties(**about)
    return events.RunEvent(
        eventType=events.RunState[kind],
        eventTime=instants.to_text(at_us),
        run=events.Run(job.run, facets={"processing_engine": engine, **ours, **(facets or {})}),
        job=events.Job(job.namespace, job.name, facets={"jobType": kinds}),
        inputs=[events.InputDataset(*named(path)) for path in inputs],
        outputs=list(outputs),
        producer=PRODUCER,
    )


def named(path: str) -> tuple[str, str]:
    """Namespace and name of a file or glob, as OpenLineage names datasets."""
    scheme, separator, rest = path.partition("://")
    if not separator:
        return "file", path
    bucket, _, key = rest.partition("/")
    return f"{scheme}://{bucket}", key


def _outputs(job: Job, counts: Mapping[Key, int]) -> Iterator[Any]:
    from openlineage.client import event_v2 as events
    from openlineage.client.facet_v2 import output_statistics_output_dataset as statistics

    for key, count in sorted(counts.items()):
        facet = statistics.OutputStatisticsOutputDatasetFacet(rowCount=count, producer=PRODUCER)
        name = ".".join((job.project, *key))
        yield events.OutputDataset(job.namespace, name, outputFacets={"outputStatistics": facet})


def _counts(done: Outcome) -> dict[Key, int]:
    """How many members every membership that was published has, and how many users a value of each trait."""
    prepared = done.prepared
    counts = {key: packed.members for key, packed in prepared.following.memberships.items()}
    for change in prepared.plan.changes:
        if change.action is not Action.DELETE and change.values and change.values.after:
            counts[change.key] = change.values.after.users
    return counts


def _lists(done: Outcome) -> tuple[str, ...]:
    """The files of ids."""
    content = done.prepared.following.content(done.prepared.before, done.prepared.plan)
    return tuple(str(d.data["path"]) for key, d in sorted(content.definitions.items()) if key[0] == "list")
