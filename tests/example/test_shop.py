from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from segctl.example.seasons import black_friday
from segctl.example.write import write_data, write_example
from segctl.progress import Silent

CLAIMS = Path(__file__).parent / "claims"


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("claim", sorted(path.stem for path in CLAIMS.glob("*.sql")))
def test_the_shop_is_what_it_claims_to_be(tables: duckdb.DuckDBPyConnection, claim: str) -> None:
    result = tables.execute((CLAIMS / f"{claim}.sql").read_text())
    names = [column[0] for column in result.description or ()]
    rows = result.fetchall()
    assert len(rows) == 1
    assert [name for name, holds in zip(names, rows[0], strict=True) if holds is not True] == []


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first = write_example(tmp_path / "first", users=300, progress=Silent())
    second = write_example(tmp_path / "second", users=300, progress=Silent())
    assert first == second
    assert digests(tmp_path / "first") == digests(tmp_path / "second")


def test_another_seed_gives_another_shop(tmp_path: Path) -> None:
    write_data(tmp_path / "first", users=300, progress=Silent())
    write_data(tmp_path / "second", users=300, seed=2, progress=Silent())
    first, second = digests(tmp_path / "first"), digests(tmp_path / "second")
    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())


def test_what_is_told_to_be_written_is_there(tmp_path: Path) -> None:
    written = write_example(tmp_path, users=300, progress=Silent())
    assert written.users == 300
    assert written.events > 5_000
    assert {str(path) for path in written.files} == digests(tmp_path).keys()
    assert "segments/segctl.yaml" in digests(tmp_path)


@pytest.mark.parametrize("users", [1, 7])
def test_a_tiny_shop_is_a_shop(tmp_path: Path, users: int) -> None:
    assert write_example(tmp_path, users=users, progress=Silent()).users == users


@pytest.mark.parametrize(("year", "day"), [(2024, 29), (2025, 28), (2026, 27)])
def test_black_friday_is_the_day_after_thanksgiving(year: int, day: int) -> None:
    assert black_friday(year).day == day
