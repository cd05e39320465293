"""Random histories of definitions and data against sets kept by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.apply.shop import Shop, change, numbers, segment

USERS = "abcdefgh"
Ages = dict[str, int]
AGES = st.dictionaries(st.sampled_from(USERS), st.integers(0, 9), min_size=1)


@dataclass(frozen=True)
class Step:
    """What happens between two commands; a limit of None removes the segment."""

    ages: Ages
    limit: int | None
    refresh: bool


STEPS = st.lists(st.builds(Step, AGES, st.none() | st.integers(0, 9), st.booleans()), min_size=2, max_size=5)


@dataclass
class Book:
    """What must be: published members and the limit that was applied."""

    published: set[str] = field(default_factory=set)
    limit: int | None = None
    serial: int = 0


def old_enough(ages: Ages, limit: int) -> set[str]:
    return {user for user, age in ages.items() if age >= limit}


def define(shop: Shop, limit: int | None) -> None:
    some = [] if limit is None else [segment("some", {"attribute": "age", "at_least": limit})]
    shop.define(segment("everyone", {"everyone": True}), *some)


@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_plans_and_deltas_are_what_sets_say(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        _live_through(Shop(Path(folder)), steps)


def _live_through(shop: Shop, steps: list[Step]) -> None:
    book = Book()
    for number, step in enumerate(steps):
        shop.users(*(f"{user},{age}" for user, age in sorted(step.ages.items())))
        shop.events()
        as_of = f"2026-01-{number + 1:02}"
        if step.refresh and book.serial:
            _refresh(shop, book, step, as_of)
        else:
            _apply(shop, book, step, as_of)
        if book.limit is not None:
            assert set(shop.members("some")) == book.published


def _apply(shop: Shop, book: Book, step: Step, as_of: str) -> None:
    define(shop, step.limit)
    planned = shop.plan(as_of)
    after = set() if step.limit is None else old_enough(step.ages, step.limit)
    if step.limit == book.limit:
        assert not [c for c in planned.changes if c.key[1] == "some"]
        after = book.published
    else:
        old = _old(book, step)
        entered, exited = after - book.published, book.published - after
        by_data = (0, 0) if step.limit is None else (len(entered & old), len(exited - old))
        by_definition = len(entered) - by_data[0], len(exited) - by_data[1]
        assert numbers(planned, "some") == (len(book.published), len(after), by_definition, by_data)
    book.serial += 0 if planned.is_empty else 1
    assert shop.apply(as_of).serial == (None if planned.is_empty else book.serial)
    if not planned.is_empty and (book.limit, step.limit) != (None, None):
        _moved(shop, book.published, after)
    book.published, book.limit = after, step.limit


def _old(book: Book, step: Step) -> set[str]:
    """The applied definition on today's data; without one nobody."""
    return set() if book.limit is None else old_enough(step.ages, book.limit)


def _refresh(shop: Shop, book: Book, step: Step, as_of: str) -> None:
    outcome = shop.refresh(as_of)
    book.serial += 1
    assert outcome.serial == book.serial
    if book.limit is None:
        return
    after = old_enough(step.ages, book.limit)
    entered, exited = after - book.published, book.published - after
    if entered or exited:
        by_data = len(entered), len(exited)
        found = numbers(outcome.prepared.plan, "some")
        assert found == (len(book.published), len(after), (0, 0), by_data)
        assert change(outcome.prepared.plan, "some").reasons == ("data",)
    _moved(shop, book.published, after)
    book.published = after


def _moved(shop: Shop, before: set[str], after: set[str]) -> None:
    entered, exited = shop.moved("some")
    assert (set(entered), set(exited)) == (after - before, before - after)
    record = shop.records()[0]
    snapshot = record.snapshots.get(("segment", "some"))
    if snapshot is not None and snapshot.serial == record.serial:
        assert (snapshot.members, snapshot.entered, snapshot.exited) == (len(after), len(entered), len(exited))
