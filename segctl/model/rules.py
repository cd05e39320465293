"""What JSON Schema needs to know of rules between keys, which the models check in validators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def exactly_one_of(keys: Sequence[str]) -> dict[str, Any]:
    """Exactly one of the keys is written."""
    return {"oneOf": [{"required": [key]} for key in keys]}


def at_most_one_of(*groups: Sequence[str]) -> dict[str, Any]:
    """No two of the groups are written; a group is written if any of its keys is."""
    written = [_any_of(group) for group in groups]
    return {"oneOf": [*written, {"not": {"anyOf": written}}]}


def _any_of(keys: Sequence[str]) -> dict[str, Any]:
    required = [{"required": [key]} for key in keys]
    return required[0] if len(required) == 1 else {"anyOf": required}
