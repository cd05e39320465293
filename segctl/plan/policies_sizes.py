"""The rule on sizes: how many members there may be, as a number or as a share of the population."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from segctl.load.document import Document, Key
from segctl.model.policy import Policy, Sizes
from segctl.plan.policies import about, policies_among
from segctl.plan.policies_subject import Finding


def wrong_sizes(documents: Mapping[Key, Document], sizes: Mapping[Key, int], population: int) -> tuple[Finding, ...]:
    """Whatever has, or would have, too few or too many members; what has no size is left out."""
    found: list[Finding] = []
    for policy in policies_among(documents).values():
        if policy.members is not None:
            for document in about(policy, documents):
                if document.key in sizes:
                    found += _wrong(policy, policy.members, document.key, (sizes[document.key], population))
    return tuple(found)


def _wrong(policy: Policy, limits: Sizes, key: Key, count: tuple[int, int]) -> Iterator[Finding]:
    members, population = count
    of = f" of {population:,} users ({100 * members / population:.1f} %)" if population else ""
    has = f"{key[0]} `{key[1]}` has {members:,} member{'' if members == 1 else 's'}{of}"
    if limits.at_least is not None and members < _number(limits.at_least, population):
        yield Finding(policy.name, key, f"{has}; it must have at least {limits.at_least}", "widen it")
    if limits.at_most is not None and members > _number(limits.at_most, population):
        yield Finding(policy.name, key, f"{has}; it may have at most {limits.at_most}", "narrow it")


def _number(limit: int | str, population: int) -> Fraction:
    if isinstance(limit, int):
        return Fraction(limit)
    return Fraction(limit.removesuffix("%")) / 100 * population
