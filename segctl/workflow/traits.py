"""`segctl traits`: the values of traits, as published or evaluated now, and how they are spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segctl.diagnostics import Diagnostic, SegctlError
from segctl.index.reader import DataReport
from segctl.load.document import Key
from segctl.load.project import Definitions
from segctl.logic.bound import At, Date
from segctl.logic.describe import describe_trait
from segctl.logic.lower import lower_trait
from segctl.logic.settings import settings_of
from segctl.plan.values import Distribution, distribution, plain_list
from segctl.progress import Progress
from segctl.state.record import Traits
from segctl.workflow.as_of import instant
from segctl.workflow.evaluate import Target, library_of, open_data
from segctl.workflow.naming import find
from segctl.workflow.opened import applied, opened, opened_state
from segctl.workflow.request import Request
from segctl.workflow.serials import at_serial
from segctl.workflow.values import compute

BINS = 24
MOST_FREQUENT = 5


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many users lie in each of equal parts of the range from `low` to `high`."""

    low: float
    high: float
    counts: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Spread:
    """A trait, what it means, and how its values are spread; `frequent` are values with their users, the most first."""

    name: str
    meaning: str
    as_of_us: int
    distribution: Distribution
    histogram: Histogram | None
    frequent: tuple[tuple[object, int], ...]


@dataclass(frozen=True, eq=False)
class TraitValues:
    """Traits over the users of a population, in its order; `serial` None is evaluated now."""

    zone: str
    serial: int | None
    ids: pa.StringArray
    columns: Mapping[str, pa.Array]
    traits: tuple[Spread, ...]
    warnings: tuple[Diagnostic, ...] = ()
    unseen: int = 0
    unknown: Mapping[Key, int] = field(default_factory=dict)
    report: DataReport | None = None


def published(start: Path, names: Sequence[str], serial: int | None = None) -> TraitValues:
    """The values as of the last serial, or of an earlier one.

    Raises:
        SegctlError: nothing is applied, there is no such serial, or no such trait in it.
        Stale: the state is damaged.
    """
    root, state, zone = opened_state(start)
    then = at_serial(state, serial)
    record = then.record
    found = record.traits or Traits("", record.population, {})
    aside = {**then.absent(), **_no_traits(record.snapshots)}
    wanted = _wanted([then.called(name) for name in names], found.columns, aside)
    if not wanted:
        return TraitValues(zone, record.serial, pa.array([], pa.string()), {}, ())
    table = state.traits(found.table)
    meanings = _meanings(applied(root, record), wanted)
    columns = {name: table.columns[found.column(name)] for name in wanted}
    spreads = (_spread(name, meanings[name], found.columns[name].as_of_us, columns[name]) for name in wanted)
    return TraitValues(zone, record.serial, table.ids, columns, tuple(spreads))


def live(start: Path, names: Sequence[str], request: Request, progress: Progress) -> TraitValues:
    """The values by the definitions on disk and the data, without any state.

    Raises:
        InvalidInput: definitions or data that are wrong.
        SegctlError: there is no such trait.
    """
    project = opened(start)
    known = [name for kind, name in project.defined if kind == "trait"]
    wanted = _wanted(names, known, _no_traits(key for key in project.defined if key[0] != "trait"))
    as_of_us = instant(request.as_of, project.zone, request.now_us)
    data = open_data(project.definitions, as_of_us, progress)
    library = library_of(project.definitions)
    found = compute(data, {name: Target(library, ("trait", name)) for name in wanted}, progress)
    meanings = _meanings(project.definitions, wanted)
    spreads = (_spread(name, meanings[name], as_of_us, found.values[name]) for name in wanted)
    return TraitValues(
        project.zone, None, data.population.ids, found.values, tuple(spreads),
        (*project.warnings, *found.warnings), found.unseen, report=data.index.report,
    )  # fmt: skip


def _wanted(names: Sequence[str], known: Iterable[str], aside: Mapping[Key, SegctlError]) -> list[str]:
    """The traits that were named, or all."""
    keys = [("trait", name) for name in known]
    return [find(name, keys, aside)[1] for name in names] or sorted(name for _, name in keys)


def _no_traits(keys: Iterable[Key]) -> dict[Key, SegctlError]:
    """What to say where values of something else are asked for."""
    return {
        (kind, name): SegctlError(f"`{name}` is a {kind}, not a trait", hint=f"`segctl members {name}`")
        for kind, name in keys
    }


def _meanings(definitions: Definitions, names: Sequence[str]) -> dict[str, str]:
    around = settings_of(definitions)
    documents = definitions.documents
    return {name: describe_trait(lower_trait(documents["trait", name], around)) for name in names}


def _spread(name: str, meaning: str, as_of_us: int, values: pa.Array) -> Spread:
    spread = distribution(values)
    histogram = _histogram(values) if spread.quantiles else None
    return Spread(name, meaning, as_of_us, spread, histogram, () if spread.quantiles else _frequent(values))


def _histogram(values: pa.Array) -> Histogram:
    present = values.drop_null()
    plain = present.cast(pa.int32() if pa.types.is_date(present.type) else present.type)
    numbers = np.asarray(plain.cast(pa.int64()) if pa.types.is_timestamp(plain.type) else plain, dtype=np.float64)
    low, high = float(numbers.min()), float(numbers.max())
    width = (high - low) / BINS
    places = (numbers - low) / width if 0 < width < np.inf else np.zeros(len(numbers))
    counts = np.bincount(np.minimum(places.astype(np.int64), BINS - 1), minlength=BINS)
    return Histogram(low, high, tuple(counts.tolist()))


def _frequent(values: pa.Array) -> tuple[tuple[object, int], ...]:
    """The values that most users have, and of lists the elements; of as frequent ones the least first."""
    present = values.drop_null()
    single = present.flatten() if pa.types.is_list(present.type) else present
    counted = pc.value_counts(single.drop_null())
    pairs = zip(plain_list(counted.field("values")), counted.field("counts").to_pylist(), strict=True)
    most = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:MOST_FREQUENT]
    return tuple((told(value, single.type), users) for value, users in most)


def told(value: Any, kind: pa.DataType) -> object:
    """A plain value with what it stands for: days as a `Date`, microseconds as an `At`."""
    if pa.types.is_date(kind):
        return Date(value)
    return At(value) if pa.types.is_timestamp(kind) else value
