"""Small worlds of a few instants for sequences, and law 8 read word by word over all chains of rows there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from random import Random

from segctl.logic import bound
from segctl.logic.bound import At, Column, Equals, Everyone, Rows, Scope, Step, ValueTest
from segctl.logic.interpret import Row, User, World, matching
from segctl.logic.nodes import Ago
from segctl.logic.types import Scalar, Schema, Type

AS_OF = 12
NAMES = ("a", "b", "c")
COLOR = Column(Scope.PROPERTY, ("color",), Scalar.STRING)
TYPES: dict[str, Type] = {"color": Scalar.STRING}
SCHEMA = Schema("UTC", {}, dict.fromkeys(NAMES, TYPES))


def random_users(rng: Random, count: int, rows: int = 7) -> list[User]:
    """Users with few rows at few instants, some of them at or after as_of."""
    return [User(f"u{number}", {}, _events(rng, rng.randint(1, rows))) for number in range(count)]


def long_lives(rng: Random, count: int, as_of: int) -> list[User]:
    """Users with more rows at more instants, up to an instant."""
    return [
        User(f"u{number}", {}, [
            Row(rng.choice(NAMES), rng.randint(0, as_of + 2), {"color": rng.choice("rg")})
            for _ in range(rng.choice([3, 10, 25]))
        ])
        for number in range(count)
    ]  # fmt: skip


def stretched(sequence: bound.Sequence, rng: Random, by: int) -> bound.Sequence:
    """The same steps with limits up to so many times as long."""

    def longer(limit: int | None) -> int | None:
        return None if limit is None else limit * rng.randint(1, by)

    steps = tuple(replace(step, within_us=longer(step.within_us)) for step in sequence.steps)
    return bound.Sequence(steps, longer(sequence.complete_within_us))


def _events(rng: Random, count: int) -> list[Row]:
    last = rng.choice([1, 3, 6, AS_OF + 1])
    names = rng.choice([NAMES, NAMES, NAMES[:2], NAMES[:1]])
    return [Row(rng.choice(names), rng.randint(0, last), {"color": rng.choice("rg")}) for _ in range(count)]


def random_sequence(rng: Random) -> bound.Sequence:
    """Steps that share names and rows, limits of nothing, several `no` in a row, windows on any step."""
    steps = [Step(_rows(rng, window=0.3))]
    for _ in range(rng.choice([1, 1, 2, 2, 3, 4])):
        within = rng.choice([None, None, 0, 1, 2, 3, 8])
        if rng.random() < 0.4:
            steps.append(Step(_rows(rng, window=0.05), absent=True, within_us=within))
        else:
            more = rng.choice([None, None, None, 0, 1])
            later = within is None or more is None or more < within
            steps.append(Step(_rows(rng, window=0.1), more_than_us=more if later else None, within_us=within))
    return bound.Sequence(tuple(steps), rng.choice([None, None, 0, 1, 2, 3, 5]))


def _rows(rng: Random, window: float) -> Rows:
    names = rng.choice([("a",), ("a",), ("b",), ("b",), ("c",), ("a", "b"), ("b", "c"), NAMES])
    where = ValueTest(COLOR, Equals((rng.choice("rg"),))) if rng.random() < 0.3 else Everyone()
    if rng.random() >= window:
        return Rows(names, where)
    start, end = sorted(rng.sample(range(AS_OF + 2), 2))
    return Rows(names, where, rng.choice([None, At(start), Ago(AS_OF - start)]), rng.choice([None, At(end)]))


def by_every_chain(sequence: bound.Sequence, user: User, as_of: int = AS_OF) -> bool:
    """Whether any choice of rows, one for each step, is as the law says."""
    events = list(enumerate(user.events))
    found = [
        [(n, row) for n, row in events if matching(step.rows, User("", {}, [row]), World(as_of))]
        for step in sequence.steps
    ]
    present = [number for number, step in enumerate(sequence.steps) if not step.absent]
    return any(
        _lawful(sequence, dict(zip(present, chain, strict=True)), found, as_of)
        for chain in product(*(found[number] for number in present))
    )


Numbered = tuple[int, Row]


def _lawful(sequence: bound.Sequence, chain: dict[int, Numbered], found: Sequence[list[Numbered]], as_of: int) -> bool:
    numbers = [number for number, _ in chain.values()]
    times = [row.time_us for _, row in chain.values()]
    complete = sequence.complete_within_us
    if len(set(numbers)) < len(numbers) or (complete is not None and times[-1] - times[0] > complete):
        return False
    return all(_step_holds(sequence.steps, at, chain, found, as_of) for at in range(1, len(sequence.steps)))


def _step_holds(
    steps: Sequence[Step], at: int, chain: dict[int, Numbered], found: Sequence[list[Numbered]], as_of: int
) -> bool:
    step = steps[at]
    before = next(chain[number][1].time_us for number in range(at - 1, -1, -1) if number in chain)
    if not step.absent:
        passed = chain[at][1].time_us - before
        more = -1 if step.more_than_us is None else step.more_than_us
        return more < passed and (step.within_us is None or passed <= step.within_us)
    follower = next((number for number in range(at + 1, len(steps)) if number in chain), None)
    aside = {row for number, (row, _) in chain.items() if number < at}
    if step.within_us is not None:
        end = before + step.within_us
    elif follower is not None:
        end = chain[follower][1].time_us
        aside.add(chain[follower][0])
    else:
        end = as_of
    counted = [row.time_us for number, row in found[at] if number not in aside]
    return not any(before <= time <= end for time in counted) and (step.within_us is None or end < as_of)


def worlds(seeds: range) -> Iterator[tuple[int, Random, list[User]]]:
    """A world for each seed."""
    for seed in seeds:
        rng = Random(seed)  # noqa: S311 - not for secrets
        yield seed, rng, random_users(rng, rng.choice([5, 20]))


def events_of(text: str) -> list[Row]:
    """Rows written as `a1 b2 c2`: a name, and its instant."""
    return [Row(one[0], int(one[1:]), {"color": "r"}) for one in text.split()]
