from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = """
kind: project
name: shop
timezone: Europe/Paris
users: {path: data/users.csv, id: id}
catalogs: {product: {path: data/products.csv, key: sku}}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a project of these definition files, without any data."""
    monkeypatch.chdir(tmp_path)

    def written(*files: str) -> Path:
        folder = tmp_path / "segments"
        folder.mkdir(exist_ok=True)
        (folder / "segctl.yaml").write_text(PROJECT)
        for number, text in enumerate(files):
            (folder / f"{number}.yaml").write_text(text)
        return tmp_path

    return written
