"""Made-up users with ids that say what they show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from segctl.edges.cells import Cells, Whole
from segctl.edges.examples import Example
from segctl.edges.stage import shared
from segctl.logic import bound
from segctl.logic.interpret import bucket
from segctl.logic.interpret_messages import BUCKETS, in_share

_LONGEST_ID = 60
_MOST_NUMBERS = 200_000
"""So many ids are tried for a bucket: of 10,000 buckets one is missed once in 500 million times."""


@dataclass(frozen=True)
class Person:
    """A user who has got an id."""

    id: str
    example: Example


Hashed = bound.Bucket | bound.Share
"""Conditions that the hash of an id decides."""


def named(examples: Iterable[Example], hashed: Sequence[Hashed]) -> tuple[Person, ...]:
    """The users with ids that say what they show; where a hash decides, a number behind the id makes it so."""
    decisive = _avoidable(hashed)
    taken: set[str] = set()
    people: list[Person] = []
    for example in examples:
        name = _slug(example.words.partition(";")[0])
        for number in range(_MOST_NUMBERS):
            tried = name if not number else f"{name}_{number + 1}"
            if tried not in taken and _fits(tried, example.cells, decisive):
                break
        taken.add(tried)
        people.append(Person(tried, example))
    return tuple(people)


def _avoidable(hashed: Sequence[Hashed]) -> list[Hashed]:
    """Without the buckets, if no bucket is outside of all."""
    ranges = [leaf for leaf in hashed if isinstance(leaf, bound.Bucket)]
    free = any(not any(leaf.low <= number <= leaf.high for leaf in ranges) for number in range(BUCKETS))
    return [leaf for leaf in hashed if free or not isinstance(leaf, bound.Bucket)]


def _fits(name: str, cells: Cells, hashed: Iterable[Hashed]) -> bool:
    """Whether the id's hashes are as decided; where nothing is, in no range that a condition asks for."""
    wanted = cells.get(Whole.BUCKET)
    if wanted is not None and bucket(name) != wanted:
        return False
    for leaf in hashed:
        if isinstance(leaf, bound.Share):
            if in_share(leaf, name) is not bool(cells.get(shared(leaf))):
                return False
        elif wanted is None and leaf.low <= bucket(name) <= leaf.high:
            return False
    return True


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"-(?=\d)", "minus ", plain)).strip("_")
    return name[:_LONGEST_ID].rstrip("_") or "user"
