"""History, of everything and of one resource, and two serials against each other; expected by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segctl.diagnostics import SegctlError
from segctl.progress import Silent
from segctl.report.diff import between, between_data
from segctl.report.history import history as table
from segctl.report.history import history_data
from segctl.report.history import serial as page
from segctl.report.json import dumps
from segctl.report.text import render
from segctl.state.origin import Origin
from segctl.workflow.apply import apply
from segctl.workflow.diff import Between, diff
from segctl.workflow.gc import Wanted, gc
from segctl.workflow.history import History, at, history
from segctl.workflow.request import Request, Run, Unasked
from segctl.workflow.rollback import rollback
from tests.apply.shop import ADULTS, BUYERS, NOON_US, Shop, run, segment

LATER = "2026-01-20T12:00:00Z"
SPENT = {"kind": "trait", "name": "spent", "value": {"event": "purchase", "count": {}}}


def older(age: int, **rest: object) -> dict[str, object]:
    return segment("adults", {"attribute": "age", "at_least": age}, **rest)


def back(shop: Shop, serial: int) -> int | None:
    done = rollback(shop.root, serial, Request(NOON_US), run(), review=Unasked(), progress=Silent())
    return done.outcome.serial


def collect(shop: Shop, keep: int) -> None:
    gc(shop.root, Wanted(keep), run(), NOON_US, Silent())


def counted(past: History) -> list[tuple[int, str, int, int]]:
    return [(entry.record.serial, entry.record.operation, entry.entered, entry.exited) for entry in past.entries]


def told(past: History, width: int = 200) -> list[list[str]]:
    return [line.split() for line in render(table(past), width=width, colour=False).splitlines()]


@pytest.fixture
def past(shop: Shop) -> Shop:
    """adults 18, buyers; adults 40; buyers removed; back to 1. Ages are 10 to 60, buyers a, b and c."""
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.define(older(40), BUYERS)
    shop.apply()
    shop.define(older(40))
    shop.apply()
    back(shop, 1)
    return shop


def test_totals_count_everybody_who_moved_and_who_was_removed(past: Shop) -> None:
    assert counted(history(past.root)) == [
        (4, "rollback", 5, 0), (3, "apply", 0, 3), (2, "apply", 0, 2), (1, "apply", 8, 0),
    ]  # fmt: skip
    assert counted(history(past.root, 2)) == [(4, "rollback", 5, 0), (3, "apply", 0, 3)]


def test_one_resource(past: Shop) -> None:
    found = history(past.root, name="buyers")
    assert found.key == ("segment", "buyers")
    moves = [(e.record.serial, m.what, m.entered, m.exited) for e in found.entries for m in e.moves]
    assert moves == [(4, "create", 3, 0), (3, "delete", 0, 3), (1, "create", 3, 0)]
    assert counted(history(past.root, 1, "segment.buyers")) == [(4, "rollback", 3, 0)]
    with pytest.raises(SegctlError, match="there is no `byers`") as wrong:
        history(past.root, name="byers")
    assert wrong.value.hint == "did you mean `buyers`?"


def test_a_resource_is_followed_through_its_names(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define({**older(40), "name": "grown", "moved": {"from": "adults"}})
    shop.apply()
    for name in ("grown", "adults"):
        found = history(shop.root, name=name)
        names = [(e.record.serial, m.key[1], m.entered, m.exited) for e in found.entries for m in e.moves]
        assert (found.key, names) == (("segment", "grown"), [(2, "grown", 0, 2), (1, "adults", 5, 0)])


def test_one_serial_in_full(past: Shop) -> None:
    run = Run(Origin("ada", "engine", 1, "", "", "c0ffee" * 6, "https://ci.example/7"), "line")
    past.define(older(60), BUYERS)
    request = Request(NOON_US, allow=("max_exit",), reason="only the eldest")
    apply(past.root, request, run, Unasked(), Silent())
    found = at(past.root, 5)
    said = render(page(found), width=100, colour=False)
    for part in ("serial 5  apply", "ada@engine", "c0ffee" * 6, "https://ci.example/7"):
        assert part in said
    assert said.splitlines()[-1].split() == ["segment", "adults", "update", "1", "0", "4"]
    assert found.records[0].plan is not None
    assert found.records[0].plan in said
    with pytest.raises(SegctlError, match="there is no serial 9: the serials are 1 to 5"):
        at(past.root, 9)


def test_what_was_let_pass_stands_below_with_its_reason(shop: Shop) -> None:
    shop.define(older(18, guards={"max_exit": "30%"}))
    shop.apply()
    shop.define(older(50, guards={"max_exit": "30%"}))
    request = Request(NOON_US, allow=("max_exit:adults",), reason="a new law")
    apply(shop.root, request, run(), Unasked(), Silent())
    assert ["serial", "2", "overrode", "max_exit:adults:", "a", "new", "law"] in told(history(shop.root))
    (record, _) = json.loads(dumps(history_data(history(shop.root))))["records"]
    assert record["overrides"] == [{"rule": "max_exit", "name": "adults", "reason": "a new law"}]


def test_the_table_fits_and_nothing_is_cut(past: Shop) -> None:
    lines = render(table(history(past.root)), width=60, colour=False).splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[-1].startswith("no room for: ")
    assert told(history(past.root))[1][3:6] == ["rollback", "to", "1"]


def test_collected_serials_are_told(past: Shop) -> None:
    collect(past, 2)
    assert counted(history(past.root)) == [(4, "rollback", 5, 0), (3, "apply", 0, 0)]
    last = render(table(history(past.root)), width=200, colour=False).splitlines()[-1]
    assert last == "kept from serial 3 on; serials 1 to 2 were collected by `segctl gc`"
    (lost,) = [move for move in history(past.root, name="adults").entries[0].moves if move.key[1] == "adults"]
    assert (lost.entered, lost.exited) == (2, 0)
    assert history_data(history(past.root))["kept_from"] == 3
    with pytest.raises(SegctlError, match="serial 2 is not kept any more"):
        at(past.root, 2)
    with pytest.raises(SegctlError, match="serial 1 is not kept any more"):
        diff(past.root, 1)
    with pytest.raises(SegctlError, match="serial 2 is not kept any more"):
        back(past, 2)
    with pytest.raises(SegctlError, match="serial 2 is not kept any more"):
        past.members("adults", 2)


def test_who_exited_with_what_was_removed_is_unknown_without_the_serial_before(past: Shop) -> None:
    collect(past, 2)
    (move,) = at(past.root, 3).entries[0].moves
    assert (move.what, move.exited) == ("delete", None)
    assert render(page(at(past.root, 3)), width=100, colour=False).splitlines()[-1].endswith("?")


def test_a_trait_tells_whose_values_changed(shop: Shop) -> None:
    shop.define(SPENT)
    shop.apply()
    shop.events("a,purchase,12")
    shop.refresh(LATER)
    (now, then) = history(shop.root, name="spent").entries
    assert [e.moves[0].values and e.moves[0].values.changed for e in (now, then)] == [1, 6]
    assert told(history(shop.root, name="spent"))[1][-5:] == ["6", "1", "changed", "ada@engine", "abc"]


def test_no_history(shop: Shop) -> None:
    shop.define(ADULTS)
    assert history(shop.root).entries == ()
    assert told(history(shop.root)) == [["nothing", "has", "been", "applied", "yet"]]
    with pytest.raises(SegctlError, match="there is no serial 1: nothing has been applied yet"):
        diff(shop.root, 1)


# --- two serials ------------------------------------------------------------------------------------------


def effects(found: Between) -> dict[str, tuple[str, int, int, int, int]]:
    return {
        c.key[1]: (str(c.action), c.members.before, c.members.after, c.members.entered, c.members.exited)
        for c in found.changes
        if c.members is not None
    }


def test_two_serials(past: Shop) -> None:
    assert effects(diff(past.root, 1, 3)) == {"adults": ("update", 5, 3, 0, 2), "buyers": ("delete", 3, 0, 0, 3)}
    assert effects(diff(past.root, 3, 1)) == {"adults": ("update", 3, 5, 2, 0), "buyers": ("create", 0, 3, 3, 0)}
    assert effects(diff(past.root, 1)) == {}
    assert diff(past.root, 1).unchanged == 2
    (field_,) = next(c for c in diff(past.root, 1, 2).changes).diff
    assert (field_.path, field_.before, field_.after) == ("where[0].at_least", 18, 40)


def test_two_serials_of_one_definition_differ_by_data(shop: Shop) -> None:
    shop.define(BUYERS, SPENT)
    shop.apply()
    shop.events("d,purchase,15", "e,visit,15")
    shop.refresh(LATER)
    found = diff(shop.root, 1, 2)
    change, spent = found.changes
    assert change.members is not None
    assert spent.values is not None
    assert (change.reasons, change.members.by_data.entered, change.members.by_definition.entered) == (("data",), 1, 0)
    assert (spent.values.by_data, spent.values.by_definition) == (1, 0)


def test_two_serials_with_a_rename_between_them(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define({**older(40), "name": "grown", "moved": {"from": "adults"}})
    shop.apply()
    back(shop, 1)
    assert effects(diff(shop.root, 1, 2)) == {"grown": ("update", 5, 3, 0, 2)}
    assert effects(diff(shop.root, 2, 1)) == {"adults": ("update", 3, 5, 2, 0)}
    assert effects(diff(shop.root, 2, 3)) == {"adults": ("update", 3, 5, 2, 0)}
    assert effects(diff(shop.root, 3, 2)) == {"grown": ("update", 5, 3, 0, 2)}
    assert effects(diff(shop.root, 1, 3)) == {}


def test_how_two_serials_read(past: Shop) -> None:
    assert render(between(diff(past.root, 1, 3)), width=100, colour=False) == (
        "shop, from serial 1 to serial 3\n"
        "as of 2026-01-10 12:00 UTC → 2026-01-10 12:00 UTC\n"
        "\n"
        "  ~ segment adults  its meaning changes\n"
        "      where[0].at_least: 18 → 40\n"
        "      members: 5 → 3  -2 exited\n"
        "        by definition:  -2 exited\n"
        "  - segment buyers  3 members, removed (members kept in the history)\n"
        "\n"
        "0 created, 1 updated, 1 deleted, 0 unchanged.\n"
    )
    data = json.loads(dumps(between_data(diff(past.root, 1, 3))))
    assert (data["from"]["serial"], data["to"]["serial"], data["summary"]["delete"]) == (1, 3, 1)
    assert data["changes"][0]["members"]["exited"] == 2
    assert "No differences; 2 definitions unchanged." in render(between(diff(past.root, 4)), width=100, colour=False)


# --- random ways, with rollbacks on them ------------------------------------------------------------------

USERS = "abcdef"
AGES = st.dictionaries(st.sampled_from(USERS), st.integers(0, 9), min_size=1)
STEPS = st.lists(st.tuples(AGES, st.none() | st.integers(0, 9), st.sampled_from("arb"), st.integers(0, 9)), max_size=5)


@dataclass
class Book:
    """Per serial who is published, the limit that is applied and the day it is as of; None where it is not there."""

    serials: list[tuple[set[str] | None, int | None, int]] = field(default_factory=list)


@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_deltas_and_differences_are_what_sets_say(steps: list[tuple[dict[str, int], int | None, str, int]]) -> None:
    with TemporaryDirectory() as folder:
        shop, book = Shop(Path(folder)), Book()
        for day, (ages, limit, what, which) in enumerate(steps, start=1):
            shop.users(*(f"{user},{age}" for user, age in sorted(ages.items())))
            shop.events()
            _do(shop, book, (ages, limit, what, which), day)
        _check(shop, book)


def _do(shop: Shop, book: Book, step: tuple[dict[str, int], int | None, str, int], day: int) -> None:
    ages, limit, what, which = step
    if what == "b" and book.serials:
        serial = which % len(book.serials) + 1
        wanted = book.serials[serial - 1]
        done = back(shop, serial)
        assert done == (None if wanted == book.serials[-1] else len(book.serials) + 1)
        book.serials += [wanted] if done else []
    elif what == "r" and book.serials:
        _, limit, _ = book.serials[-1]
        shop.refresh(f"2026-02-{day:02}")
        book.serials.append((_old_enough(ages, limit), limit, day))
    else:
        some = [] if limit is None else [segment("some", {"attribute": "age", "at_least": limit})]
        shop.define(segment("all", {"everyone": True}), *some)
        done = shop.apply(f"2026-02-{day:02}").serial
        same = book.serials[-1:] and book.serials[-1][1] == limit
        assert bool(done) is not bool(same)
        book.serials += [(_old_enough(ages, limit), limit, day)] if done else []


def _old_enough(ages: dict[str, int], limit: int | None) -> set[str] | None:
    return None if limit is None else {user for user, age in ages.items() if age >= limit}


def _check(shop: Shop, book: Book) -> None:
    sets = [found or set() for found, _, _ in book.serials]
    for serial, (found, _, _) in enumerate(book.serials, start=1):
        was = sets[serial - 2] if serial > 1 else set()
        if found is not None:
            assert set(shop.members("some", serial)) == found
            assert tuple(map(set, shop.moved("some", serial))) == (found - was, was - found)
        for other in range(1, len(sets) + 1):
            then, now = sets[serial - 1], sets[other - 1]
            told = effects(diff(shop.root, serial, other)).get("some")
            expected = (len(then), len(now), len(now - then), len(then - now))
            assert told is None or told[1:] == expected
            assert told is not None or then == now
