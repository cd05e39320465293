"""Joins small runs, so that a shop that is refreshed every day is not read in hundreds of slices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from segctl.index import columns, narrow, runs
from segctl.index.known import Numbers
from segctl.index.manifest import Run
from segctl.index.physical import join
from segctl.index.runs import Rows

MANY = 32
_SMALL = 4


def compact(folder: Path, every: Sequence[Run], shards: int, run_rows: int) -> tuple[Run, ...]:
    """The runs; of more than a few, small ones are joined, with the columns that all of them have."""
    if len(every) <= MANY:
        return tuple(every)
    small = [run for run in every if run.rows * _SMALL < run_rows]
    large = [run for run in every if run.rows * _SMALL >= run_rows]
    return (*large, *(_joined(folder, group, shards) for group in _groups(small, run_rows)))


def _groups(small: Sequence[Run], run_rows: int) -> Iterator[list[Run]]:
    group: list[Run] = []
    for run in small:
        if sum(other.rows for other in group) + run.rows > run_rows:
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _joined(folder: Path, group: Sequence[Run], shards: int) -> Run:
    if len(group) == 1:
        return group[0]
    names = tuple(sorted({name for run in group for name in run.names}))
    rows = _rows(folder, group, names, shards)
    made, order = runs.write(folder, rows, len(names), shards)
    by_run = [columns.listed(folder / run.folder) for run in group]
    for stem, kind in by_run[0].items():
        if all(stem in found for found in by_run[1:]):
            parts = [narrow.whole(folder / run.folder, len(run.names), stem, kind) for run in group]
            narrow.write(folder / made, len(names), stem, join(parts, kind), order)
    pieces = tuple(piece for run in group for piece in run.pieces)
    return Run(made, pieces, names, len(order), sum(run.outside for run in group))


def _rows(folder: Path, group: Sequence[Run], names: Sequence[str], shards: int) -> Rows:
    parts = [runs.read(folder, run, shards) for run in group]
    places = {name: place for place, name in enumerate(names)}
    before = np.cumsum([0, *(run.read for run in group)])
    which = [
        np.asarray([places[name] for name in run.names], dtype=np.int32)[part.names] if len(part.names) else part.names
        for run, part in zip(group, parts, strict=True)
    ]
    return Rows(
        Numbers(
            np.concatenate([part.numbers.shards for part in parts]),
            np.concatenate([part.numbers.locals for part in parts]),
        ),
        np.concatenate(which),
        np.concatenate([part.times for part in parts]),
        np.concatenate([part.source + np.uint32(start) for part, start in zip(parts, before, strict=False)]),
    )
