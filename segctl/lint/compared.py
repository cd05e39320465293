"""Which literals are compared with which columns of texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from segctl.diagnostics import Span
from segctl.lint.facts import Facts, Path, TextColumn
from segctl.lint.subject import Subject, conditions, names_in, traits_of
from segctl.logic.bound import Scope
from segctl.logic.nodes import AnyElement, Includes, Measured, MeasureKind, OneOf, Rows, TraitValue, Value
from segctl.logic.problem import dotted
from segctl.logic.types import ELEMENTS, ListOf, Scalar, Type, descend

_VALUES = frozenset(
    {MeasureKind.FIRST_VALUE, MeasureKind.LAST_VALUE, MeasureKind.MOST_FREQUENT, MeasureKind.UNIQUE_LIST}
)
"""Measures that are values of a property."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Texts that a value, or an element of it, may equal; `columns` are all that the value can come from.

    The texts were written at `spans`; without these they stand for something else, such as a campaign, at `origin`.
    """

    texts: tuple[str, ...]
    ignore_case: bool
    columns: tuple[TextColumn, ...]
    words: str
    spans: tuple[Span | None, ...]
    origin: Span | None

    def span(self, number: int) -> Span | None:
        """Where a text stands."""
        return (self.spans[number] if number < len(self.spans) else None) or self.origin


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
            if isinstance(found.node, Value):
                inside = (ELEMENTS, *found.node.path) if found.node.path else ()
                yield from _of_value(replace(found.node, path=(*value.path, *inside)), rows, facts)
    if not isinstance(test, OneOf | Includes):
        return
    columns = tuple(_columns(value.path, rows, facts))
    words = f"`{dotted(tuple(part for part in value.path if part != ELEMENTS))}`"
    texts = tuple(literal for literal in test.values if isinstance(literal, str))
    if columns and len(texts) == len(test.values):  # of another type they are an error
        yield Comparison(texts, test.ignore_case, columns, words, value.literals, value.origin)


def _columns(path: Path, rows: Rows | None, facts: Facts) -> Iterator[TextColumn]:
    """The columns of texts at a path: of the users, of a catalogue, or of each event that has it."""
    schema = facts.schema
    candidates: list[tuple[TextColumn, Mapping[str, Type]]]
    if rows is None:
        candidates = [(TextColumn(Scope.ATTRIBUTE, path), schema.users)]
    elif len(path) > 1 and path[0] in schema.catalogs:
        candidates = [(TextColumn(Scope.CATALOG, path[1:], path[0]), schema.catalogs[path[0]].fields)]
    else:
        names = names_in(rows.names, facts)
        candidates = [(TextColumn(Scope.PROPERTY, path, name), schema.events[name]) for name in names]
    for column, fields in candidates:
        if descend(fields, column.path) in (Scalar.STRING, ListOf(Scalar.STRING)):
            yield column
