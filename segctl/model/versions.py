"""Versions as text: their order, and one spelling for all that are equal."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictStr, model_validator

from segctl.model.rules import exactly_one, exactly_one_of
from segctl.model.values import Model, problem, wrong_type
from segctl.model.wording import quoted

_VERSION = re.compile(
    r"v?(?P<numbers>[0-9]+(\.[0-9]+)*)"
    r"(-(?P<pre>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?"
    r"(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"
)
VERSION_OPERATORS = ("is_", "is_not", "exactly", "at_least", "at_most", "more_than", "less_than", "between")

_Number = tuple[int, str]
"""A number by the length of its digits and these, without zeros in front: numbers of any length have an order."""

Order = tuple[tuple[_Number, ...], int, tuple[tuple[int, _Number, str], ...]]


def version_order(text: str) -> Order | None:
    """What sorts versions as semver.org 2.0.0 does, for any number of numeric parts; None if it is no version."""
    match = _VERSION.fullmatch(text) if text.isascii() else None
    if match is None:
        return None
    numbers = [_number(part) for part in match["numbers"].split(".")]
    while numbers and numbers[-1] == _ZERO:
        numbers.pop()
    pre = match["pre"]
    parts = () if pre is None else tuple(_part(part) for part in pre.split("."))
    return tuple(numbers), int(pre is None), parts


_ZERO: _Number = (0, "")


def _number(digits: str) -> _Number:
    plain = digits.lstrip("0")
    return len(plain), plain


def _part(part: str) -> tuple[int, _Number, str]:
    """Numbers come before words, numbers by value and words by their letters."""
    return (0, _number(part), "") if part.isdigit() else (1, _ZERO, part)


def canonical_version(text: str) -> str:
    """The shortest spelling of a version: `v1.2.0+7` is `1.2`.

    Raises:
        ValueError: it is no version.
    """
    order = version_order(text)
    if order is None:
        raise ValueError(text)
    numbers, _, parts = order
    shortest = ".".join(digits or "0" for _, digits in numbers) or "0"
    pre = ".".join(word if kind else digits or "0" for kind, (_, digits), word in parts)
    return f"{shortest}-{pre}" if parts else shortest


def _check_version(value: Any) -> Any:
    if not isinstance(value, str):
        hint = f'quote it: `"{value}"`; without quotes YAML reads a number, and 1.10 becomes 1.1'
        raise wrong_type("a version", value, hint)
    if version_order(value) is None:
        hint = "write numbers with dots, such as `2.14` or `2.14.0-beta.1`"
        raise problem("bad-version", f"{quoted(value)} is not a version", hint)
    return value


def _check_pair(pair: list[str]) -> list[str]:
    low, high = (version_order(text) for text in pair)
    if low is not None and high is not None and low > high:
        raise problem("empty-range", f"no version lies from `{pair[0]}` to `{pair[1]}`", "write the smaller one first")
    return pair


Version = Annotated[StrictStr, BeforeValidator(_check_version), Field(json_schema_extra={"examples": ["2.14.0"]})]
"""A version."""

VersionPair = Annotated[list[Version], Field(min_length=2, max_length=2), AfterValidator(_check_pair)]
"""A range of versions, both included."""


class VersionOperators(Model):
    """Exactly one comparison of versions, such as `{at_least: "2.14"}`."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of([name.removesuffix("_") for name in VERSION_OPERATORS]))

    is_: Version | None = Field(None, alias="is", description="The same version: `1.2` is `1.2.0`.")
    is_not: Version | None = Field(None, description="Another version; also true where the value is missing.")
    exactly: Version | None = Field(None, description="The same version.")
    at_least: Version | None = Field(None, description="This version or a later one.")
    at_most: Version | None = Field(None, description="This version or an earlier one.")
    more_than: Version | None = Field(None, description="A later version.")
    less_than: Version | None = Field(None, description="An earlier version.")
    between: VersionPair | None = Field(None, description="From the first to the second, both included.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        exactly_one(self, VERSION_OPERATORS, "the comparison")
        return self
