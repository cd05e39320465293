"""Formulas over traits, checked where they are written."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictStr

from segctl.model.expression import BadExpression, columns_of, parse
from segctl.model.values import NAME, problem, wrong_type
from segctl.model.wording import quoted


def _check_formula(value: Any) -> Any:
    if not isinstance(value, str):
        raise wrong_type("a formula", value, "write it like `lifetime_value / orders`")
    try:
        names = [".".join(column.path) for column in columns_of(parse(value, ()))]
    except BadExpression as error:
        hint = "write arithmetic over traits, with `+`, `-`, `*`, `/` and brackets"
        raise problem("bad-formula", f"{quoted(value)} is not a formula: {error}", hint) from None
    strange = next((name for name in names if not re.fullmatch(NAME, name)), None)
    if strange is not None:
        raise problem(
            "bad-formula", f"{quoted(strange)} is not the name of a trait", "a formula is over traits, by name"
        )
    if not names:
        raise problem("bad-formula", f"{quoted(value)} is the same for every user", "name at least one trait")
    return value


Formula = Annotated[StrictStr, BeforeValidator(_check_formula), Field(json_schema_extra={"minLength": 1})]
"""Arithmetic over the names of traits."""


def traits_of(formula: str) -> tuple[str, ...]:
    """The names of the traits in a formula, each once, in the order of the text."""
    return tuple(dict.fromkeys(".".join(column.path) for column in columns_of(parse(formula, ()))))
