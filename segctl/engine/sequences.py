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
    gaps = list(gaps_of(sequence.links))
    made = [_gap(sequence, line, gap, len(gaps) - 1 - number) for number, gap in enumerate(gaps)]
    return Form(line.places(0), made, sequence.complete_within_us, as_of_us)


def _gap(sequence: Chained, line: Timeline, gap: tuple[int | None, tuple[int, ...]], later: int) -> Gap:
    number, absent = gap
    links = sequence.links
    between = _any_of(line, [n for n in absent if links[n].within_us is None])
    timed = [_timed(sequence, line, n, limit) for n in absent if (limit := links[n].within_us) is not None]
    rows = None if number is None else line.places(number)
    link = Link(links[0].rows) if number is None else links[number]
    return Gap(rows, link.more_than_us, link.within_us, np.flatnonzero(between), between, timed, later)


def _timed(sequence: Chained, line: Timeline, number: int, limit_us: int) -> Timed:
    matched = line.of_link[number]
    every = _any_of(line, [n for n, link in enumerate(sequence.links) if not link.absent])
    return Timed(line.places(number), matched, np.flatnonzero(matched & ~every), limit_us)


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
    return all(_aside_exactly(sequence, line, steps[n : n + 2], absent) for n, (_, absent) in enumerate(gaps_of(links)))


def _aside_exactly(sequence: Chained, line: Timeline, pair: Sequence[int], absent: Sequence[int]) -> bool:
    """Whether rows of the `no` between two steps are set aside for one of the two at most.

    Where all have limits, for both; but not where the next step is not the last and the first row's instant
    matters: then a chain that begins late may be bound to one row.
    """
    links = sequence.links
    steps = [number for number, link in enumerate(links) if not link.absent]
    shared = {(n, links[no].within_us is None) for no in absent for n in steps if _share(line, n, no)}
    if not {n for n, _ in shared} <= set(pair):
        return False
    if len({n for n, endless in shared if endless}) == 2:  # noqa: PLR2004 - both
        return False
    bound = (pair[-1], False) in shared and pair[-1] != steps[-1]
    return sequence.complete_within_us is None or not bound


def _share(line: Timeline, one: int, other: int) -> bool:
    """Whether any row is of both."""
    return bool((line.of_link[one] & line.of_link[other]).any())
