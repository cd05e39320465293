"""What JSON Schema needs to know of rules between keys, which the models check in validators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segctl.model.values import KEY, Model, one_of, problem
from segctl.model.wording import choices


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


def exactly_one(model: Model, fields: tuple[str, ...], what: str) -> None:
    """Require exactly one of the fields to have been written."""
    written = one_of(model, fields)
    if len(written) == 1:
        return
    if not written:
        keys = [type(model).model_fields[f].alias or f for f in fields]
        raise problem("missing-operator", f"{what} is missing", f"add exactly one of {choices(keys)}")
    two_conditions = len(fields) > 2  # noqa: PLR2004 a choice of two is no list of operators
    hint = "keep one of them, or write two conditions as two items of a list" if two_conditions else "keep one of them"
    if sorted(written) == ["at_least", "at_most"]:
        hint = "write `between: [from, to]`"
    raise problem("many-operators", f"{choices(written, 'and')} in one condition", hint, at=(written[1], KEY))
