"""Law 11: buckets and variants come from the id alone, and are the same for ever."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import xxhash

from segctl.plan.variants import assign
from tests.laws.shop import opened

USERS = [f"user {number}" for number in range(2_000)]


def bucket(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode()) % 10_000


def test_a_bucket_is_the_hash_of_the_id(tmp_path: Path) -> None:
    shop = opened(tmp_path, [{"id": user} for user in USERS], [[{"user": "x", "event": "e", "time": 0}]])
    for low, high in ((0, 4_999), (5_000, 9_999), (0, 0), (17, 1_234)):
        expected = {user for user in USERS if low <= bucket(user) <= high}
        assert shop.members({"bucket": {"from": low, "to": high}}) == expected


def test_buckets_are_stable_for_ever() -> None:
    pinned = {"u1": 385, "17850": 3446, "ünïcödé": 3569, "": 3138}
    assert {user: bucket(user) for user in pinned} == pinned


def test_variants_follow_the_cumulative_shares() -> None:
    ids = pa.array(USERS)
    bits = np.arange(len(USERS)) % 3 > 0
    found = assign("win_back", [4_500, 4_500, 1_000], ids, bits)
    for user, member, variant in zip(USERS, bits.tolist(), found.tolist(), strict=True):
        place = bucket(f"win_back:{user}")
        expected = 0 if place < 4_500 else 1 if place < 9_000 else 2
        assert variant == (expected if member else -1)


def test_variants_are_stable_for_ever() -> None:
    ids = pa.array(["u1", "u2", "u3", "u4", "17850", "u12"])
    assert assign("win_back", [4_500, 4_500, 1_000], ids, np.ones(6, dtype=np.bool_)).tolist() == [2, 1, 0, 0, 1, 0]
