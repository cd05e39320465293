"""Conditions and values that carry a digest of what they say: equality and hashes cost the same for any depth."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """What may be nested without end: `key`, 32 hex digits that stand for it."""

    key: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", hashlib.blake2b(_said(self).encode(), digest_size=16).hexdigest())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyed) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, slots=True, eq=False)
class Condition(Keyed):
    """What all conditions have."""


def _said(value: object) -> str:
    """An unambiguous text of a value's type and fields, with the keys of what is nested."""
    if isinstance(value, tuple):
        return f"({','.join(map(_part, value))})"
    kind: Any = type(value)
    names = _names(kind)
    if names is None:
        return repr(value)
    return f"{kind.__name__}({','.join([_part(getattr(value, name)) for name in names])})"


def _part(value: object) -> str:
    return value.key if isinstance(value, Keyed) else _said(value)


@functools.cache
def _names(kind: type) -> tuple[str, ...] | None:
    """The fields of a dataclass; None for a type that is none."""
    return tuple(field.name for field in fields(kind) if field.init) if is_dataclass(kind) else None
