"""The same rows in other files, other formats and other shards: not one bit changes (laws 1 and 8)."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pytest

from segctl.index.update import Options, update
from segctl.load.document import Key
from segctl.load.project import project_of
from segctl.logic.times import written_us
from segctl.progress import Silent
from segctl.workflow.evaluate import Data, Target, evaluate, library_of
from segctl.workflow.opened import opened
from tests.real.engine import evaluated, memberships
from tests.real.places import RETAIL, days, lay_out, needs_data

pytestmark = needs_data
AS_OF = "2011-02-11 12:30"
FILES = 60

Bits = Mapping[Key, bytes]
Lines = Sequence[bytes]


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    """The header, and after it every line of the first days."""
    texts = [file.read_bytes().splitlines(keepends=True) for file in days()[:FILES]]
    return [texts[0][0], *(line for text in texts for line in text[1:])]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Bits]:
    return bits(lay_out(RETAIL, tmp_path_factory.mktemp("usual") / "project", days()[:FILES]))


def bits(root: Path) -> tuple[str, Bits]:
    """The population's digest, and every membership."""
    data, found = evaluated(root, AS_OF)
    return data.population.digest, packed(found.memberships)


def packed(memberships: Mapping[Key, np.ndarray]) -> Bits:
    return {key: np.packbits(one).tobytes() for key, one in memberships.items()}


def shuffled_over_seven_files(folder: Path, lines: Lines) -> None:
    rows = list(lines[1:])
    random.Random(7).shuffle(rows)  # noqa: S311 any order will do, and the same each time
    for number in range(7):
        (folder / f"{97 - number}-part.csv").write_bytes(lines[0] + b"".join(rows[number::7]))


def newest_first_in_one_file(folder: Path, lines: Lines) -> None:
    (folder / "all.csv").write_bytes(lines[0] + b"".join(reversed(lines[1:])))


def gzipped(folder: Path, lines: Lines) -> None:
    (folder / "all.csv.gz").write_bytes(gzip.compress(b"".join(lines), 1))


def parquet(folder: Path, lines: Lines) -> None:
    """With types: the customers doubles, the times timestamps without a zone."""
    source = folder / "all.txt"
    source.write_bytes(b"".join(lines))
    types = "{'CustomerID': 'DOUBLE', 'StockCode': 'VARCHAR', 'InvoiceNo': 'VARCHAR', 'InvoiceDate': 'TIMESTAMP'}"
    duckdb.execute(f"COPY (FROM read_csv('{source}', types = {types})) TO '{folder}/all.parquet'")


@pytest.mark.parametrize(
    ("write", "ending"),
    [
        (shuffled_over_seven_files, "csv"),
        (newest_first_in_one_file, "csv"),
        (gzipped, "csv.gz"),
        (parquet, "parquet"),
    ],
)
def test_other_files_with_the_same_rows_give_the_same_bits(
    tmp_path: Path, lines: Lines, usual: tuple[str, Bits], write: Callable[[Path, Lines], None], ending: str
) -> None:
    root = lay_out(RETAIL, tmp_path / "project")
    project = root / "segments" / "segctl.yaml"
    project.write_text(project.read_text().replace("data/*.csv", f"data/*.{ending}"))
    write(root / "data", lines)
    assert bits(root) == usual


@pytest.mark.parametrize(("shards", "workers"), [(1, 1), (4, 1), (4, 2)])
def test_other_shards_and_processes_give_the_same_bits(
    tmp_path: Path, usual: tuple[str, Bits], shards: int, workers: int
) -> None:
    project = opened(lay_out(RETAIL, tmp_path / "project", days()[:FILES]))
    root, source = project.definitions.root, project_of(project.definitions.project)
    index = update(root, source, tmp_path / "index", Silent(), Options(shards=shards))
    assert index.shards == shards
    data = Data(root, index, written_us(AS_OF, project.zone))
    library = library_of(project.definitions)
    targets = {key: Target(library, key) for key in memberships(project.definitions)}
    found = evaluate(data, targets, Silent(), workers=workers)
    assert (data.population.digest, packed(found.memberships)) == usual


def test_files_that_arrive_one_by_one_give_the_same_bits(tmp_path: Path, usual: tuple[str, Bits]) -> None:
    root = lay_out(RETAIL, tmp_path / "project", days()[:20])
    bits(root)
    for file in days()[20:FILES][::-1]:
        (root / "data" / file.name).symlink_to(file)
        if file.stem.endswith(("0", "5")):
            bits(root)
    assert bits(root) == usual
