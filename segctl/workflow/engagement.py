"""`segctl engagement`: how many users are on which level, and who moved since the week before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from segctl.diagnostics import Diagnostic
from segctl.index.column import Bits
from segctl.index.reader import DataReport
from segctl.load.document import Key
from segctl.logic.bound import LocalMonday
from segctl.logic.settings import settings_of
from segctl.logic.times import monday
from segctl.model.project import Engagement
from segctl.progress import Progress
from segctl.workflow.as_of import instant
from segctl.workflow.evaluate import Data, Target, evaluate, library_of, open_data
from segctl.workflow.levels import LEVELS, PREBUILT, current, previous
from segctl.workflow.opened import opened
from segctl.workflow.request import Request


@dataclass(frozen=True, eq=False)
class Levels:
    """The users of the population by their level at two Mondays.

    `moves` are those that were in the population at the earlier one, by (level then, level now); `new` are the
    others, by their level now.
    """

    zone: str
    as_of_us: int
    monday_us: int
    previous_us: int
    rules: Engagement
    moves: Mapping[tuple[str, str], int]
    new: Mapping[str, int]
    warnings: tuple[Diagnostic, ...]
    unseen: int
    unknown: Mapping[Key, int]
    report: DataReport

    @property
    def users(self) -> int:
        """All users."""
        return sum(self.moves.values()) + sum(self.new.values())

    def now(self, level: str) -> int:
        """How many are on a level."""
        return sum(self.moves[before, level] for before in LEVELS) + self.new[level]

    def before(self, level: str) -> int:
        """How many were on it the week before."""
        return sum(self.moves[level, after] for after in LEVELS)


def engagement(start: Path, request: Request, progress: Progress) -> Levels:
    """The levels by the project's settings and the data on disk; nothing that was published counts.

    Raises:
        InvalidInput: definitions or data that are wrong, or a project that does not say which events are e-mails.
    """
    project = opened(start)
    data = open_data(project.definitions, instant(request.as_of, project.zone, request.now_us), progress)
    library = replace(library_of(project.definitions), documents=PREBUILT)
    found = evaluate(data, {key: Target(library, key) for key in PREBUILT}, progress)
    mondays = [monday(data.as_of_us, LocalMonday(weeks, project.zone)) for weeks in (0, 1)]
    there = _there(data, mondays[1])
    then, now = ([found.memberships[key(level)] for level in LEVELS] for key in (previous, current))
    moves = {
        (before, after): int((one & other & there).sum())
        for before, one in zip(LEVELS, then, strict=True)
        for after, other in zip(LEVELS, now, strict=True)
    }
    new = {level: int((one & ~there).sum()) for level, one in zip(LEVELS, now, strict=True)}
    rules = settings_of(project.definitions).engagement
    return Levels(
        project.zone, data.as_of_us, mondays[0], mondays[1], rules, moves, new,
        (*project.warnings, *found.warnings), found.unseen, found.unknown, data.index.report,
    )  # fmt: skip


def _there(data: Data, instant_us: int) -> Bits:
    """Which of the users were in the population at an instant: where it is derived, it grows."""
    then = data.index.at(instant_us).population()
    if then.digest == data.population.digest:
        return np.ones(len(data.population.ids), dtype=np.bool_)
    found = pa.compute.is_in(data.population.ids, value_set=then.ids)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
