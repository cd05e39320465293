from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from segctl.index.column import Bits
from segctl.plan.movement import Held, created, deleted, moved
from segctl.plan.plan import Members, Movement, VariantMembers
from segctl.plan.variants import assign, counts, shares_of

USERS = 12
SETS = st.sets(st.integers(0, USERS - 1))


def bits(members: set[int]) -> Bits:
    return np.array([user in members for user in range(USERS)], dtype=np.bool_)


def test_each_mover_is_attributed_once() -> None:
    stored, old, new = {1, 2, 3, 4}, {1, 2, 5, 6}, {1, 3, 5, 7}
    # 5 enters and the old definition holds: by data. 7 enters by definition only.
    # 2 exits although the old definition holds: by definition. 4 exits by data.
    found = moved(Held(bits(stored)), bits(old), Held(bits(new)))
    assert found == Members(4, 4, by_definition=Movement(1, 1), by_data=Movement(1, 1))


def test_without_an_old_definition_all_is_by_definition_but_who_left_the_population() -> None:
    found = moved(Held(bits({1, 2}), departed=3), None, Held(bits({2, 4})))
    assert found == Members(5, 2, by_definition=Movement(1, 1), by_data=Movement(0, 3))


def test_creating_enters_and_deleting_exits_by_definition() -> None:
    assert created(Held(bits({1, 2}))) == Members(0, 2, Movement(entered=2))
    assert deleted(3) == Members(3, 0, Movement(exited=3))


@given(SETS, SETS, SETS, st.integers(0, 5))
def test_the_split_adds_up(stored: set[int], old: set[int], new: set[int], departed: int) -> None:
    found = moved(Held(bits(stored), departed), bits(old), Held(bits(new)))
    assert found.entered == len(new - stored)
    assert found.exited == len(stored - new) + departed
    assert found.before == len(stored) + departed
    assert found.after == len(new) == found.before + found.entered - found.exited
    net_definition = found.by_definition.entered - found.by_definition.exited
    net_data = found.by_data.entered - found.by_data.exited
    assert found.after - found.before == net_definition + net_data


@given(SETS, SETS)
def test_an_unchanged_definition_moves_by_data_only(stored: set[int], new: set[int]) -> None:
    found = moved(Held(bits(stored)), bits(new), Held(bits(new)))
    assert found.by_definition == Movement()


@given(SETS, SETS)
def test_unchanged_data_move_by_definition_only(stored: set[int], new: set[int]) -> None:
    found = moved(Held(bits(stored)), bits(stored), Held(bits(new)))
    assert found.by_data == Movement()


def held(variants: dict[int, str], names: tuple[str, ...]) -> Held:
    numbers = np.full(USERS, -1, dtype=np.int16)
    for user, name in variants.items():
        numbers[user] = names.index(name)
    return Held(bits(set(variants)), variants=numbers, names=names, variant_members=counts(names, numbers))


def test_members_who_stay_with_another_variant_are_reassigned() -> None:
    stored = held({1: "a", 2: "b", 3: "a", 4: "old"}, ("a", "b", "old"))
    new = held({1: "b", 2: "b", 4: "a", 5: "b"}, ("b", "a"))
    found = moved(stored, new.bits, new)
    assert found.reassigned == 2
    assert found.variants == (VariantMembers("b", 1, 3), VariantMembers("a", 2, 1), VariantMembers("old", 1, 0))


def test_new_names_in_the_same_order_reassign_and_a_new_order_of_the_same_does_not() -> None:
    stored = held({1: "a", 2: "b"}, ("a", "b"))
    assert moved(stored, None, held({1: "x", 2: "b"}, ("x", "b"))).reassigned == 1
    assert moved(stored, None, held({1: "a", 2: "b"}, ("b", "a"))).reassigned == 0


def test_getting_variants_at_all_is_reassigning() -> None:
    plain = Held(bits({1, 2}))
    split = held({1: "a", 2: "b"}, ("a", "b"))
    assert moved(plain, None, split).reassigned == 2
    assert moved(split, None, plain).reassigned == 2


@given(st.lists(st.integers(0, 300), min_size=1, max_size=4))
def test_a_variant_is_the_bucket_of_campaign_and_user(parts: list[int]) -> None:
    shares = [*(p for p in parts), 10_000 - sum(parts)]
    ids = [f"u{n}" for n in range(50)]
    members = np.array([n % 3 != 0 for n in range(50)], dtype=np.bool_)
    found = assign("win_back", shares, pa.array(ids), members)
    for user, member, variant in zip(ids, members, found, strict=True):
        bucket = xxhash.xxh3_64_intdigest(f"win_back:{user}".encode()) % 10_000
        inside = [v for v in range(len(shares)) if sum(shares[:v]) <= bucket < sum(shares[: v + 1])]
        assert variant == (inside[0] if member else -1)


def test_a_percent_with_a_fraction_is_exact() -> None:
    from decimal import Decimal

    campaign = {"variants": [{"name": "a", "percent": Decimal("33.33")}, {"name": "b", "percent": Decimal("66.67")}]}
    assert shares_of(campaign) == (("a", "b"), (3333, 6667))
    assert shares_of({}) == ((), ())


@pytest.mark.parametrize(("share", "expected"), [([0, 10_000], 1), ([10_000, 0], 0)])
def test_a_variant_of_nothing_gets_nobody(share: list[int], expected: int) -> None:
    found = assign("c", share, pa.array(["a", "b"]), np.array([True, True]))
    assert set(found.tolist()) == {expected}
