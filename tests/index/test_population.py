from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from segctl.index import population as module
from segctl.index.population import Population, carry

IDS = st.lists(st.text(max_size=8), unique=True, max_size=40)


def expected_order(ids: list[str]) -> list[str]:
    return sorted(ids, key=lambda i: (xxhash.xxh3_64_intdigest(i.encode()), i.encode()))


@given(IDS)
def test_the_order_is_by_hash_and_id_whatever_came_first(ids: list[str]) -> None:
    forward, backward = Population.of(pa.array(ids, pa.string())), Population.of(pa.array(ids[::-1], pa.string()))
    assert forward.ids.to_pylist() == expected_order(ids)
    assert forward.digest == backward.digest


def test_users_of_one_hash_are_ordered_by_id() -> None:
    ids = pa.array(["d", "b", "z", "a", "c"])
    order = module.order_of(ids, np.array([5, 5, 9, 1, 5], dtype=np.uint64))
    assert ids.take(pa.array(order)).to_pylist() == ["a", "b", "c", "d", "z"]


@given(IDS)
def test_the_digest_tells_where_one_id_ends(ids: list[str]) -> None:
    population = Population.of(pa.array(ids, pa.string()))
    assert Population.ordered(population.ids).digest == population.digest
    if len(ids) > 1:
        joined = pa.array(["".join(population.ids.to_pylist()[:2]), *population.ids.to_pylist()[2:]])
        assert Population.ordered(joined).digest != population.digest


def test_a_digest_is_the_same_for_a_slice_and_its_copy() -> None:
    ids = pa.array(["a", "bb", "ccc", "dd"])
    assert module.digest_of(ids.slice(1, 2)) == module.digest_of(pa.array(["bb", "ccc"]))


def test_the_digest_never_changes() -> None:
    assert Population.of(pa.array(["u1", "u2", "é"])).digest == "eeb45c08319960d487a841055fb13244"


@pytest.mark.parametrize("text_type", [pa.string(), pa.large_string()])
def test_the_place_of_an_id(text_type: pa.DataType) -> None:
    population = Population.of(pa.array(["a", "b", "c"]))
    places = population.index_of(pa.array(["c", "nobody", "a"], text_type))
    assert [population.ids[int(p)].as_py() if p >= 0 else None for p in places] == ["c", None, "a"]


@given(IDS, IDS, st.sets(st.text(max_size=8)))
def test_members_are_carried_to_another_population(old: list[str], new: list[str], members: set[str]) -> None:
    before, after = Population.of(pa.array(old, pa.string())), Population.of(pa.array(new, pa.string()))
    bits = np.array([i in members for i in before.ids.to_pylist()], dtype=np.bool_)
    carried = carry(bits, before, after)
    kept = {i for i, bit in zip(after.ids.to_pylist(), carried.tolist(), strict=True) if bit}
    assert kept == members & set(old) & set(new)
