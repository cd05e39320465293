"""A small shop on disk out of plain rows, and who is in a condition over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from segctl.index.update import Options, update
from segctl.load.document import Document, Key
from segctl.model.project import Project
from segctl.progress import Silent
from segctl.workflow.evaluate import Data, Evaluated, Library, Target, evaluate
from tests.language import document

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = 3_600_000_000
DAY = 24 * HOUR

Rows = Sequence[Mapping[str, Any]]


def us(moment: datetime) -> int:
    """Microseconds since 1970."""
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


@dataclass(frozen=True)
class Shop:
    """Data as of an instant."""

    data: Data

    def evaluate(self, documents: Mapping[Key, Document], workers: int = 1) -> Evaluated[Key]:
        """All memberships."""
        library = Library(documents)
        return evaluate(self.data, {key: Target(library, key) for key in documents}, Silent(), workers=workers)

    def all_members(self, wheres: Mapping[str, Any], workers: int = 1) -> dict[str, frozenset[str]]:
        """The members of several segments; they may refer to each other."""
        documents = {
            ("segment", name): document({"kind": "segment", "name": name, "where": where})
            for name, where in wheres.items()
        }
        found = self.evaluate(documents, workers).memberships
        ids = self.data.population.ids
        return {key[1]: frozenset(ids.filter(pa.array(found[key])).to_pylist()) for key in documents}

    def members(self, where: Any) -> frozenset[str]:
        """The members of one segment."""
        return self.all_members({"it": where})["it"]


def _instant(time: datetime | int) -> datetime:
    return EPOCH + timedelta(microseconds=time) if isinstance(time, int) else time


def opened(folder: Path, users: Rows, events: Sequence[Rows], *, as_of: datetime = AS_OF, zone: str = "UTC") -> Shop:
    """Write users (`id`) and files of events (`user`, `event`, `time` in microseconds), and index them."""
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(users)), folder / "users.parquet")
    for number, rows in enumerate(events):
        timed = [{**row, "time": _instant(row["time"])} for row in rows]
        pq.write_table(pa.Table.from_pylist(timed), folder / f"events{number}.parquet")
    project = Project.model_validate({
        "kind": "project", "name": "shop", "timezone": zone,
        "users": {"path": "users.parquet", "id": "id"},
        "events": [{"path": "events*.parquet", "user": "user", "time": "time", "name": {"column": "event"}}],
    })  # fmt: skip
    index = update(folder, project, folder / "index", Silent(), Options(shards=2))
    return Shop(Data(folder, index, us(as_of)))
