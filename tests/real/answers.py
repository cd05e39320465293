"""What must come out, computed in DuckDB from the raw files by the plain SQL beside the definitions.

A folder `expected` holds `_lines.sql` (reads the raw files), `_seen.sql` (what is seen at as_of, and the table
`person`, the population) and one file per segment, extension and list, which may name others. The only thing that
SQL lacks is the bucket of law 11: it is a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import duckdb
import xxhash

Members = frozenset[str]


@dataclass(frozen=True)
class Answer:
    """The population, who is in what, and how many events lie at or after as_of."""

    population: Members
    members: Mapping[str, Members]
    unseen: int


class Answers:
    """The SQL of one data set."""

    def __init__(self, definitions: Path, files: str) -> None:
        self._folder = definitions / "expected"
        self.queries = {path.stem: path.read_text() for path in sorted(self._folder.glob("[!_]*.sql"))}
        self._database = duckdb.connect()
        settings = {"files": files, "lists": definitions / "lists", "catalogs": definitions / "catalogs"}
        for name, value in settings.items():
            self._set(name, str(value))
        self._database.create_function("bucket_of", _bucket, ["VARCHAR"], "INTEGER")
        self._run("_lines")
        self._number()

    def at(
        self, as_of: str, last_file: str = "9999-12-31", *, instead: Mapping[str, str] = MappingProxyType({})
    ) -> Answer:
        """Everything at an instant, from the files up to a day's; `instead` has other queries for some names."""
        self._set("as_of", as_of)
        self._set("last_file", last_file)
        self._run("_seen")
        made: dict[str, Members] = {}
        queries = {**self.queries, **instead}
        for name in queries:
            self._make(name, queries, made)
        unseen = self._database.execute("SELECT count(*) FROM every_line WHERE t >= as_of()").fetchall()[0][0]
        return Answer(self._ids("person"), made, unseen)

    def _make(self, name: str, queries: Mapping[str, str], made: dict[str, Members]) -> None:
        if name in made:
            return
        made[name] = frozenset()
        for other in re.findall(r"\w+", queries[name]):
            if other in queries:
                self._make(other, queries, made)
        self._database.execute(f'CREATE OR REPLACE TABLE "{name}" AS {queries[name]}')
        made[name] = self._ids(name)

    def _ids(self, table: str) -> Members:
        return frozenset(row[0] for row in self._database.execute(f'SELECT user_id FROM "{table}"').fetchall())  # noqa: S608 a name of ours

    def _number(self) -> None:
        ids = sorted(row[0] for row in self._database.execute("SELECT DISTINCT user_id FROM every_line").fetchall())
        buckets = list(map(_bucket, ids))
        self._database.execute(
            "CREATE TABLE bucket AS SELECT unnest(?::VARCHAR[]) AS user_id, unnest(?::INTEGER[]) AS bucket",
            [ids, buckets],
        )

    def _set(self, name: str, value: str) -> None:
        self._database.execute(f"SET VARIABLE {name} = $value", {"value": value})

    def _run(self, name: str) -> None:
        self._database.execute((self._folder / f"{name}.sql").read_text())


def _bucket(text: str) -> int:
    """Law 11, which SQL cannot say."""
    return xxhash.xxh3_64_intdigest(text.encode()) % 10_000


def differences(
    expected: Mapping[str, Iterable[str]], actual: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, list[str]]]:
    """By name, up to five ids that are missing and five that are too many; empty where all is equal."""
    wrong = {}
    for name in sorted({*expected, *actual}):
        want, got = set(expected.get(name, ())), set(actual.get(name, ()))
        if want != got or (name in expected) != (name in actual):
            wrong[name] = {"missing": sorted(want - got)[:5], "too many": sorted(got - want)[:5]}
    return wrong
