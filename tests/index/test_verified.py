"""Every byte of an index is verified before it is used; damage is found, forgotten, and made anew from the data."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from segctl.index.files import IndexDamage, read_array, read_arrow, read_json, write_array, write_arrow, write_json

ROOT = Path(__file__).resolve().parents[2]


def test_a_flip_of_any_bit_is_found(tmp_path: Path) -> None:
    path = tmp_path / "values.arrow"
    write_array(path, np.arange(5))
    sound = path.read_bytes()
    for place in range(len(sound) * 8):
        damaged = bytearray(sound)
        damaged[place // 8] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        with pytest.raises(IndexDamage):
            read_array(path)
    path.write_bytes(sound)
    assert read_array(path).tolist() == [0, 1, 2, 3, 4]


def test_a_flip_of_any_bit_of_a_small_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "column.json"
    write_json(path, {"parts": ["values"], "type": "integer"})
    sound = path.read_bytes()
    for place in range(len(sound) * 8):
        damaged = bytearray(sound)
        damaged[place // 8] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        try:
            found = read_json(path)
        except IndexDamage:
            continue
        assert found == {"parts": ["values"], "type": "integer"}, place


@pytest.mark.parametrize("size", [0, 1, 8, 15, 16, 17, 100, -1])
def test_a_file_that_was_cut_is_found(size: int, tmp_path: Path) -> None:
    path = tmp_path / "texts.arrow"
    write_arrow(path, pa.array(["a", "b", None]))
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(IndexDamage) as told:
        read_arrow(path)
    assert told.value.path == path
    assert pickle.loads(pickle.dumps(told.value)).path == path  # noqa: S301 as it comes from a helper process


def test_no_other_module_opens_files_of_the_index() -> None:
    opening = re.compile(r"memory_map|memmap|ipc\.open|np\.fromfile|np\.load\b")
    modules = [*(ROOT / "segctl/index").glob("*.py"), *(ROOT / "segctl/engine").glob("*.py")]
    found = {path.name for path in modules if opening.search(path.read_text(encoding="utf-8"))}
    assert found == {"files.py"}
