"""Made-up users with ids that say what they show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from segctl.edges.cells import Whole
from segctl.edges.examples import Example
from segctl.logic import bound
from segctl.logic.interpret import BUCKETS, bucket

_LONGEST_ID = 60
_MOST_NUMBERS = 200_000
"""So many ids are tried for a bucket: of 10,000 buckets one is missed once in 500 million times."""


@dataclass(frozen=True)
class Person:
    """A user who has got an id."""

    id: str
    example: Example


def named(examples: list[Example], ranges: Sequence[bound.Bucket]) -> tuple[Person, ...]:
    """The users with ids that say what they show; their buckets are reached by a number behind the id."""
    avoided = _avoidable(ranges)
    taken: set[str] = set()
    people: list[Person] = []
    for example in examples:
        name = _slug(example.words)
        wanted = example.cells.get(Whole.BUCKET)
        for number in range(_MOST_NUMBERS):
            tried = name if not number else f"{name}_{number + 1}"
            if tried not in taken and _in_bucket(tried, wanted, avoided):
                break
        taken.add(tried)
        people.append(Person(tried, example))
    return tuple(people)


def _avoidable(ranges: Iterable[bound.Bucket]) -> list[bound.Bucket]:
    """The ranges, unless no bucket is outside of all."""
    found = list(ranges)
    free = any(not any(leaf.low <= number <= leaf.high for leaf in found) for number in range(BUCKETS))
    return found if free else []


def _in_bucket(name: str, wanted: object, ranges: Sequence[bound.Bucket]) -> bool:
    """Whether the id lies in this bucket; if it is all the same, in none that a condition asks for."""
    found = bucket(name)
    return found == wanted if wanted is not None else not any(leaf.low <= found <= leaf.high for leaf in ranges)


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"-(?=\d)", "minus ", plain)).strip("_")
    return name[:_LONGEST_ID].rstrip("_") or "user"
