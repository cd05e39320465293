"""Many processes at once: one at a time, nothing lost, the others wait or exit 5."""

from __future__ import annotations

from pathlib import Path

import pytest

from segctl.diagnostics import ExitCode
from tests.s3 import S3
from tests.stores.crowd import crowd
from tests.stores.shops import Shop, as_of, chain

MANY = 20
ANY_ORDER = ("--allow", "earlier_as_of", "--reason", "they come in any order")


@pytest.fixture(params=["folder", "s3"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    if request.param == "folder":
        return Shop(tmp_path / "shop").lay_out()
    server: S3 = request.getfixturevalue("reach")
    return Shop(tmp_path / "shop", f"s3://{server.bucket()}/team", server.environ).lay_out()


def refreshes(shop: Shop, *more: str) -> list[list[str]]:
    """Twenty refreshes, each as of a second of its own, so that each publishes a serial that tells who made it."""
    refresh = ["-C", str(shop.root), "refresh", *ANY_ORDER, *more]
    return [[*refresh, "--as-of", as_of(second)] for second in range(1, MANY + 1)]


def test_twenty_applies_at_once_that_wait_publish_one_after_the_other(shop: Shop, tmp_path: Path) -> None:
    """Each from a checkout of its own, with another definition."""
    checkouts = [shop.checkout(tmp_path / f"checkout{n}") for n in range(MANY)]
    for number, checkout in enumerate(checkouts):
        checkout.define(number + 1)
    apply = ["apply", "--auto-approve", "--as-of", as_of(0), "--lock-timeout", "170"]
    done = crowd([["-C", str(checkout.root), *apply] for checkout in checkouts], shop.environ)
    assert [one.code for one in done] == [0] * MANY, "\n".join(one.err for one in done)
    published = [int(one.out.rpartition("Published serial ")[2].rstrip(".\n")) for one in done]
    assert sorted(published) == list(range(1, MANY + 1))
    assert chain(shop.opened()) == [0] * MANY
    for number, serial in enumerate(published):
        definition = shop.opened().record(serial).definitions["segment", "adults"]
        assert definition.data["where"] == {"attribute": "age", "at_least": number + 1}


def test_twenty_at_once_that_do_not_wait_publish_or_are_told_who_is_at_work(shop: Shop) -> None:
    assert shop.inside("apply", "--auto-approve", "--as-of", as_of(0)).code == 0
    done = crowd(refreshes(shop), shop.environ)
    codes = [one.code for one in done]
    assert set(codes) <= {ExitCode.OK, ExitCode.LOCKED}, "\n".join(one.err for one in done)
    assert codes.count(ExitCode.OK) >= 1
    assert all("the state is locked: `refresh` by" in one.err for one in done if one.code)
    published = [second for second, one in enumerate(done, 1) if one.code == ExitCode.OK]
    assert sorted(chain(shop.opened())) == [0, *published]


def test_of_many_first_applies_one_publishes_and_the_others_find_nothing_to_do(shop: Shop) -> None:
    apply = ["-C", str(shop.root), "apply", "--auto-approve", "--as-of", as_of(0), "--lock-timeout", "170"]
    done = crowd([apply] * 6, shop.environ)
    assert [one.code for one in done] == [0] * 6, "\n".join(one.err for one in done)
    assert chain(shop.opened()) == [0]
    assert sum("Published serial 1." in one.out for one in done) == 1
