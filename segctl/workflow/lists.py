"""Lists of ids out of files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from segctl.index.column import Bits
from segctl.index.population import Population
from segctl.load.access import ANYWHERE, Access
from segctl.load.document import Document
from segctl.model.resources import StaticList
from segctl.sources.endings import ENDINGS, format_of
from segctl.sources.files import File, find
from segctl.sources.format import Request, Unreadable
from segctl.sources.ids import id_texts, ids_of
from segctl.sources.naming import columns_hint
from segctl.sources.problems import Problems, Wrong
from segctl.sources.table import shape_at

_PATH, _ID = ("path",), ("id",)


@dataclass(frozen=True, eq=False)
class Listed:
    """Members in the population's order; `unknown` ids of the file are of nobody in it."""

    bits: Bits
    unknown: int


def read_list(document: Document, root: Path, population: Population, access: Access = ANYWHERE) -> Listed:
    """The members of a list; its file is found from the project's folder.

    Raises:
        InvalidInput: no such file or column, or values that are no ids.
    """
    problems = Problems(document.span, root)
    ids = pa.chunked_array(list(_ids(document, root, problems, access)), pa.string()).drop_null().unique()
    problems.check()
    places = population.index_of(ids)
    bits = np.zeros(len(population), dtype=np.bool_)
    bits[places[places >= 0]] = True
    return Listed(bits, int((places < 0).sum()))


def _ids(document: Document, root: Path, problems: Problems, access: Access) -> Iterator[pa.StringArray]:
    static = document.resource
    if not isinstance(static, StaticList):
        raise TypeError(f"{document.key} is no list")
    for file in find(root, static.path, _PATH, problems, access):
        try:
            yield from _of_file(file, static.id, problems)
        except Unreadable as cause:
            problems.add(cause.code, cause.summary, _PATH, detail=cause.detail, hint=cause.hint)


def _of_file(file: File, column: str, problems: Problems) -> Iterator[pa.StringArray]:
    known = format_of(file.name)
    if known is None:
        problems.add("unknown-format", f"{file.name} has an unknown format", _PATH, hint=f"files end in {ENDINGS}")
        return
    columns: Mapping[str, object] = known.shapes(file)
    if column not in columns:
        problems.add(
            "missing-column", f"{file.name}: no column `{column}`", _ID, hint=columns_hint(column, list(columns))
        )
        return
    first = 0
    for batch in known.batches(file, Request((column,))):
        array = batch.column(column)
        ids = ids_of(array)
        if ids.wrong is not None:
            rows = (np.flatnonzero(ids.wrong) + first).tolist()
            problems.rows(ids.trouble, _ID, column, Wrong.of(file.name, rows, shape_at(array, first)))
        first += len(array)
        yield id_texts(ids.array)
