"""Many memberships at once: the users of a population are read and sorted once, and a file has their ids once."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segctl.index.population import Population
from segctl.plan.variant_choice import MESSAGED
from segctl.report.members import write
from segctl.selection import parse
from segctl.state.local import LocalStore
from segctl.state.state import State
from segctl.workflow.member_lists import MemberLists, Selected
from segctl.workflow.members import Asked, members
from segctl.workflow.opened import opened_state
from segctl.workflow.published import Published
from tests.apply.shop import Shop, segment

SEGMENTS = 20


def many(shop: Shop) -> None:
    """Segments by age over users whose letters are not in the order of their ages."""
    shop.define(*(segment(f"s{number:02}", {"attribute": "age", "at_least": 3 * number}) for number in range(SEGMENTS)))
    shop.apply()


@dataclass
class Counting:
    """A store that counts what is read."""

    store: LocalStore
    reads: Counter[str] = field(default_factory=Counter)

    def read(self, name: str) -> bytes:
        self.reads[name] += 1
        return self.store.read(name)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


def test_a_population_is_read_once_for_all_its_memberships(shop: Shop) -> None:
    many(shop)
    _, state, _ = opened_state(shop.root)
    assert isinstance(state.store, LocalStore)
    counting = Counting(state.store)
    published = Published(State(counting), state.current())  # type: ignore[arg-type]
    selected = [published.selected(("segment", f"s{number:02}")) for number in range(SEGMENTS)]
    assert len({id(one.population) for one in selected}) == 1
    (population,) = (name for name in counting.reads if name.startswith("populations/"))
    assert counting.reads[population] == 1


def test_all_lists_refer_to_the_same_sorted_ids(shop: Shop) -> None:
    many(shop)
    lists = members(shop.root, Asked(selection=parse(["s*"])))
    assert len({id(one.among) for one in lists}) == 1
    assert lists[0].among.to_pylist() == list("abcdef")
    ages = {"a": 10, "b": 20, "c": 30, "d": 40, "e": 50, "f": 60}
    for number, one in enumerate(lists):
        assert one.ids.to_pylist() == [user for user, age in ages.items() if age >= 3 * number]


def test_a_file_of_many_memberships_has_each_id_once() -> None:
    """Two hundred lists of all users cost a number for each row, not an id."""
    ids = pa.array([f"user-{number:020}" for number in range(5_000)], pa.string())
    population = Population.of(ids)
    lists = MemberLists(MESSAGED)
    for number in range(200):
        everybody = np.ones(len(population), dtype=np.bool_)
        lists.add(f"s{number}", ("segment", f"s{number}"), 0, Selected(population, everybody))
    file = io.BytesIO()
    write(lists.lists(), "parquet", file)
    parquet = pq.ParquetFile(file)
    column = parquet.metadata.row_group(0).column(1)
    assert (parquet.metadata.num_row_groups, parquet.metadata.num_rows) == (1, 1_000_000)
    assert column.total_uncompressed_size < 5_000 * 40 + 1_000_000 * 2
    read = parquet.read(["id"])["id"]
    assert read.slice(995_000).to_pylist() == sorted(ids.to_pylist())
