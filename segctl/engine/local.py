"""Shards on this machine's cores: this process works too, other processes help it.

Threads would not do: counting (`np.bincount`, `np.add.at`) holds Python's lock, and two threads
count no faster than one. Processes are spawned rather than forked, for the libraries' own threads.
A helper ends when its pipe closes, so that none outlives a process that was killed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import pyarrow as pa

from segctl.diagnostics import SegctlError
from segctl.engine.plan import Plan, own_rows
from segctl.engine.shard import Answers, GivenBits, evaluate_shard
from segctl.engine.shared import Shared
from segctl.engine.source import Source
from segctl.index.reader import Index
from segctl.index.view import View
from segctl.progress import Progress

_ALONE = 5_000_000_000
"""So many rows times tallies take about as long as another process takes to start, and a few times more."""

_SORTED = 50
"""Rows that are sorted by user, for a sequence or a level of engagement, take as long as for so many tallies."""

GivenOf = Callable[[int], GivenBits]
"""The given memberships over the users of a shard."""


@dataclass(frozen=True)
class Task:
    """What is to be evaluated over which data."""

    plan: Plan
    source: Source
    given: GivenOf


@dataclass(frozen=True)
class Ticket:
    """The data for another process: the very index, not what an update may have made of its folder since."""

    index: Index
    as_of_us: int


@dataclass
class _Work:
    """Shards that wait for a process, and answers by shard."""

    task: Task
    progress: Progress
    waiting: deque[int]
    answers: dict[int, Answers] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def numbers(self) -> Iterator[int]:
        """Shards to do, one at a time, until none is left or a process has failed."""
        while True:
            try:
                yield self.waiting.popleft()
            except IndexError:
                return

    def done(self, number: int, answers: Answers) -> None:
        with self.lock:
            self.answers[number] = answers
            self.progress.advance()


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def helpful(plan: Plan, source: Source) -> int:
    """As many processes as there are cores, but one where starting another would not pay."""
    rows = sum(table.rows for table in source.index.report.tables.values()) if isinstance(source, View) else 0
    tallies = sum(len(work.tallies) for work in plan.work)
    sorted_rows = sum(len(own_rows(step)) for step in plan.steps)
    return cores() if rows * (tallies + _SORTED * sorted_rows) > _ALONE else 1


def run(task: Task, workers: int, progress: Progress) -> list[Answers]:
    """The answers of all shards in their order, by so many processes."""
    work = _Work(task, progress, deque(range(task.source.shards)))
    progress.start("evaluating", task.source.shards)
    helpers = min(workers, task.source.shards) - 1
    try:
        if helpers > 0 and isinstance(task.source, View):
            _with_helpers(work, Ticket(task.source.index, task.source.as_of_us), helpers)
        else:
            _inline(work)
    finally:
        progress.finish()
    return [work.answers[number] for number in range(task.source.shards)]


def _inline(work: _Work) -> None:
    shared = Shared(work.task.source)
    for number in work.numbers():
        shard = work.task.source.shard(number)
        work.done(number, evaluate_shard(work.task.plan, shard, shared, work.task.given(number)))


def _with_helpers(work: _Work, ticket: Ticket, helpers: int) -> None:
    """The helpers are gone before their lanes are waited for, so that an interrupt waits for no shard."""
    with ThreadPoolExecutor(helpers) as pool, _processes(work.task.plan, ticket, helpers) as connections:
        lanes = [pool.submit(_ask, work, connection) for connection in connections]
        try:
            _inline(work)
            for lane in lanes:
                lane.result()
        finally:
            work.waiting.clear()


@contextmanager
def _processes(plan: Plan, ticket: Ticket, count: int) -> Iterator[list[Connection]]:
    spawn = multiprocessing.get_context("spawn")
    processes: list[SpawnProcess] = []
    connections: list[Connection] = []
    try:
        for _ in range(count):
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=_help, args=(theirs, plan, ticket), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
            connections.append(ours)
        yield connections
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.join()
        for connection in connections:
            connection.close()


def _ask(work: _Work, connection: Connection) -> None:
    """Hand shards to a helper, one after the other."""
    try:
        for number in work.numbers():
            connection.send((number, work.task.given(number)))
            found = connection.recv()
            if isinstance(found, SegctlError):
                raise found
            if not isinstance(found, Answers):
                raise RuntimeError(found)  # noqa: TRY004 - it is the traceback of another process
            work.done(number, found)
    except (EOFError, OSError) as error:
        raise SegctlError(
            "a helper process died while evaluating", hint="perhaps for lack of memory; try with fewer workers"
        ) from error
    finally:
        work.waiting.clear()


def _help(connection: Connection, plan: Plan, ticket: Ticket) -> None:
    """The life of a helper: shards in, answers out, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)
    source = ticket.index.at(ticket.as_of_us)
    shared = Shared(source)
    try:
        while True:
            number, given = connection.recv()
            connection.send(_answered(plan, shared, number, given))
    except (EOFError, BrokenPipeError):
        return


def _answered(plan: Plan, shared: Shared, number: int, given: GivenBits) -> Answers | SegctlError | str:
    """A shard's answers, or an expected failure, or the traceback of what went wrong."""
    try:
        return evaluate_shard(plan, shared.source.shard(number), shared, given)
    except SegctlError as error:
        return error
    except Exception:  # noqa: BLE001 - it is raised again by the process that asked
        return traceback.format_exc()
