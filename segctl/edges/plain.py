"""Some value of every type, for what is not about its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from segctl.logic import times
from segctl.logic.types import ListOf, Scalar, Struct, Type


@dataclass(frozen=True)
class Edge:
    """A value, None if it is missing; `words` say which it is."""

    words: str
    value: object


def plain(kind: Type, number: int = 0) -> object:
    """Some value of a type; other numbers give other values."""
    if isinstance(kind, Scalar):
        return _PLAIN[kind](number)
    if isinstance(kind, ListOf):
        return [plain(kind.element, number)]
    if isinstance(kind, Struct):
        return {name: plain(of, number) for name, of in kind.fields.items()}
    return [] if kind.name.startswith("list") else {}


_LETTERS = 26
_A_DAY = 18_262  # 2020-01-01
_PLAIN: Mapping[Scalar, Callable[[int], object]] = {
    Scalar.BOOL: lambda number: number % 2 == 0,
    Scalar.INT: lambda number: number + 1,
    Scalar.FLOAT: lambda number: float(number + 1),
    Scalar.STRING: lambda number: chr(ord("a") + number) if number < _LETTERS else f"a{number}",
    Scalar.DATE: lambda number: _A_DAY + number,
    Scalar.TIME: lambda number: (_A_DAY + number) * times.DAY_US,
}
