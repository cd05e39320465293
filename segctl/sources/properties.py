"""The properties of a table of events: columns, or arithmetic over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segctl.diagnostics import did_you_mean
from segctl.logic.types import Type
from segctl.model.expression import BadExpression, Column, Expression, columns_of, parse
from segctl.sources.compute import type_of
from segctl.sources.declared import EventsTable
from segctl.sources.problems import Problems


@dataclass(frozen=True)
class Property:
    """How a property is computed, its type, and the text that tells it from others of its name."""

    expression: Expression
    type: Type
    text: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads, each once."""
        return tuple(dict.fromkeys(column.path[0] for column in columns_of(self.expression)))


def properties(table: EventsTable, types: Mapping[str, Type], problems: Problems) -> dict[str, Property]:
    """The properties by name: those that are declared, else every column but user, time and name."""
    if table.properties is None:
        taken = {reading.column for reading in table.needed}
        return {n: Property(Column((n,)), kind, n) for n, kind in types.items() if n not in taken}
    found = {}
    for name, text in table.properties.items():
        try:
            expression = parse(text, types)
            found[name] = Property(expression, type_of(expression, types), text)
        except BadExpression as cause:
            place = (*table.place, "properties", name)
            hint = _hint(text, types) or "a column, or arithmetic over columns: `UnitPrice * Quantity`"
            problems.add("bad-property", f"`{text}` cannot be computed: {cause}", place, hint=hint)
    return found


def _hint(text: str, types: Mapping[str, Type]) -> str:
    try:
        unknown = [c.path[0] for c in columns_of(parse(text, types)) if c.path[0] not in types]
    except BadExpression:
        return ""
    return did_you_mean(unknown[0], types) if unknown else ""
