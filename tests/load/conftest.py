from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]

PROJECT = "kind: project\nname: shop\nusers: {path: data/users.parquet, id: user_id}\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write definition files of a project, by their names without `.yaml`; the folder is the current one."""

    def write(**files: str | bytes) -> Path:
        folder = tmp_path / "segments"
        folder.mkdir(exist_ok=True)
        for name, content in ({"segctl": PROJECT} | files).items():
            raw = content if isinstance(content, bytes) else content.encode()
            (folder / f"{name}.yaml").write_bytes(raw)
        return tmp_path

    monkeypatch.chdir(tmp_path)
    return write
