from __future__ import annotations

from dataclasses import replace

from segctl.apply.next_record import Publication, Stamp, next_record
from segctl.apply.steps import MoveHead, WriteMembership, WritePopulation, WriteRecord, steps
from segctl.plan.plan import Action, Basis, Change, Members, Movement, Plan, Reason
from segctl.state import written
from segctl.state.membership import pack
from segctl.state.record import Author, Definition, Head, Record
from tests.state.builders import NOON, membership, population, record, snapshot

VIP, WIN, OLD = ("segment", "vip"), ("campaign", "win"), ("segment", "old")
PEOPLE = population("abcd")
PACKED = pack(membership(PEOPLE, "abc"))
DEFINITION = Definition({"kind": "segment"}, "own", "deep", "meta")
STAMP = Stamp(NOON + 7, Author("bob", "ci", None), "fresh")
BASIS = Basis("shop", "line", 4, NOON + 5, "defs", "data")


def publication(**packed: bool) -> Publication:
    evaluated = packed.get("evaluated", True)
    return Publication(
        project={"name": "shop"},
        definitions={VIP: DEFINITION, WIN: DEFINITION},
        memberships={VIP: PACKED} if evaluated else {},
        variants={VIP: ()},
        population=PEOPLE.digest if evaluated else None,
        data="data",
    )


def plan(*changes: Change, operation: str = "apply") -> Plan:
    return Plan(operation, BASIS, changes, unchanged=0)


def before() -> Record:
    return replace(record(4), snapshots={OLD: snapshot(2, "o"), WIN: snapshot(3, "w")}, archived={VIP: 1})


def test_the_first_record_names_the_state() -> None:
    made = next_record(None, None, plan(Change(VIP, Action.CREATE)), publication(), STAMP)
    assert (made.serial, made.lineage, made.previous, made.operation) == (1, "fresh", None, "apply")
    assert (made.as_of_us, made.created_us, made.author) == (NOON + 5, NOON + 7, STAMP.author)
    assert (made.population, made.data) == (PEOPLE.digest, "data")


def test_what_is_published_is_new_and_the_rest_stays() -> None:
    effect = Members(3, 3, Movement(1, 1), Movement(1, 1))
    changes = Change(VIP, Action.CREATE, members=effect), Change(OLD, Action.DELETE)
    made = next_record(before(), "digest", plan(*changes), publication(), STAMP)
    assert (made.serial, made.lineage, made.previous) == (5, "line", "digest")
    assert set(made.snapshots) == {VIP, WIN}
    assert made.snapshots[WIN] == snapshot(3, "w")
    new = made.snapshots[VIP]
    assert (new.serial, new.as_of_us, new.membership, new.members) == (5, NOON + 5, PACKED.digest, 3)
    assert (new.entered, new.exited) == (2, 2)
    assert made.changes == {VIP: "create", OLD: "delete"}
    assert made.archived == {OLD: 4}


def test_without_an_evaluation_the_instant_and_the_data_stay() -> None:
    made = next_record(before(), "digest", plan(Change(WIN, Action.UPDATE)), publication(evaluated=False), STAMP)
    assert (made.as_of_us, made.population, made.data) == (NOON, "p", "d")


def test_a_refresh_publishes_those_too_who_do_not_move() -> None:
    made = next_record(before(), "digest", plan(operation="refresh"), publication(), STAMP)
    assert made.changes == {}
    assert (made.snapshots[VIP].serial, made.snapshots[VIP].entered) == (5, 0)
    moved = Change(VIP, Action.UPDATE, (Reason.DATA,), members=Members(2, 3, by_data=Movement(1)))
    made = next_record(before(), "digest", plan(moved, operation="refresh"), publication(), STAMP)
    assert made.changes == {VIP: "refresh"}
    assert made.snapshots[VIP].entered == 1


def test_the_head_moves_last() -> None:
    made = record(5)
    head = Head("line", 4, "before")
    _, digest = written.write_record(made)
    assert steps(head, made, PEOPLE, {VIP: PACKED}) == (
        WritePopulation(PEOPLE.digest, PEOPLE),
        WriteMembership(VIP, PACKED),
        WriteRecord(5, digest, made),
        MoveHead(head, Head("line", 5, digest)),
    )
    assert [type(step) for step in steps(None, made, None, {})] == [WriteRecord, MoveHead]
