"""Facts about the data for the lint rules, out of the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from segctl.disclosure import shareable
from segctl.index.column import ColumnData, Lists, Values
from segctl.index.view import View
from segctl.lint.compared import comparisons
from segctl.lint.facts import Facts, Path, Seen, TextColumn
from segctl.lint.subject import Subject
from segctl.logic.bound import Scope
from segctl.logic.needs import Needs
from segctl.logic.types import ELEMENTS
from segctl.progress import Progress
from segctl.workflow.bearers import bearers
from segctl.workflow.evaluate import Data

MOST_TEXTS = 50_000
"""A column with more different texts is full of ids and the like: one more is no surprise."""


def facts(data: Data, subject: Subject, progress: Progress) -> Facts:
    """What the rules need to know for these definitions; columns that are compared with texts are indexed.

    Raises:
        InvalidInput: what is wrong with the values of these columns.
    """
    view = data.index.at(data.as_of_us)
    known = Facts(data.index.schema, data.as_of_us, _users(view), events_of(view))
    columns = {column for comparison in comparisons(subject, known) for column in comparison.columns}
    data.index.ensure(_needs(columns), progress)
    if data.access.confined:  # what a column holds is nothing to tell the author
        return known
    return replace(known, texts=dict(_texts(view, columns)), shareable=lambda column: shareable(bearers(view, column)))


def _users(view: View) -> int:
    return sum(int(view.shard(number).present.sum()) for number in range(view.shards))


def events_of(view: View) -> Mapping[str, Seen]:
    """The event names that have a row, whenever it was."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for number in range(view.shards):
        for name in view.schema.events:
            for rows in view.shard(number).events(name):
                found[name].append((len(rows.times), int(rows.times[0]), int(rows.times[-1])))
    return {
        name: Seen(sum(n for n, _, _ in parts), min(t for _, t, _ in parts), max(t for _, _, t in parts))
        for name, parts in found.items()
    }


def _needs(columns: Iterable[TextColumn]) -> Needs:
    by_scope: dict[Scope, dict[str, set[Path]]] = defaultdict(lambda: defaultdict(set))
    for column in columns:
        above = (column.path[:place] for place, part in enumerate(column.path) if part == ELEMENTS)
        by_scope[column.scope][column.of].update([column.path, *above])
    return Needs(
        attributes=frozenset(by_scope[Scope.ATTRIBUTE][""]),
        properties={name: frozenset(paths) for name, paths in by_scope[Scope.PROPERTY].items()},
        catalogs={name: frozenset(paths) for name, paths in by_scope[Scope.CATALOG].items()},
    )


def _texts(view: View, columns: Collection[TextColumn]) -> Iterator[tuple[TextColumn, frozenset[str]]]:
    """The texts of each column that is not full of different ones."""
    for column in sorted(columns, key=repr):
        seen = _distinct(_parts(view, column))
        if seen is not None:
            yield column, seen


def _parts(view: View, column: TextColumn) -> Iterator[ColumnData]:
    if column.scope is Scope.CATALOG:
        yield view.catalog_column(column.of, column.path)
        return
    for number in range(view.shards):
        shard = view.shard(number)
        if column.scope is Scope.ATTRIBUTE:
            yield shard.attribute(column.path)
        else:
            yield from (rows.property(column.path) for rows in shard.events(column.of))


def _distinct(parts: Iterable[ColumnData]) -> frozenset[str] | None:
    """The texts of all parts; None if there are too many."""
    found: set[str] = set()
    for part in parts:
        values = _values(part)
        if values is None or values.dictionary is None:
            continue
        if len(values.dictionary) > MOST_TEXTS:
            return None
        used = np.bincount(values.values + 1, minlength=1)[1:].nonzero()[0]  # a missing text has the code -1
        found.update(values.dictionary.take(used).to_pylist())
        if len(found) > MOST_TEXTS:
            return None
    return frozenset(found)


def _values(part: ColumnData) -> Values | None:
    """The texts of a column; of lists their elements."""
    if isinstance(part, Lists):
        return _values(part.elements.slice(int(part.offsets[0]), int(part.offsets[-1])))
    return part if isinstance(part, Values) else None
