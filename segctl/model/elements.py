"""Conditions on one element of a list, and the operators of lists that they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Discriminator, Field, Tag

from segctl.model.operators import VALUE_OPERATORS, ValueOperators, one_operator
from segctl.model.values import Model, Path, UsersOrShare

OPERATOR = "<operator>"
"""The tag of an element's test without a head."""


class ElementAll(Model):
    """True where the element meets every condition."""

    all_: Annotated[list[ElementCondition], Field(min_length=1)] = Field(
        alias="all", description="The element must meet all of these conditions."
    )


class ElementAny(Model):
    """True where the element meets at least one condition."""

    any_: Annotated[list[ElementCondition], Field(min_length=1)] = Field(
        alias="any", description="The element must meet at least one of these conditions."
    )


class ElementNot(Model):
    """True where the element does not meet the condition."""

    not_: ElementCondition = Field(alias="not", description="The condition that the element must not meet.")


class ElementField(ValueOperators):
    """A test on a field of the element."""

    attribute: Path = Field(description="The field; use dots for fields of structs.", examples=["type"])


class ElementProperty(ValueOperators):
    """A test on a field of the element; the same as `attribute`."""

    property_: Path = Field(
        alias="property",
        description="The field; use dots for fields of structs; the same as `attribute`.",
        examples=["sku"],
    )


class ElementValue(ValueOperators):
    """A test on the element itself, where the elements are single values."""


ELEMENT_HEADS: dict[str, type[Model]] = {
    "all": ElementAll, "any": ElementAny, "not": ElementNot, "attribute": ElementField, "property": ElementProperty,
}  # fmt: skip


def _element_form(value: Any) -> str | None:
    if isinstance(value, Mapping):
        found = [head for head in ELEMENT_HEADS if head in value]
        return f"<{found[0]}>" if len(found) == 1 else OPERATOR if not found else None
    return next((f"<{h}>" for h, form in ELEMENT_HEADS.items() if type(value) is form), OPERATOR)


ElementCondition = Annotated[
    Annotated[ElementAll, Tag("<all>")]
    | Annotated[ElementAny, Tag("<any>")]
    | Annotated[ElementNot, Tag("<not>")]
    | Annotated[ElementField, Tag("<attribute>")]
    | Annotated[ElementProperty, Tag("<property>")]
    | Annotated[ElementValue, Tag(OPERATOR)],
    Discriminator(
        _element_form, custom_error_type="bad-element-condition", custom_error_message=", ".join(ELEMENT_HEADS)
    ),
]
"""A condition on one element: on its fields, or an operator alone on the element."""

for _model in (ElementAll, ElementAny, ElementNot):
    _model.model_rebuild()

LIST_OPERATORS = (*VALUE_OPERATORS, "any_element")
RANK_OPERATORS = (*LIST_OPERATORS, "top", "bottom")


class ListOperators(ValueOperators):
    """The operators on a property of an event."""

    model_config = ConfigDict(json_schema_extra=one_operator(LIST_OPERATORS))
    operators: ClassVar[tuple[str, ...]] = LIST_OPERATORS

    any_element: ElementCondition | None = Field(
        None,
        description="At least one element of the list meets all of these conditions.",
        examples=[{"more_than": 10}],
    )


class RankOperators(ListOperators):
    """The operators on an attribute or a trait of the user: also the rank among all users."""

    model_config = ConfigDict(json_schema_extra=one_operator(RANK_OPERATORS))
    operators: ClassVar[tuple[str, ...]] = RANK_OPERATORS

    top: UsersOrShare | None = Field(
        None, description="Among this many users with the highest values.", examples=["5%"]
    )
    bottom: UsersOrShare | None = Field(
        None, description="Among this many users with the lowest values.", examples=[100]
    )
