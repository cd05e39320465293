"""Ids as text: how ids of users and keys of catalogues are compared (law 9)."""

from __future__ import annotations

import math


def id_text(value: object) -> str | None:
    """An id as text, None if it is missing: an integer is its decimal digits, and so is a whole float."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
