"""Random formulas over traits, and the types that traits have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segctl.logic.types import NOTHING, ListOf, Scalar, Type
from tests.writing.pen import Pen
from tests.writing.rows import Rows

_COUNTS = ("count", "days", "distinct")
_VALUES = ("min", "max", "first_value", "last_value", "most_frequent")


def formula(pen: Pen, names: Sequence[str]) -> str:
    """Arithmetic over some numeric traits and numbers."""
    parts = [pen.one([*names, *names, "2", "0", "0.1", "100"]) for _ in range(pen.one([1, 1, 2, 3]))]
    text = pen.one(names)
    for part in parts:
        text = f"{text} {pen.one(['+', '-', '*', '/'])} {part}"
        text = f"({text})" if pen.chance(0.3) else text
    return text


def type_of(trait: Mapping[str, Any], traits: Sequence[tuple[str, Type]], rows: Rows) -> Type:
    """What type a trait's values are of, by DESIGN; nothing where its events have no such property."""
    del traits
    if "formula" in trait:
        return Scalar.FLOAT
    value = trait["value"]
    key = next(key for key in value if key not in {"event", "where", "within", "between", "since", "until"})
    if key in _COUNTS:
        return Scalar.INT
    if key in {"first", "last"}:
        return Scalar.TIME
    if key in {"average", "median"}:
        return Scalar.FLOAT
    path = value[key]["of"]
    found = dict(rows.properties(value["event"])).get(
        tuple(path.split(".") if isinstance(path, str) else path), NOTHING
    )
    if key == "unique_list" and isinstance(found, Scalar):
        return ListOf(found)
    return found
