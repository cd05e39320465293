"""Sequences by law 8: by hand, and by every chain of rows there is."""

from __future__ import annotations

import pytest

from segctl.logic import bound
from segctl.logic.bound import At, Everyone, Rows, Sequence, Step
from segctl.logic.interpret import User, World, holds
from tests.logic.chains import AS_OF, by_every_chain, events_of, random_sequence, worlds


def step(name: str, within: int | None = None, more: int | None = None) -> Step:
    return Step(Rows((name,), Everyone()), more_than_us=more, within_us=within)


def no(name: str, within: int | None = None) -> Step:
    return Step(Rows((name,), Everyone()) if name else Rows((), Everyone()), absent=True, within_us=within)


AB = Sequence((step("a"), step("b")))
AB_WITHIN = Sequence((step("a"), step("b", within=3)))
AB_LATER = Sequence((step("a"), step("b", more=2)))
AA = Sequence((step("a"), step("a")))
A_NO_B = Sequence((step("a"), no("b")))
A_NO_B_WITHIN = Sequence((step("a"), no("b", within=4)))
A_NO_C_B = Sequence((step("a"), no("c"), step("b")))
A_NO_A_B = Sequence((step("a"), no("a"), step("b")))
A_NO_B_B = Sequence((step("a"), no("b", within=4), step("b")))
A_NO_B_UNLIMITED = Sequence((step("a"), no("b"), step("b")))
A_NO_B_C_B = Sequence((step("a"), no("b"), step("c"), step("b")))
A_NO_B_WITHIN_C_B = Sequence((step("a"), no("b", within=4), step("c"), step("b")))
B_A_NO_B_C = Sequence((step("b"), step("a"), no("b"), step("c")))
B_A_NO_B_WITHIN_C = Sequence((step("b"), step("a"), no("b", within=4), step("c")))
A_NO_B_THEN_C = Sequence((step("a"), no("b"), step("c"), no("b", within=2)))
A_TIME = Sequence((step("a"), no("", within=5)))
ABC_COMPLETE = Sequence((step("a"), step("b"), step("c")), complete_within_us=4)
WINDOW = Sequence((Step(Rows(("a",), Everyone(), At(4), At(6))), step("b")))

CASES: list[tuple[str, Sequence, str, bool]] = [
    ("in order", AB, "a1 b2", True),
    ("the order of rows is nothing", AB, "b2 a1", True),
    ("the wrong way round", AB, "b1 a2", False),
    ("the same instant is after", AB, "b2 a2", True),
    ("rows at as_of are not seen", AB, "a1 b12", False),
    ("a limit includes its end", AB_WITHIN, "a1 b4", True),
    ("beyond the limit", AB_WITHIN, "a1 b5", False),
    ("another first row is nearer", AB_WITHIN, "a1 a2 b5", True),
    ("more than is strict", AB_LATER, "a1 b3", False),
    ("more than it", AB_LATER, "a1 b4", True),
    ("one row is not two", AA, "a1", False),
    ("two rows at one instant are", AA, "a1 a1", True),
    ("nothing up to as_of", A_NO_B, "a1 b0", True),
    ("a no at the same instant", A_NO_B, "a1 b1", False),
    ("a later first row has none after it", A_NO_B, "a1 b2 a3", True),
    ("a no just within its limit", A_NO_B_WITHIN, "a1 b5", False),
    ("a no after its limit", A_NO_B_WITHIN, "a1 b6", True),
    ("a limit that ends at as_of has not run out", A_NO_B_WITHIN, "a8", False),
    ("a limit that ends before as_of has", A_NO_B_WITHIN, "a7", True),
    ("a no between two steps", A_NO_C_B, "a1 c2 b3", False),
    ("a no at the instant of the next step", A_NO_C_B, "a1 b3 c3", False),
    ("a no after the next step", A_NO_C_B, "a1 b3 c4", True),
    ("matched rows are set aside", A_NO_A_B, "a1 b3", True),
    ("other rows of that name are not", A_NO_A_B, "a1 a1 b3", False),
    ("the nearest row is chosen", A_NO_A_B, "a1 a2 b3", True),
    ("the next step's row counts against a no with a limit", A_NO_B_B, "a1 b3", False),
    ("also at the limit", A_NO_B_B, "a1 b5", False),
    ("and at the instant of the step before", A_NO_B_B, "a1 b1 b6", False),
    ("a next row after the limit", A_NO_B_B, "a1 b6", True),
    ("a row before the limit and one after it", A_NO_B_B, "a1 b3 b6", False),
    ("a later first row that has none within its limit", A_NO_B_B, "a1 b3 a4 b9", True),
    ("an earlier first row that has none within its limit", A_NO_B_B, "a1 a4 b7", True),
    ("without a limit the next step's row is set aside", A_NO_B_UNLIMITED, "a1 b3", True),
    ("at one instant there may be another", A_NO_B_UNLIMITED, "a1 b3 b3", False),
    ("the row of a step after the next one counts", A_NO_B_C_B, "a1 c3 b3", False),
    ("at a later instant it does not lie in the time", A_NO_B_C_B, "a1 c3 b4", True),
    ("it counts within a limit", A_NO_B_WITHIN_C_B, "a1 c3 b5", False),
    ("it does not after it", A_NO_B_WITHIN_C_B, "a1 c3 b6", True),
    ("rows of the steps before are set aside", B_A_NO_B_C, "b1 a1 c2", True),
    ("also with a limit", B_A_NO_B_WITHIN_C, "b1 a1 c2", True),
    ("others at that instant are not", B_A_NO_B_WITHIN_C, "b1 b1 a1 c2", False),
    ("two no steps with steps between", A_NO_B_THEN_C, "a1 c2 b5", True),
    ("the second no within its limit", A_NO_B_THEN_C, "a1 c2 b4", False),
    ("a no of what there is not still takes its time", A_TIME, "a7", False),
    ("and then holds", A_TIME, "a6", True),
    ("from the first row to the last", ABC_COMPLETE, "a1 b3 c5", True),
    ("longer than that", ABC_COMPLETE, "a1 b3 c6", False),
    ("with a later first row", ABC_COMPLETE, "a1 a2 b3 c6", True),
    ("the window is that of the first step", WINDOW, "a4 b9", True),
    ("a first row before the window", WINDOW, "a3 b5", False),
    ("a first row at the window's end", WINDOW, "a6 b7", False),
]


@pytest.mark.parametrize(("sequence", "events", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_law_8(sequence: Sequence, events: str, *, expected: bool) -> None:
    user = User("u", {}, events_of(events))
    assert holds(sequence, user, World(AS_OF)) is expected
    assert by_every_chain(sequence, user) is expected


def test_the_interpreter_agrees_with_every_chain_there_is() -> None:
    held = {True: 0, False: 0}
    for seed, rng, users in worlds(range(1_500)):
        sequence = random_sequence(rng)
        for user in users:
            found = holds(sequence, user, World(AS_OF))
            held[found] += 1
            assert found is by_every_chain(sequence, user), (seed, sequence, user)
    assert min(held.values()) > 1_000


def test_many_rows_take_no_more_than_their_pairs() -> None:
    user = User("u", {}, events_of(" ".join(f"a{n} b{n}" for n in range(200)) + " c0"))
    sequence: bound.Node = Sequence((*(step(name) for name in "abababab"), step("c")))
    assert not holds(sequence, user, World(1_000))
