"""Random lives of definitions over many applies: created, renamed, archived, removed, brought back, changed.

A plain model in Python keeps the ids; every plan, every snapshot and every delta must say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from segctl.plan.plan import Action, Change
from tests.apply.shop import Shop, segment

USERS = "abcdefgh"
NAMES = ("n0", "n1", "n2", "n3", "n4")
Ages = dict[str, int]


@dataclass(frozen=True)
class Step:
    """What happens to the definitions between two applies: who has which age, and what is done to which."""

    ages: Ages
    deeds: tuple[tuple[str, int, int], ...]


DEEDS = st.tuples(
    st.sampled_from(["put", "rename", "rename", "archive", "remove", "move on"]), st.integers(0, 4), st.integers(0, 9)
)
STEPS = st.lists(
    st.builds(
        Step,
        st.dictionaries(st.sampled_from(USERS), st.integers(0, 9), min_size=1),
        st.lists(DEEDS, min_size=2, max_size=4).map(tuple),
    ),
    min_size=4,
    max_size=6,
)
FIRST = tuple(("put", number, 2 * number + 1) for number in range(3))
"""Three definitions begin each history, and one name is free."""


@dataclass
class Life:
    """One definition on disk: its limit, whether it is archived, what it says it was."""

    limit: int
    archived: bool = False
    moved: str = ""


@dataclass
class Book:
    """What must be: definitions on disk; limits applied, members published, and who moved, by serial and name."""

    disk: dict[str, Life] = field(default_factory=dict)
    applied: dict[str, int] = field(default_factory=dict)
    published: dict[str, set[str]] = field(default_factory=dict)
    serials: list[dict[str, set[str]]] = field(default_factory=list)
    names: list[dict[str, str]] = field(default_factory=list)


def old_enough(ages: Ages, limit: int) -> set[str]:
    return {user for user, age in ages.items() if age >= limit}


def do(book: Book, deed: tuple[str, int, int]) -> None:
    """Do something to the definitions on disk, as far as it can be done."""
    what, number, other = deed
    name, disk = NAMES[number], book.disk
    if what == "put":
        disk[name] = Life(other, moved=disk[name].moved if name in disk else "")
    elif what == "archive" and name in disk:
        disk[name].archived = True
    elif what == "remove":
        disk.pop(name, None)
    elif what in {"rename", "move on"} and name in disk:
        free = [new for new in NAMES if new not in disk]
        if free and name in book.applied:
            life = disk.pop(name)
            disk[free[other % len(free)]] = Life(life.limit if what == "rename" else other, life.archived, moved=name)
    for life in disk.values():
        if life.moved in disk or [one.moved for one in disk.values()].count(life.moved) > 1:
            life.moved = ""


def define(shop: Shop, book: Book) -> None:
    documents: list[dict[str, Any]] = []
    for name, life in sorted(book.disk.items()):
        said: dict[str, Any] = {"moved": {"from": life.moved}} if life.moved else {}
        said |= {"archived": True} if life.archived else {}
        documents.append(segment(name, {"attribute": "age", "at_least": life.limit}, **said))
        if not life.archived:
            documents.append(segment(f"uses_{name}", {"segment": name}))
    shop.define(segment("everyone", {"everyone": True}), *documents)


@settings(max_examples=15, deadline=None)
@given(STEPS)
def test_plans_snapshots_and_deltas_are_what_the_model_says(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        shop, book = Shop(Path(folder)), Book()
        for number, step in enumerate(steps):
            shop.users(*(f"{user},{age}" for user, age in sorted(step.ages.items())))
            shop.events()
            for deed in step.deeds if number else FIRST:
                do(book, deed)
            define(shop, book)
            _apply(shop, book, step.ages, f"2026-01-{number + 1:02}")
        _look_back(shop, book)


def _apply(shop: Shop, book: Book, ages: Ages, as_of: str) -> None:
    live = {name: life for name, life in book.disk.items() if not life.archived}
    was = {
        name: life.moved
        for name, life in live.items()
        if life.moved in book.applied and life.moved not in book.disk and name not in book.applied
    }
    planned = shop.plan(as_of, "empty_definitions")
    changes = {change.key[1]: change for change in planned.changes}
    published: dict[str, set[str]] = {}
    for name, life in live.items():
        before = was.get(name, name)
        if book.applied.get(before) == life.limit:
            published[name] = book.published[before]
            _stays(changes.get(name), was.get(name))
        else:
            published[name] = old_enough(ages, life.limit)
            known = book.published.get(before)
            limit = book.applied.get(before)
            _moves(changes[name], known, published[name], None if limit is None else old_enough(ages, limit))
    left = set(book.applied) - set(live) - set(was.values())
    for name in left:
        change = changes[name]
        members = change.members
        assert members is not None
        assert (change.action, members.before, members.exited) == (
            Action.DELETE, len(book.published[name]), len(book.published[name]),
        )  # fmt: skip
        assert ("archived" in change.reasons) == _is_put_away(book, name)
        assert {use.key[1] for use in change.used_by} == {f"uses_{name}"}
    outcome = shop.apply(as_of, "empty_definitions")
    assert (outcome.serial is None) == planned.is_empty
    book.applied, book.published = {name: life.limit for name, life in live.items()}, published
    if outcome.serial is not None:
        book.serials.append(published)
        book.names.append(was)
        _deltas(shop, book)
    for name, ids in published.items():
        assert set(shop.members(name)) == ids
    assert shop.plan(as_of).is_empty


def _is_put_away(book: Book, name: str) -> bool:
    return any(life.archived and name in {key, life.moved} for key, life in book.disk.items())


def _stays(change: Change | None, old: str | None) -> None:
    """Nobody moves; a rename is told."""
    if old is None:
        assert change is None
    else:
        assert change is not None
        assert (change.reasons, change.moved_from, change.members) == (("moved",), old, None)


def _moves(change: Change, before: set[str] | None, after: set[str], today: set[str] | None) -> None:
    members = change.members
    assert members is not None
    entered, exited = after - (before or set()), (before or set()) - after
    assert (members.entered, members.exited) == (len(entered), len(exited))
    assert (change.action is Action.CREATE) == (before is None)
    if today is not None:
        assert (members.by_data.entered, members.by_data.exited) == (len(entered & today), len(exited - today))


def _deltas(shop: Shop, book: Book) -> None:
    now = book.serials[-1]
    before = book.serials[-2] if len(book.serials) > 1 else {}
    for name, ids in now.items():
        old = before.get(book.names[-1].get(name, name), set())
        entered, exited = shop.moved(name)
        assert (set(entered), set(exited)) == (ids - old, old - ids)
    for name in before.keys() - now.keys() - set(book.names[-1].values()):
        assert shop.moved(name) == ("", "".join(sorted(before[name])))


def _look_back(shop: Shop, book: Book) -> None:
    """Every older serial by the names of then, and what is there now by the name of now."""
    for serial, members in enumerate(book.serials, 1):
        for name, ids in members.items():
            assert set(shop.members(name, serial)) == ids
    for name in book.published:
        then = name
        for serial in range(len(book.serials), 0, -1):
            found = book.serials[serial - 1]
            if then not in found:
                break
            if name not in found:
                assert set(shop.members(name, serial)) == found[then]
            then = book.names[serial - 1].get(then, then)
