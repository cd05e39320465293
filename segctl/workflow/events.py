"""`segctl list --events`: the event names of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from segctl.lint.facts import Seen
from segctl.progress import Progress
from segctl.workflow.evaluate import open_data
from segctl.workflow.facts import events_of
from segctl.workflow.opened import opened


@dataclass(frozen=True)
class EventNames:
    """Every event name with a row, sorted, in the project's zone."""

    project: str
    zone: str
    events: Mapping[str, Seen]


def event_names(start: Path, now_us: int, progress: Progress) -> EventNames:
    """The event names of the project that `start` lies in.

    Raises:
        InvalidInput: definitions or data that are wrong.
    """
    project = opened(start)
    data = open_data(project.definitions, now_us, progress)
    events = events_of(data.index.at(now_us))
    return EventNames(project.definitions.project.key[1], project.zone, dict(sorted(events.items())))
