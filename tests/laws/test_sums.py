"""Law 7: sums are exact in millionths, whatever the order, the files and the shards."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from segctl.diagnostics import InvalidInput
from tests.laws.shop import AS_OF, DAY, Shop, opened, us

AMOUNTS = [0.1, 0.2, 0.3, 1e9, -1e9, 0.0000005, 0.0000015, 1 / 3, 1e-9, 123456.789, None]


def event(user: str, amount: float | None) -> dict[str, Any]:
    return {"user": user, "event": "buy", "time": us(AS_OF) - DAY, "amount": amount}


def millionths(amount: float) -> Fraction:
    """The amount as law 7 counts it."""
    return Fraction(round(Fraction(amount) * 10**6), 10**6)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    rng = Random(7)  # noqa: S311 - not for secrets
    return [event(f"u{rng.randrange(40)}", rng.choice(AMOUNTS)) for _ in range(600)]


@pytest.fixture(scope="module")
def shop(rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Shop:
    users = [{"id": f"u{number}"} for number in range(45)]
    return opened(tmp_path_factory.mktemp("sums"), users, [rows[::3], rows[1::3], rows[2::3]])


def test_sums_and_averages_equal_exact_ones(rows: list[dict[str, Any]], shop: Shop) -> None:
    amounts: dict[str, list[Fraction]] = defaultdict(list)
    for row in rows:
        if row["amount"] is not None:
            amounts[row["user"]].append(millionths(row["amount"]))
    for user, listed in sorted(amounts.items()):
        total = sum(listed, Fraction(0))
        average = total / len(listed)
        equal = {"of": "amount", "exactly": decimal(total)}
        same_total = {u for u in (f"u{n}" for n in range(45)) if sum(amounts[u]) == total}
        assert shop.members({"event": "buy", "sum": equal}) == same_total
        low, high = decimal(average - Fraction(1, 10**12)), decimal(average + Fraction(1, 10**12))
        near = {u for u, m in amounts.items() if m and low <= sum(m) / len(m) <= high}
        assert user in near
        assert shop.members({"event": "buy", "average": {"of": "amount", "between": [low, high]}}) == near


def decimal(number: Fraction) -> Decimal:
    """The number to fifteen places."""
    return Decimal(round(number * 10**15)).scaleb(-15)


def test_nothing_is_nought_or_missing(shop: Shop) -> None:
    nobody = {f"u{number}" for number in range(40, 45)}
    assert shop.members({"event": "buy", "count": {"exactly": 0}}) == nobody
    assert nobody <= shop.members({"event": "buy", "sum": {"of": "amount", "exactly": 0}})
    assert nobody & shop.members({"event": "buy", "max": {"of": "amount", "at_most": 10**12}}) == frozenset()
    missing = {"event": "buy", "max": {"of": "amount", "more_than": 10**12, "or_missing": True}}
    assert nobody <= shop.members(missing)
    assert nobody & shop.members({"event": "buy", "last": {"before": "2030-01-01"}}) == frozenset()


def test_a_column_that_adds_up_to_too_much_is_named(tmp_path: Path) -> None:
    shop = opened(tmp_path, [{"id": "u"}], [[event("u", 9e12), event("u", 9e12)]])
    with pytest.raises(InvalidInput) as raised:
        shop.members({"event": "buy", "sum": {"of": "amount", "at_least": 1}})
    assert "`amount`" in raised.value.diagnostics[0].summary
    assert shop.members({"event": "buy", "max": {"of": "amount", "at_least": 1}}) == {"u"}
