"""Three implementations give the same members: the engine, the interpreter, and plain SQL.

`python -m benchmarks.agreement` compares by the hundred thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from tests.laws.agreement import compare
from tests.sql.database import connect

IN_MEMORY = range(1_000, 1_115)
ON_DISK = range(14)
BY_SQL = range(10)

DEFINITIONS = 40
"""So many are compared over each world, and now and then campaigns that some refer to."""


@pytest.fixture(scope="module")
def database() -> Iterator[DuckDBPyConnection]:
    with connect() as connection:
        yield connection


@pytest.mark.parametrize("seed", IN_MEMORY)
def test_engine_and_interpreter_agree(seed: int) -> None:
    compared = compare(seed)
    assert compared.wrong == ()
    assert compared.cases >= DEFINITIONS


@pytest.mark.parametrize("seed", ON_DISK)
def test_engine_and_interpreter_agree_over_files_and_an_index(seed: int, tmp_path: Path) -> None:
    compared = compare(seed, folder=tmp_path)
    assert compared.wrong == ()
    assert compared.cases >= DEFINITIONS


@pytest.mark.parametrize("seed", BY_SQL)
def test_plain_sql_agrees(seed: int, database: DuckDBPyConnection) -> None:
    compared = compare(seed, database=database)
    assert compared.wrong == ()
    assert compared.by_sql > 0.85 * compared.cases
