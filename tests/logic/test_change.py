from __future__ import annotations

import itertools
from random import Random

import pytest

from segctl.logic.change import smallest_change
from segctl.logic.circuit import circuit
from segctl.logic.nodes import All, Any, Bucket, Everyone, Node, Not, OneOf, Reference, Value
from segctl.logic.outcome import Outcome

NAMES = "abcdefgh"


def leaf(name: str) -> Node:
    return Value((name,), OneOf(("x",)))


def told(node: Node, true: frozenset[str]) -> Outcome:
    """The outcome of a tree over leaves of which some hold."""
    match node:
        case All(of) | Any(of):
            parts = tuple(told(part, true) for part in of)
            join = all if isinstance(node, All) else any
            return Outcome(node, join(part.holds for part in parts), None, parts)
        case Not(of):
            part = told(of, true)
            return Outcome(node, not part.holds, None, (part,))
        case Value(path):
            return Outcome(node, path[0] in true)
        case _:
            return Outcome(node, holds=True)


def random_tree(rng: Random, depth: int) -> Node:
    if depth == 0 or rng.random() < 0.2:
        fixed: list[Node] = [Everyone(), Bucket(0, 9)]
        return leaf(rng.choice(NAMES)) if rng.random() < 0.8 else rng.choice(fixed)
    if rng.random() < 0.2:
        return Not(random_tree(rng, depth - 1))
    parts = tuple(random_tree(rng, depth - 1) for _ in range(rng.choice([1, 2, 3])))
    return All(parts) if rng.random() < 0.5 else Any(parts)


def names(outcome: Outcome) -> frozenset[str]:
    found = smallest_change(outcome)
    assert found is not None
    assert found.least
    return frozenset(one.outcome.node.path[0] for one in found.changes if isinstance(one.outcome.node, Value))


def brute_force(node: Node, true: frozenset[str]) -> int | None:
    """The size of the smallest set of leaves whose outcomes turn the tree round."""
    now = told(node, true).holds
    for size in range(len(NAMES) + 1):
        for chosen in itertools.combinations(NAMES, size):
            if told(node, true ^ frozenset(chosen)).holds is not now:
                return size
    return None


@pytest.mark.parametrize("seed", range(400))
def test_no_smaller_set_of_conditions_turns_the_outcome_round(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - not for secrets
    node = random_tree(rng, rng.choice([1, 2, 3]))
    true = frozenset(name for name in NAMES if rng.random() < 0.5)
    outcome, least = told(node, true), brute_force(node, true)
    if least is None:
        assert smallest_change(outcome) is None
    else:
        chosen = names(outcome)
        assert len(chosen) == least
        assert told(node, true ^ chosen).holds is not outcome.holds


def test_of_equal_ones_the_first_that_is_written_is_taken() -> None:
    assert names(told(Any((leaf("b"), leaf("a"))), frozenset())) == {"b"}


def test_one_condition_that_is_written_twice_is_one_change() -> None:
    either = All((Any((leaf("b"), leaf("a"))), Any((leaf("a"), leaf("c")))))
    assert names(told(either, frozenset())) == {"a"}


def test_a_condition_is_never_wanted_both_ways() -> None:
    node = All((Any((leaf("a"), leaf("b"))), Any((Not(leaf("a")), leaf("c")))))
    assert names(told(node, frozenset())) == {"b"}


def test_nothing_turns_everyone_round() -> None:
    assert smallest_change(told(Any((Everyone(), leaf("a"))), frozenset())) is None


def test_a_segment_that_is_opened_once_is_the_same_where_it_is_not() -> None:
    reference = Reference("segment", "s")
    opened = Outcome(reference, holds=False, children=(told(leaf("a"), frozenset()),))
    node = All((reference, Not(reference)))
    closed = Outcome(Not(reference), holds=True, children=(Outcome(reference, holds=False),))
    outcome = Outcome(node, holds=False, children=(opened, closed))
    assert smallest_change(outcome) is None
    assert len(circuit(outcome, wanted=True).leaves) == 1


def test_a_published_membership_changes_as_a_whole() -> None:
    reference = Reference("extension", "e")
    outcome = Outcome(reference, holds=True, children=(told(leaf("a"), frozenset()),), published_us=0)
    found = smallest_change(outcome)
    assert found is not None
    assert [one.outcome.node for one in found.changes] == [reference]
    assert [one.becomes for one in found.changes] == [False]


def test_a_search_that_takes_too_long_says_so() -> None:
    rng = Random(1)  # noqa: S311 - not for secrets
    clauses = tuple(
        Any(tuple(
            leaf(f"n{rng.randrange(60)}") if rng.random() < 0.6 else Not(leaf(f"n{rng.randrange(60)}"))
            for _ in range(5)
        ))
        for _ in range(400)
    )  # fmt: skip
    found = smallest_change(told(All(clauses), frozenset()))
    assert found is None or not found.least or len(found.changes) > 0
