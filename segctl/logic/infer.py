"""Types of columns from values as people write them, and the values in their physical form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from pydantic_core import PydanticCustomError

from segctl.logic import times
from segctl.logic.types import NO_ELEMENTS, NOTHING, ListOf, Scalar, Struct, Type
from segctl.model.written import parse_written

Fields = Mapping[str, object]


class Mixed(Exception):
    """The values of a column are of different types."""

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__(".".join(path))
        self.path = path


def infer_fields(rows: Iterable[Fields]) -> dict[str, Type]:
    """The type of each field that some row has.

    Raises:
        Mixed: the values of a field do not go together.
    """
    columns: dict[str, list[object]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return {name: infer(values, (name,)) for name, values in columns.items()}


def infer(values: Iterable[object], path: tuple[str, ...] = ()) -> Type:
    """The type of a column; None is missing.

    Raises:
        Mixed: the values do not go together.
    """
    present = [value for value in values if value is not None]
    if not present:
        return NOTHING
    if all(isinstance(value, Mapping) for value in present):
        return Struct(_below([value for value in present if isinstance(value, Mapping)], path))
    if all(isinstance(value, list) for value in present):
        return _list(present, path)
    kind = _scalar(present)
    if kind is None:
        raise Mixed(path)
    return kind


def _below(rows: Sequence[Fields], path: tuple[str, ...]) -> dict[str, Type]:
    try:
        return infer_fields(rows)
    except Mixed as mixed:
        raise Mixed((*path, *mixed.path)) from None


def _list(lists: Sequence[object], path: tuple[str, ...]) -> Type:
    elements = [element for values in lists if isinstance(values, list) for element in values]
    kind = infer(elements, path)
    if kind == NOTHING:
        return NO_ELEMENTS
    return ListOf(kind)


def _scalar(values: Sequence[object]) -> Scalar | None:
    if all(isinstance(value, bool) for value in values):
        return Scalar.BOOL
    if all(isinstance(value, int | Decimal) and not isinstance(value, bool) for value in values):
        return Scalar.INT if all(isinstance(value, int) for value in values) else Scalar.FLOAT
    if not all(isinstance(value, str) for value in values):
        return None
    written = {_written(str(value)) for value in values}
    if Scalar.STRING in written:
        return Scalar.STRING
    return Scalar.TIME if Scalar.TIME in written else Scalar.DATE


def _written(text: str) -> Scalar:
    try:
        return Scalar.TIME if isinstance(parse_written(text), datetime) else Scalar.DATE
    except PydanticCustomError:
        return Scalar.STRING


def physical(value: object, kind: Type, zone: str) -> object:
    """A value of an inferred type as the interpreter wants it; times without a zone are in `zone`."""
    match kind, value:
        case Struct(fields), Mapping():
            return {name: physical(part, fields[name], zone) for name, part in value.items()}
        case ListOf(element), list():
            return [physical(part, element, zone) for part in value]
        case Scalar.DATE, str():
            return times.day_number(parse_written(value))
        case Scalar.TIME, str():
            return times.written_us(value, zone)
        case Scalar.FLOAT, int() | Decimal():
            return float(value)
        case _:
            return value
