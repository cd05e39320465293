"""Which literals are compared with which columns of texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from segctl.diagnostics import Span
from segctl.lint.facts import Facts, TextColumn
from segctl.lint.subject import Subject, conditions, names_in, traits_of
from segctl.logic.bound import Column, Scope
from segctl.logic.columns import Attributes, Properties
from segctl.logic.nodes import AnyElement, Includes, Measured, MeasureKind, OneOf, Rows, TraitValue, Value
from segctl.logic.problem import Problem, column_words
from segctl.logic.types import ListOf, Scalar

_VALUES = frozenset(
    {MeasureKind.FIRST_VALUE, MeasureKind.LAST_VALUE, MeasureKind.MOST_FREQUENT, MeasureKind.UNIQUE_LIST}
)
"""Measures that are values of a property."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A text that a value, or an element of it, may equal; `columns` are all that the value can come from.

    It was `written` as such, or stands for something else that was, such as a campaign.
    """

    text: str
    ignore_case: bool
    columns: tuple[TextColumn, ...]
    words: str
    span: Span | None
    written: bool


def comparisons(subject: Subject, facts: Facts) -> Iterator[Comparison]:
    """All comparisons of texts in all definitions."""
    for definition in subject.definitions.values():
        for found in conditions(definition.logic):
            if isinstance(found.node, Value):
                yield from _of_value(found.node, found.rows, facts)
            elif isinstance(found.node, TraitValue):
                yield from _of_trait(found.node, subject, facts)


def _of_trait(node: TraitValue, subject: Subject, facts: Facts) -> Iterator[Comparison]:
    """A trait whose values are those of a property."""
    trait = traits_of(subject.definitions)(node.name)
    if isinstance(trait, Measured) and trait.measure.kind in _VALUES and trait.measure.of is not None:
        yield from _of_value(Value(trait.measure.of, node.test, node.origin, node.literals), trait.rows, facts)


def _of_value(value: Value, rows: Rows | None, facts: Facts) -> Iterator[Comparison]:
    test = value.test
    if isinstance(test, AnyElement):
        for found in conditions(test.where):
            if isinstance(found.node, Value) and not found.node.path:  # the element of a list of texts
                yield from _of_value(replace(found.node, path=value.path), rows, facts)
    if not isinstance(test, OneOf | Includes):
        return
    names = () if rows is None else names_in(rows.names, facts)
    column = _column(value, rows, names, facts)
    if column is None or column.type not in (Scalar.STRING, ListOf(Scalar.STRING)):
        return
    columns = tuple(_columns(column, names, facts))
    for number, literal in enumerate(test.values):
        if isinstance(literal, str):
            span = value.literals[number] if number < len(value.literals) else None
            words = column_words(column)
            yield Comparison(literal, test.ignore_case, columns, words, span or value.origin, bool(value.literals))


def _column(value: Value, rows: Rows | None, names: tuple[str, ...], facts: Facts) -> Column | None:
    column = (Attributes(facts.schema) if rows is None else Properties(facts.schema, names)).column(value.path)
    return None if isinstance(column, Problem) else column


def _columns(column: Column, names: tuple[str, ...], facts: Facts) -> Iterator[TextColumn]:
    if column.scope is Scope.ATTRIBUTE:
        yield TextColumn(Scope.ATTRIBUTE, column.path)
    elif column.scope is Scope.CATALOG and column.catalog is not None:
        yield TextColumn(Scope.CATALOG, column.path, column.catalog)
    else:
        for name in names:
            if _has(facts, name, column.path):
                yield TextColumn(Scope.PROPERTY, column.path, name)


def _has(facts: Facts, name: str, path: tuple[str, ...]) -> bool:
    """Whether the event has texts at the path."""
    column = Properties(facts.schema, (name,)).column(path)
    return not isinstance(column, Problem) and column.type in (Scalar.STRING, ListOf(Scalar.STRING))
