"""Members as Parquet: `python -m benchmarks.members`: 500 memberships of a million users, and one of them.

Processor time of whole processes (the least of some runs). DuckDB does the same from a table in its own file, whose
users are sorted by id and in which each membership is a column of booleans: `COPY` writes names and ids with the same
compression. With `--before CHECKOUT` another checkout's `segctl members` writes them too. All ids are compared with
the SQL of each definition.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq
import yaml

from benchmarks.data import COUNTRIES, Size, users
from benchmarks.sql import Compiler

HERE = Path(__file__).resolve().parents[1]
AS_OF = "2026-11-01"
Conditions = dict[str, dict[str, Any]]


def conditions(number: int) -> Conditions:
    """Conditions on users of all sizes, about a fifth of the users on average."""
    return {f"s{place:03}": _condition(place) for place in range(number)}


def _condition(place: int) -> dict[str, Any]:
    country, other = COUNTRIES[place % 18], COUNTRIES[(place * 7 + 1) % 18]
    return [
        {"attribute": "score", "at_least": round(5 + place * 0.15, 2)},
        {"attribute": "age", "between": [16 + place % 40, 25 + place % 40 + place % 7]},
        {"all": [
            {"attribute": "country", "in": [country, other]},
            {"attribute": "score", "less_than": round(20 + place * 0.1, 2)},
        ]},
        {"all": [
            {"attribute": "plan", "in": ["free", "basic"][: 1 + place % 2]},
            {"attribute": "email_subscribed", "is": True},
            {"attribute": "age", "more_than": 20 + place % 50},
        ]},
        {"any": [
            {"attribute": "country", "is": country},
            {"attribute": "score", "more_than": round(30 + place * 0.2, 2)},
        ]},
    ][place % 5]  # fmt: skip


def write_project(folder: Path, size: int, wanted: Conditions) -> None:
    """A project of users and segments, applied."""
    (folder / "segments").mkdir(parents=True, exist_ok=True)
    pq.write_table(users(np.random.default_rng(20261101), Size(size, 0)), folder / "users.parquet")
    project = {"kind": "project", "name": "bench", "users": {"path": "users.parquet", "id": "user_id"}}
    documents = [{"kind": "segment", "name": name, "where": where} for name, where in wanted.items()]
    for file, content in (("segctl.yaml", [project]), ("segments.yaml", documents)):
        (folder / "segments" / file).write_text(yaml.safe_dump_all(content, sort_keys=False))
    run(HERE, folder, "apply", "--as-of", AS_OF, "--auto-approve")


def run(checkout: Path, folder: Path, *arguments: str) -> float:
    """The processor time of a command of segctl, in seconds."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    return _cpu([sys.executable, "-m", "segctl", *arguments], folder, environment)


def _cpu(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


_COPY = """
import duckdb, sys
database = duckdb.connect(sys.argv[1], read_only=True)
database.execute("SET threads = 2")
database.execute(sys.argv[2])
"""


@dataclass(frozen=True)
class Theirs:
    """DuckDB with the memberships in a table over users who are sorted by id."""

    place: Path
    names: tuple[str, ...]

    @classmethod
    def over(cls, folder: Path, wanted: Conditions) -> Theirs:
        """The memberships by the SQL of their definitions."""
        place = folder / "theirs.duckdb"
        if place.exists():
            return cls(place, tuple(wanted))
        compiler = Compiler(wanted, f"TIMESTAMPTZ '{AS_OF}'")
        columns = ", ".join(f"coalesce({compiler.condition(where)}, false) AS {name}" for name, where in wanted.items())
        source = f"read_parquet('{folder / 'users.parquet'}')"
        with duckdb.connect(place) as database:
            database.execute(f"CREATE TABLE member AS SELECT user_id AS id, {columns} FROM {source} ORDER BY user_id")
        return cls(place, tuple(wanted))

    def write(self, names: tuple[str, ...], file: Path) -> float:
        """Write memberships as Parquet; the processor time."""
        parts = (f"SELECT '{name}' AS name, id FROM member WHERE {name}" for name in names)
        copy = f"COPY ({' UNION ALL '.join(parts)}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)"
        return _cpu([sys.executable, "-c", _COPY, str(self.place), copy], file.parent, dict(os.environ))

    def differences(self, file: str) -> list[str]:
        """The memberships in Parquet files that are not those of the SQL."""
        digest = "count(*), bit_xor(hash(id)), sum(hash(id))"
        with duckdb.connect(self.place, read_only=True) as database:
            found = database.execute(f"SELECT name, {digest} FROM '{file}' GROUP BY name").fetchall()
            expected = {
                name: database.execute(f"SELECT {digest} FROM member WHERE {name}").fetchone() for name, *_ in found
            }
        return [name for name, *rest in found if tuple(rest) != expected[name]]


def main() -> int:
    """Measure, compare; 1 if a membership is another one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/bench-members"), help="where the project is kept")
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--segments", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3, help="the least counts")
    parser.add_argument("--before", type=Path, help="another checkout, run once for all and --runs times for one")
    options = parser.parse_args()
    folder = (options.folder / f"{options.users}-{options.segments}").resolve()
    wanted = conditions(options.segments)
    if not (folder / ".segctl" / "head.json").exists():
        write_project(folder, options.users, wanted)
    theirs = Theirs.over(folder, wanted)
    print(
        f"{options.users:,} users, {options.segments:,} memberships, {os.cpu_count()} cores; seconds of processor time"
    )
    wrong = [
        name
        for what, names in (("one membership", ("s000",)), ("all in one file", tuple(wanted)))
        for name in compare(what, names, (folder, theirs), options)
    ]
    apart = min(
        run(HERE, folder, "-q", "members", "--select", "s*", "--format", "parquet", "-o", "apart/")
        for _ in range(options.runs)
    )
    print(f"{'a file for each':18} segctl {apart:6.2f}")
    wrong += theirs.differences(str(folder / "apart" / "*.parquet"))
    print(f"{len(wrong)} memberships differ from the SQL" + (f": {', '.join(wrong[:9])}" if wrong else ""))
    return int(bool(wrong))


def compare(what: str, names: tuple[str, ...], sides: tuple[Path, Theirs], options: argparse.Namespace) -> list[str]:
    """A line of the result; the memberships that are not as they should be."""
    folder, theirs = sides
    line = ("-q", "members", *names, "--format", "parquet", "-o", "out.parquet")
    before = None
    if options.before:
        once = 1 if len(names) > 1 else options.runs
        before = min(run(options.before, folder, *line) for _ in range(once))
    other = min(theirs.write(names, folder / "theirs.parquet") for _ in range(options.runs))
    ours = min(run(HERE, folder, *line) for _ in range(options.runs))
    told = f"   before {before:6.2f} ({before / ours:4.1f} x)" if before else ""
    print(f"{what:18} segctl {ours:6.2f}   DuckDB {other:6.2f} ({other / ours:4.1f} x){told}", flush=True)
    return theirs.differences(str(folder / "out.parquet"))


if __name__ == "__main__":
    sys.exit(main())
