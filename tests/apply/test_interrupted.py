"""`segctl apply` and `segctl refresh` themselves, killed and interrupted at random instants."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from segctl.diagnostics import ExitCode
from segctl.state.holder import LOCK
from segctl.workflow.opened import opened_state
from tests.apply.forks import Forks, forks
from tests.apply.shop import BUYERS, Shop, segment

AGES = (10, 20, 30, 40, 50, 60)


@pytest.fixture(scope="module")
def server() -> Iterator[Forks]:
    with forks() as made:
        yield made


def older(age: int) -> dict[str, object]:
    return segment("older", {"attribute": "age", "at_least": age})


def expected(age: int) -> str:
    return "".join(user for user, years in zip("abcdef", AGES, strict=True) if years >= age)


def apply(server: Forks, shop: Shop, send: signal.Signals = signal.SIGKILL, after: float = 0) -> int:
    arguments = ("-C", str(shop.root), "apply", "--auto-approve", "--as-of", "2026-01-10")
    return server.segctl(*arguments, "--allow", "max_exit", "--reason", "it is meant", send=send, after=after)


def check(shop: Shop) -> None:
    """Every record, population and membership that the head leads to is whole."""
    _, state, _ = opened_state(shop.root)
    for record in state.records():
        for snapshot in record.snapshots.values():
            members = state.membership(snapshot.membership)
            assert members.members == snapshot.members
            assert len(state.population(snapshot.population)) == len(members.bits)


def duration(server: Forks, shop: Shop) -> float:
    """How long one apply takes that has an index already."""
    shop.define(older(50), BUYERS)
    assert apply(server, shop) == 0
    shop.define(older(60), BUYERS)
    began = time.monotonic()
    assert apply(server, shop) == 0
    return time.monotonic() - began


def test_killed_thirty_times_the_next_command_works(shop: Shop, server: Forks) -> None:
    chance = random.Random(30)  # noqa: S311 any instants will do
    shop.define(older(0), BUYERS)
    assert apply(server, shop) == 0
    longest = duration(server, shop)
    before, codes = 60, set()
    for attempt in range(30):
        age = AGES[attempt % 6]
        serial = shop.serial()
        shop.define(older(age), BUYERS)
        codes.add(apply(server, shop, after=chance.uniform(0.02, longest)))
        moved = shop.serial() - serial
        assert moved in {0, 1}
        assert shop.members("older") == expected(age if moved else before)
        check(shop)
        assert apply(server, shop) == 0
        assert shop.members("older") == expected(age)
        assert shop.serial() == serial + (age != before)
        before = age
    assert -signal.SIGKILL in codes
    assert codes <= {0, -signal.SIGKILL}


@pytest.mark.parametrize(
    ("send", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)]
)
def test_interrupted_it_ends_at_once_and_frees_the_lock(
    shop: Shop, server: Forks, send: signal.Signals, code: ExitCode
) -> None:
    chance = random.Random(7)  # noqa: S311 any instants will do
    shop.define(older(0), BUYERS)
    longest = duration(server, shop)
    codes = []
    for attempt in range(12):
        shop.define(older(AGES[attempt % 6]), BUYERS)
        serial = shop.serial()
        codes.append(apply(server, shop, send, chance.uniform(0.1, 0.9) * longest))
        assert codes[-1] in {0, code}
        assert not (shop.root / ".segctl" / LOCK).exists()
        assert shop.serial() in {serial, serial + 1}
        check(shop)
        assert apply(server, shop) == 0
    assert code in codes


def test_of_two_at_once_none_is_lost(shop: Shop) -> None:
    """Both wait for the lock; the second finds nothing left to do, or refreshes what the first applied."""
    shop.define(older(30), BUYERS)
    arguments = ("-C", str(shop.root), "apply", "--auto-approve", "--as-of", "2026-01-10", "--lock-timeout", "60")
    with forks() as first, forks() as second, ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda server: server.segctl(*arguments), (first, second))) == [0, 0]
        assert shop.serial() == 1
        shop.events("d,purchase,9")
        # whoever comes second may go back in time
        allowed = ("--lock-timeout", "60", "--allow", "earlier_as_of", "--reason", "late")
        days = [(first, "2026-01-11"), (second, "2026-01-12")]
        refresh = ("-C", str(shop.root), "refresh", *allowed, "--as-of")
        assert list(pool.map(lambda pair: pair[0].segctl(*refresh, pair[1]), days)) == [0, 0]
    assert shop.serial() == 3
    assert shop.members("buyers") == "abcd"
    check(shop)
