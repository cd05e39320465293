"""Mutated definition files by the hundred thousand: `python -m benchmarks.fuzz --files 100000 --seed 1`.

Each file goes through what `segctl validate` does without data (load, graph, logic), in a worker whose
peak of resident memory is taken anew for every file. Seconds are those of the processor, as nothing is
waited for. A file that raises anything, takes more than 2 seconds, or more than 500 MB, or ends its worker,
or keeps it silent for long, is kept with its bytes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from tests.load.looking import example, look_at
from tests.load.mutations import any_kind, corpus

SECONDS = 2.0
MEGABYTES = 500.0
_PATIENCE = 30.0
"""So long a worker may be silent before it is ended."""

_ADDRESS_SPACE = 8 << 30
"""More than any file may need; it protects the machine."""

_TELL = 5_000
_AT_ONCE = 200


@dataclass(frozen=True)
class Look:
    """What came of one file: seconds, peak of resident memory, how many diagnostics, and what went wrong."""

    number: int
    seconds: float
    megabytes: float
    diagnostics: int = 0
    fault: str = ""

    @property
    def wrong(self) -> str:
        """What is wrong, nothing if nothing is."""
        if self.fault:
            return self.fault
        if self.seconds > SECONDS:
            return f"{self.seconds:.1f} seconds"
        return f"{self.megabytes:.0f} MB" if self.megabytes > MEGABYTES else ""


def content(seed: int, number: int, texts: list[str]) -> bytes:
    """The bytes of a file by its number."""
    return any_kind(texts, Random(f"{seed}/{number}"))  # noqa: S311 - not for secrets


def looked_at(number: int, raw: bytes) -> Look:
    """One file, in this process."""
    _forget_peak()
    started = time.process_time()
    found, fault = 0, ""
    try:
        found = len(look_at(raw))
    except Exception:  # noqa: BLE001 - it is what is looked for
        fault = traceback.format_exc()
    return Look(number, time.process_time() - started, _peak_megabytes(), found, fault)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_megabytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = re.search(r"VmHWM:\s+([0-9]+) kB", status)
    return int(peak[1]) / 1024 if peak else 0.0


def _work(connection: Connection, seed: int) -> None:
    """The life of a worker: numbers in, looks out."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    texts = corpus()
    example()
    look_at(b"")
    while True:
        number = connection.recv()
        connection.send(looked_at(number, content(seed, number, texts)))


@dataclass
class _Lane:
    """One worker at a time, and what it is asked."""

    seed: int
    process: BaseProcess | None = None
    connection: Connection | None = None

    def look(self, number: int) -> Look:
        """The look at a file; where the worker dies or is silent for too long, that is the fault."""
        connection = self.connection or self._started()
        started = time.perf_counter()
        try:
            connection.send(number)
            if connection.poll(_PATIENCE):
                found: Look = connection.recv()
                return found
            fault = f"no answer in {_PATIENCE:.0f} seconds"
        except (EOFError, OSError) as error:
            fault = f"the worker died: {error!r}"
        self.stop()
        return Look(number, time.perf_counter() - started, 0, fault=fault)

    def _started(self) -> Connection:
        spawn = multiprocessing.get_context("spawn")
        self.connection, theirs = spawn.Pipe()
        self.process = spawn.Process(target=_work, args=(theirs, self.seed), daemon=True)
        self.process.start()
        theirs.close()
        return self.connection

    def stop(self) -> None:
        """End the worker."""
        if self.process is not None and self.connection is not None:
            self.process.kill()
            self.process.join()
            self.connection.close()
        self.process = self.connection = None


@dataclass
class Summary:
    """What all files came to."""

    files: int = 0
    clean: int = 0
    slowest: Look = field(default_factory=lambda: Look(-1, 0, 0))
    largest: Look = field(default_factory=lambda: Look(-1, 0, 0))
    wrong: list[Look] = field(default_factory=list)

    def add(self, look: Look) -> None:
        """Count one file."""
        self.files += 1
        self.clean += not look.diagnostics
        self.slowest = max(self.slowest, look, key=lambda one: one.seconds)
        self.largest = max(self.largest, look, key=lambda one: one.megabytes)
        self.wrong += [look] if look.wrong else []

    def __str__(self) -> str:
        return (
            f"{self.files:,} files, {len(self.wrong)} wrong, {self.clean:,} without a diagnostic; "
            f"slowest {self.slowest.seconds:.2f} s (file {self.slowest.number}), "
            f"largest {self.largest.megabytes:.0f} MB (file {self.largest.number})"
        )


def _one_by_one(lane: _Lane, numbers: range) -> list[Look]:
    return [lane.look(number) for number in numbers]


def _looks(numbers: range, seed: int, workers: int) -> Iterator[Look]:
    lanes = [_Lane(seed) for _ in range(workers)]

    step = _AT_ONCE * workers
    with ThreadPoolExecutor(workers) as pool:
        for start in range(0, len(numbers), step):
            part = numbers[start : start + step]
            for looks in [pool.submit(_one_by_one, lane, part[n::workers]) for n, lane in enumerate(lanes)]:
                yield from looks.result()
    for lane in lanes:
        lane.stop()


def main() -> int:
    """Look at all files, tell how far it is, keep what is wrong; 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first file")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="the folder of what is wrong")
    options = parser.parse_args()
    started, summary, texts = time.monotonic(), Summary(), corpus()
    for look in _looks(range(options.first, options.first + options.files), options.seed, options.workers):
        summary.add(look)
        if look.wrong:
            print(f"file {look.number}: {look.wrong}")
            options.keep.mkdir(parents=True, exist_ok=True)
            path = options.keep / f"{options.seed}-{look.number}.yaml"
            path.write_bytes(content(options.seed, look.number, texts))
        if summary.files % _TELL == 0 or summary.files == options.files:
            print(f"{summary}; {time.monotonic() - started:.0f} s", flush=True)
    return int(bool(summary.wrong))


if __name__ == "__main__":
    sys.exit(main())
