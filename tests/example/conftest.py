from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from segctl.example.write import write_example
from segctl.progress import Silent

USERS = 2_000


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_example(folder, users=USERS, progress=Silent())
    return folder


@pytest.fixture(scope="session")
def tables(shop: Path) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    database.execute("SET VARIABLE files = $folder", {"folder": str(shop)})
    database.execute("SET VARIABLE as_of = '2026-11-22T00:00:00Z'")
    for name in ("_lines", "_seen"):
        database.execute((Path(__file__).parent / "expected" / f"{name}.sql").read_text())
    return database
