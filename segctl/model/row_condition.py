"""Conditions on the rows of events: on their properties, and on the catalogues that they point to."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, Tag, model_validator

from segctl.model.elements import ListOperators
from segctl.model.heads import by_head
from segctl.model.place_of import Place, only_places
from segctl.model.values import Model


class PropertyCondition(ListOperators):
    """A test on a property of the event, or on a field of the catalogue row that the event refers to."""

    property_: Place = Field(
        alias="property",
        description="The property of the event, or `catalog.field`.",
        examples=["amount", "product.category"],
    )

    @model_validator(mode="after")
    def _place_operator(self) -> Self:
        only_places(self, self.property_)
        return self


class PropertyAll(Model):
    """True where every property condition is true."""

    all_: Annotated[list[RowCondition], Field(min_length=1)] = Field(
        alias="all", description="Conditions that must all hold."
    )


class PropertyAny(Model):
    """True where at least one property condition is true."""

    any_: Annotated[list[RowCondition], Field(min_length=1)] = Field(
        alias="any", description="At least one of these conditions must hold."
    )


class PropertyNot(Model):
    """True where the property condition is false."""

    not_: RowCondition = Field(alias="not", description="The condition that must not hold.")


ROW_HEADS: dict[str, type[Model]] = {
    "all": PropertyAll, "any": PropertyAny, "not": PropertyNot, "property": PropertyCondition,
}  # fmt: skip

_RowForms = (
    Annotated[PropertyAll, Tag("<all>")]
    | Annotated[PropertyAny, Tag("<any>")]
    | Annotated[PropertyNot, Tag("<not>")]
    | Annotated[PropertyCondition, Tag("<property>")]
)

RowCondition = Annotated[_RowForms, by_head(ROW_HEADS, "bad-property-condition")]

_RowConditions = Annotated[list[RowCondition], Tag("<items>"), Field(min_length=1)]

RowWhere = Annotated[_RowForms | _RowConditions, by_head(ROW_HEADS, "bad-property-condition")]
"""One property condition, or a list of them that must all hold."""

for _model in (PropertyAll, PropertyAny, PropertyNot):
    _model.model_rebuild()
