"""Frozen dataclasses to plain data and back, by their annotations: how a saved plan keeps a plan."""

from __future__ import annotations

import enum
import types
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints


def to_plain(value: object) -> Any:
    """Dicts, lists, texts and numbers; sets are sorted, fields keep their names."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return [to_plain(item) for item in sorted(value)]
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: Any, data: Any) -> Any:
    """What `to_plain` was given, which was of this type; a field that is not there has its default.

    Raises:
        TypeError, ValueError, KeyError: the data are of another type.
    """
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return _one_of(inner, data)
    if origin in {tuple, frozenset}:
        return _several(origin, inner, data)
    if origin is not None and issubclass(origin, Mapping):
        return {key: from_plain(inner[1], item) for key, item in data.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{f.name: from_plain(hints[f.name], data[f.name]) for f in fields(kind) if f.name in data})
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(data)
    return data


def _several(origin: Any, inner: tuple[Any, ...], data: Any) -> Any:
    if origin is frozenset or inner[-1:] == (...,):
        return origin(from_plain(inner[0], item) for item in data)
    return tuple(from_plain(kind, item) for kind, item in zip(inner, data, strict=True))


def _one_of(kinds: tuple[Any, ...], data: Any) -> Any:
    """Unions are of None or numbers and at most one other type."""
    if data is None:
        return None
    structured = [kind for kind in kinds if kind is not types.NoneType and _is_structured(kind)]
    return from_plain(structured[0], data) if structured else data


def _is_structured(kind: Any) -> bool:
    return get_origin(kind) is not None or (
        isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, enum.Enum))
    )
