"""Definitions as of past instants: events as they were then, users' attributes and lists as they are today.

An extension is computed as of each instant, for what was published then is not asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from pydantic_core import PydanticCustomError

from segctl.diagnostics import Usage
from segctl.load.document import Key
from segctl.model.values import duration_us
from segctl.plan.backtest import MOST_POINTS, instants
from segctl.plan.plan import Backtest
from segctl.progress import Progress
from segctl.workflow.evaluate import Data, evaluate
from segctl.workflow.worlds import NEW, OLD, Label, Worlds

FEWEST_POINTS = 2


@dataclass(frozen=True, slots=True)
class Span:
    """How far to look back, in so many points."""

    length_us: int
    points: int


def span(length: str, points: int) -> Span:
    """What `--backtest LENGTH --backtest-points N` says.

    Raises:
        Usage: not a length of time, or too few or too many points.
    """
    try:
        length_us = duration_us(length)
    except PydanticCustomError as error:
        context = error.context or {}
        raise Usage(f"`--backtest {length}`: {context['summary']}", hint=context["hint"]) from None
    if not length_us:
        raise Usage(f"`--backtest {length}` is an empty range", hint="`--backtest 90d`")
    if not FEWEST_POINTS <= points <= MOST_POINTS:
        raise Usage(f"`--backtest-points {points}`: write a number from {FEWEST_POINTS} to {MOST_POINTS}")
    return Span(length_us, points)


def backtests(
    pair: Worlds, keys: Collection[Key], data: Data, asked: Span, progress: Progress
) -> Mapping[Key, Backtest]:
    """The sizes of the old and the new definitions at each instant; the index is the one that is open."""
    pair = replace(pair, new=replace(pair.new, given={}), old=None if pair.old is None else replace(pair.old, given={}))
    wanted = pair.targets(keys, data)
    if not wanted:
        return {}
    points = instants(data.as_of_us, asked.length_us, asked.points)
    sizes: dict[Label, list[int]] = {label: [] for label in wanted}
    for instant in points:
        found = evaluate(replace(data, as_of_us=instant), wanted, progress)
        for label, bits in found.memberships.items():
            sizes[label].append(int(bits.sum()))
    was = {key: tuple(found) for (world, key), found in sizes.items() if world == OLD}
    return {key: Backtest(points, was.get(key), tuple(sizes[NEW, key])) for key in keys}
