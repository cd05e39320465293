"""Values as people write them, and a test of them as YAML in the style of the project's own files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from segctl.load.scalar import Unusable, plain_value
from segctl.logic import calendar, times
from segctl.logic.types import ListOf, Scalar, Struct, Type

_PLAIN = re.compile(r"[\w./+-][\w ./+@%-]*", re.ASCII)
_BEFORE_COLUMN = 100


def written(value: object, kind: Type, zone: str) -> object:
    """A physical value as it is written: dates and times as text, fractions as decimals."""
    match kind, value:
        case Struct(fields), Mapping():
            return {name: written(part, fields[name], zone) for name, part in value.items() if name in fields}
        case ListOf(element), list():
            return [written(part, element, zone) for part in value]
        case Scalar.DATE, int():
            return calendar.date_text(value)
        case Scalar.TIME, int():
            return instant(value, zone)
        case Scalar.INT | Scalar.FLOAT, int() | float():
            return _numeral(value, kind)
        case _:
            return value


def _numeral(value: float, kind: Type) -> int | Decimal:
    """A fraction as a decimal; of a property that has no fractions in this event, whole numbers as such."""
    return int(value) if kind is Scalar.INT and float(value).is_integer() else Decimal(repr(value))


def instant(us: int, zone: str) -> str:
    """An instant in local time; in UTC where the local time is of two instants, or of none."""
    text = _clock(us + times.offset_us(us, zone))
    return text if times.written_us(text, zone) == us else f"{_clock(us)}Z"


def _clock(wall_us: int) -> str:
    text = calendar.clock_text(wall_us, " ")
    return text.removesuffix(":00") if wall_us % times.SECOND_US == 0 else text


@dataclass(frozen=True)
class Line:
    """One row of a test, and what it shows."""

    row: Mapping[str, object]
    comment: str = ""


def flow(value: object) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{text(str(key))}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return text(value)
    return _number(value) if isinstance(value, Decimal) else _WORDS.get(str(value), str(value))


_WORDS = {"True": "true", "False": "false", "None": "null"}


def _number(value: Decimal) -> str:
    digits = format(value, "f") if -_DIGITS < value.adjusted() < _DIGITS else str(value)
    return digits if {".", "E"} & set(digits) else f"{digits}.0"


_DIGITS = 18


def text(value: str) -> str:
    """A text, in quotes where it would mean something else or break the line."""
    if _PLAIN.fullmatch(value) and not value.endswith(" ") and _means(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False) if value.isprintable() else json.dumps(value)


def _means(value: str) -> object:
    try:
        return plain_value(value)
    except Unusable:
        return None


def comment(words: str, indent: str = "") -> Iterator[str]:
    """A comment, broken into lines."""
    line = ""
    for word in words.split():
        if line and len(indent) + len(line) + len(word) > _BEFORE_COLUMN:
            yield f"{indent}# {line}"
            line = ""
        line = f"{line} {word}".strip()
    if line:
        yield f"{indent}# {line}"


def block(lines: Iterable[Line], indent: str) -> Iterator[str]:
    """A list with one row to a line, each below its comment."""
    for line in lines:
        yield from comment(line.comment, indent)
        yield f"{indent}- {flow(line.row)}"


def items(values: Sequence[str], key: str, indent: str) -> Iterator[str]:
    """A key with a list of texts: on one line if it is short."""
    short = f"{indent}{text(key)}: {flow(list(values))}"
    if len(short) <= _BEFORE_COLUMN:
        yield short
        return
    yield f"{indent}{text(key)}:"
    yield from (f"{indent}  - {text(value)}" for value in values)
