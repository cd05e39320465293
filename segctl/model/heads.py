"""Telling the forms of a condition apart: exactly one head key decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Discriminator

from segctl.model.values import Model


def tag(name: str) -> str:
    """The pydantic tag of a form; the brackets keep it apart from the keys in error locations."""
    return f"<{name}>"


def by_head(heads: Mapping[str, type[Model]], code: str) -> Discriminator:
    """Tell conditions apart by the one head key that is present; none or two is an error of this code."""

    def head_of(value: Any) -> str | None:
        if isinstance(value, list):
            return tag("items")
        if isinstance(value, Mapping):
            found = [head for head in heads if head in value]
            return tag(found[0]) if len(found) == 1 else None
        return next((tag(h) for h, form in heads.items() if type(value) is form), None)

    return Discriminator(head_of, custom_error_type=code, custom_error_message=", ".join(heads))
