"""Indexes the columns that are needed and not yet there, and no others."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from segctl.index import columns, narrow
from segctl.index.column import Values
from segctl.index.event_columns import ensure_events, wanted_of
from segctl.index.layout import Layout
from segctl.index.links import ensure_links
from segctl.index.manifest import Run
from segctl.index.millionths import millionths
from segctl.index.table_columns import ensure_catalogs, ensure_users
from segctl.index.work import Indexing, Origin, Wanted, indexing
from segctl.logic.needs import Needs
from segctl.logic.types import Scalar
from segctl.progress import Progress


def ensure(folder: Path, origin: Origin, layout: Layout, needs: Needs, progress: Progress) -> None:
    """Index what is needed.

    Raises:
        InvalidInput: everything that is wrong with the columns that were read.
        SegctlError: a file is no longer the one that was indexed.
    """
    with indexing(folder, origin, layout, progress) as work:
        ensure_events(work, needs)
        ensure_users(work, needs)
        ensure_catalogs(work, needs)
        if not work.problems:
            ensure_links(work, needs)
            ensure_sums(work, needs)


def ensure_sums(work: Indexing, needs: Needs) -> None:
    """Make the millionths of the properties that are added up."""
    made = [
        work.pool.submit(_ensure_millionths, work.folder / run.folder, run, wanted)
        for table in work.layout.events
        for run in table.record.runs
        for wanted in wanted_of(table, {path for name in run.names for path in needs.sums.get(name, frozenset())})
        if wanted.type in (Scalar.INT, Scalar.FLOAT)
    ]
    for one in made:
        one.result()


def _ensure_millionths(folder: Path, run: Run, wanted: Wanted) -> None:
    if columns.has_millionths(folder, wanted.stem):
        return
    column = columns.read(folder, wanted.stem, wanted.type)
    assert isinstance(column, Values)  # noqa: S101 numbers are
    made = millionths(column)
    starts = narrow.starts(folder, len(run.names), wanted.stem)
    sums = dict.fromkeys(run.names, 0)
    for group in np.flatnonzero(np.diff(starts)).tolist():
        name = run.names[group % len(run.names)]
        sums[name] += made.bound(int(starts[group]), int(starts[group + 1]))
    columns.write_millionths(folder, wanted.stem, made, sums)
