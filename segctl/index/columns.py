"""Columns in the folder of a run or a table. A column is there when its `.json` is, which is written last."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segctl.index.column import Bits, ColumnData, Ints, Lists, Presence, Values
from segctl.index.files import (
    ENDING,
    read_array,
    read_arrow,
    read_bits,
    read_json,
    write_array,
    write_arrow,
    write_json,
)
from segctl.index.millionths import Millionths
from segctl.logic.types import ListOf, Opaque, Scalar, Type
from segctl.sources.shape import from_json, of_type, resolve, to_json

_SLUG = 40


@functools.lru_cache(maxsize=4096)
def stem_of(path: tuple[str, ...], text: str, kind: Type, zone: str = "UTC") -> str:
    """The name of a column's files: of what is read, how it is computed, and as which type."""
    identity = json.dumps([list(path), text, to_json(of_type(kind)), zone], ensure_ascii=False)
    slug = re.sub(r"[^A-Za-z0-9]+", "-", ".".join(path))[:_SLUG]
    return f"{slug}-{hashlib.blake2b(identity.encode(), digest_size=8).hexdigest()}"


def has(folder: Path, stem: str) -> bool:
    """Whether the column is there, whole."""
    return (folder / f"{stem}.json").exists()


def write(folder: Path, stem: str, data: ColumnData, places: tuple[int, ...] | None = None) -> None:
    """Write a column; `places` says which names of a run it holds, if not all (see `narrow`)."""
    parts = list(_write(folder, stem, data))
    shape = "presence" if isinstance(data, Presence) else to_json(of_type(data.type))
    about = {"parts": parts, "type": shape, "places": places}
    write_json(folder / f"{stem}.json", about)


def places(folder: Path, stem: str) -> tuple[int, ...] | None:
    """Which names of a run a column holds; None is all."""
    found = read_json(folder / f"{stem}.json").get("places")
    return None if found is None else tuple(found)


def _write(folder: Path, stem: str, data: ColumnData) -> list[str]:
    parts = []
    if data.valid is not None:
        write_array(folder / f"{stem}.valid{ENDING}", data.valid)
        parts.append("valid")
    if isinstance(data, Lists):
        write_array(folder / f"{stem}.offsets{ENDING}", data.offsets)
        parts += ["offsets", *(f"element.{part}" for part in _write(folder, f"{stem}.element", data.elements))]
    elif isinstance(data, Values):
        write_array(folder / f"{stem}.values{ENDING}", data.values)
        parts.append("values")
        if data.dictionary is not None:
            write_arrow(folder / f"{stem}.texts{ENDING}", data.dictionary)
            parts.append("texts")
    return parts


def read(folder: Path, stem: str, kind: Type) -> ColumnData:
    """Map a column."""
    parts = read_json(folder / f"{stem}.json").get("parts", ())
    return _read(folder, stem, kind, frozenset(parts))


def _read(folder: Path, stem: str, kind: Type, parts: frozenset[str]) -> ColumnData:
    valid = read_bits(folder / f"{stem}.valid{ENDING}") if "valid" in parts else None
    if isinstance(kind, ListOf):
        inner = frozenset(part.removeprefix("element.") for part in parts if part.startswith("element."))
        elements = _read(folder, f"{stem}.element", kind.element, inner)
        return Lists(kind, read_array(folder / f"{stem}.offsets{ENDING}"), elements, valid)
    if not isinstance(kind, Scalar):
        assert valid is not None  # noqa: S101 presence is nothing else
        return Presence(valid)
    values = read_array(folder / f"{stem}.values{ENDING}")
    texts = read_arrow(folder / f"{stem}.texts{ENDING}") if "texts" in parts else None
    return Values(kind, values.view(np.bool_) if kind is Scalar.BOOL else values, valid, texts)


def listed(folder: Path) -> dict[str, Type]:
    """The columns that are there, by the name of their files; structs and the like are opaque."""
    found: dict[str, Type] = {}
    for path in folder.glob("*.json"):
        data = read_json(path)
        if "parts" in data:
            shape = data["type"]
            found[path.stem] = Opaque("") if shape == "presence" else resolve(from_json(shape))
    return found


# --- what is made of columns -----------------------------------------------------------------


def has_millionths(folder: Path, stem: str) -> bool:
    """Whether the column's millionths are there."""
    return (folder / f"{stem}.sums.json").exists()


def write_millionths(folder: Path, stem: str, made: Millionths, sums: Mapping[str, int]) -> None:
    """Write whole millionths, which rows have one, and their absolute sums by event name."""
    write_array(folder / f"{stem}.millionths{ENDING}", made.values)
    if made.counted is not None:
        write_array(folder / f"{stem}.counted{ENDING}", made.counted)
    texts = {name: str(total) for name, total in sums.items()}
    write_json(folder / f"{stem}.sums.json", {"sums": texts, "counted": made.counted is not None})


def read_sums(folder: Path, stem: str) -> dict[str, int]:
    """The absolute sums of millionths by event name."""
    return {name: int(text) for name, text in _sums(folder, stem)["sums"].items()}


def read_millionths(folder: Path, stem: str) -> tuple[Ints, Bits | None]:
    """Whole millionths, and which rows have one."""
    values: npt.NDArray[Any] = read_array(folder / f"{stem}.millionths{ENDING}")
    counted = _sums(folder, stem)["counted"]
    return values, read_bits(folder / f"{stem}.counted{ENDING}") if counted else None


def _sums(folder: Path, stem: str) -> dict[str, Any]:
    return read_json(folder / f"{stem}.sums.json")


def links_name(stem: str, keys: str) -> str:
    """The file that says which row of a catalogue each row points to; `keys` tells the catalogue's keys."""
    return f"{stem}.links-{keys}{ENDING}"
