"""Event names near to one that no row has: by spelling, by words in any order and case; quick among thousands."""

from __future__ import annotations

import time

import pytest

from segctl.logic.event_names import all_names, meant, nearest

KNOWN = (
    "Order Completed", "Order Refunded", "Product Viewed", "Cart Viewed", "session_start", "emailOpened", "HTTPError",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("order_completed", ("Order Completed",)),
        ("ORDER-COMPLETED", ("Order Completed",)),
        ("orderCompleted", ("Order Completed",)),
        ("completed_order", ("Order Completed",)),
        ("orders completed", ("Order Completed",)),
        ("order_placed", ("Order Completed", "Order Refunded")),
        ("Email Opened", ("emailOpened",)),
        ("http_error", ("HTTPError",)),
        ("viewed_products", ("Product Viewed",)),
        ("cart_vewed", ("Cart Viewed",)),
        ("sessionStarted", ("session_start",)),
        ("purchase", ()),
        ("x", ()),
        ("", ()),
        ("x" * 10_000, ()),
    ],
)
def test_the_nearest_names(name: str, expected: tuple[str, ...]) -> None:
    assert nearest(name, KNOWN) == expected
    assert nearest(name, reversed(KNOWN)) == expected


def test_what_is_said() -> None:
    assert meant("order_placed", KNOWN) == "did you mean `Order Completed` or `Order Refunded`?"
    assert meant("purchase", KNOWN).startswith("there is `Cart Viewed`, `HTTPError`, ")
    assert meant("purchase", [f"event {chr(97 + n)}" for n in range(20)]).count("`") == 2 * 8
    assert meant("purchase", [f"event {chr(97 + n)}" for n in range(20)]).endswith(", …")
    assert meant("purchase", ()) == ""
    assert all_names(KNOWN) == "the data has 7 event names: see `segctl list --events`"
    assert all_names(()) == "the data has no events"


def test_names_that_look_like_values_are_not_shown() -> None:
    """A column of ids or e-mails may have been taken for that of the names."""
    assert nearest("ann", ["ann@home.test", "c0001", "2026-01-01"]) == ()
    assert meant("c0002", ["ann@home.test", "c0001"]) == ""


def test_it_is_quick_among_thousands_of_names() -> None:
    objects, verbs = [f"thing{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(250)], ("viewed", "bought", "rated")
    known = [
        f"{thing} {verb} {where}" for thing in objects for verb in verbs for where in ("web", "app", "shop", "call")
    ]
    assert len(known) == 3_000
    start = time.process_time()
    for number in range(200):
        near = nearest(f"rated_{objects[number]}", known)
        assert near
        assert all(name.startswith(f"{objects[number]} rated") for name in near)
    assert time.process_time() - start < 3
