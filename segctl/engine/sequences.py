"""Sequences over a shard: who has a chain of rows (law 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from segctl.engine.chain_search import has_chain
from segctl.engine.chains import Form, Gap, Rules, Timed, chained
from segctl.engine.plan import Chained, Link
from segctl.engine.rows import ShardRows
from segctl.engine.source import Bits
from segctl.engine.timeline import Timeline, timeline


def holds(sequence: Chained, rows: ShardRows) -> Bits:
    """Who has a chain of rows, one boolean per user of the shard."""
    line = timeline(sequence.links, rows)
    if line is None:
        return np.zeros(rows.shard.size, dtype=np.bool_)
    form = _form(sequence, line, rows.plan.as_of_us)
    if _exact(sequence, line):
        return chained(line, form, Rules.PAIRS)
    possible = chained(line, form, Rules.LOOSE)
    certain = chained(line, form, Rules.STRICT)
    for user in np.flatnonzero(possible & ~certain).tolist():
        certain[user] = has_chain(line, sequence, user, rows.plan.as_of_us)
    return certain


# --- the form ---------------------------------------------------------------------------------------


def gaps_of(links: Sequence[Link]) -> Iterator[tuple[int | None, tuple[int, ...]]]:
    """The number of each link that is not absent, but the first, with those of the absent ones before it; the end."""
    absent: tuple[int, ...] = ()
    for number, link in enumerate(links[1:], 1):
        if link.absent:
            absent = (*absent, number)
        else:
            yield number, absent
            absent = ()
    yield None, absent


def _form(sequence: Chained, line: Timeline, as_of_us: int) -> Form:
    gaps = [_gap(sequence, line, gap) for gap in gaps_of(sequence.links)]
    return Form(line.places(0), gaps, sequence.complete_within_us, as_of_us)


def _gap(sequence: Chained, line: Timeline, gap: tuple[int | None, tuple[int, ...]]) -> Gap:
    number, absent = gap
    links = sequence.links
    between = _any_of(line, [n for n in absent if links[n].within_us is None])
    timed = [_timed(sequence, line, n, limit) for n in absent if (limit := links[n].within_us) is not None]
    rows = None if number is None else line.places(number)
    link = Link(links[0].rows) if number is None else links[number]
    return Gap(rows, link.more_than_us, link.within_us, np.flatnonzero(between), between, timed)


def _timed(sequence: Chained, line: Timeline, number: int, limit_us: int) -> Timed:
    matched = line.of_link[number]
    earlier = _any_of(line, [n for n, link in enumerate(sequence.links[:number]) if not link.absent])
    return Timed(line.places(number), matched, np.flatnonzero(matched & ~earlier), limit_us)


def _any_of(line: Timeline, numbers: Sequence[int]) -> Bits:
    found = np.zeros(len(line), dtype=np.bool_)
    for number in numbers:
        found |= line.of_link[number]
    return found


# --- whether looking at pairs of rows is enough -------------------------------------------------------


def _exact(sequence: Chained, line: Timeline) -> bool:
    """Whether a row and the next one decide all: no others of the chain can be the same, or be set aside."""
    links = sequence.links
    steps = [number for number, link in enumerate(links) if not link.absent]
    if any(_share(line, one, other) for n, one in enumerate(steps) for other in steps[n + 2 :]):
        return False
    return all(
        _aside_exactly(sequence, line, absent, (steps[: n + 1], steps[n + 1 : n + 2]))
        for n, (_, absent) in enumerate(gaps_of(links))
    )


def _aside_exactly(
    sequence: Chained, line: Timeline, absent: Sequence[int], around: tuple[Sequence[int], Sequence[int]]
) -> bool:
    """Whether pairs tell which rows of the `no` links are set aside; `around` are the steps before, and the next one.

    They do not where steps before the last one match such rows. Nor where a row of a `no` without a limit may be
    either of the pair: then two rows at one instant may both be set aside.
    """
    before, following = around
    endless = [no for no in absent if sequence.links[no].within_us is None]
    if any(_share(line, step, no) for step in before[:-1] for no in absent):
        return False
    either = any(_share(line, before[-1], no) for no in endless)
    return not (either and any(_share(line, step, no) for step in following for no in endless))


def _share(line: Timeline, one: int, other: int) -> bool:
    """Whether any row is of both."""
    return bool((line.of_link[one] & line.of_link[other]).any())
