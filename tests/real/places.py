"""Where the real data is, and the projects that are laid out over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.house.requirements import DATA, REAL_DATA

RETAIL = Path(__file__).parent / "online_retail"
RETAIL_DATA = DATA / "online_retail"
CLICKSTREAM = Path(__file__).parent / "clickstream"
CLICKSTREAM_DATA = DATA / "ecom_clickstream.csv.gz"

needs_data = REAL_DATA.mark


def lay_out(definitions: Path, root: Path, files: Iterable[Path] = ()) -> Path:
    """A project in `root` with its own copy of the definitions; the data files are linked to."""
    shutil.copytree(definitions, root, ignore=shutil.ignore_patterns("expected"), dirs_exist_ok=True)
    (root / "data").mkdir()
    add(root, files)
    return root


def add(root: Path, files: Iterable[Path]) -> None:
    """Link to more data files."""
    for file in files:
        (root / "data" / file.name).symlink_to(file)


def days() -> list[Path]:
    """The daily files, in order."""
    return sorted(RETAIL_DATA.glob("*.csv"))
