"""What a definition reads by itself: attributes, properties, events and traits, by name and place."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from segctl.diagnostics import Span
from segctl.logic import nodes
from segctl.logic.nodes import Expression, Node, Path, Rows


class Sort(enum.StrEnum):
    """What is read."""

    ATTRIBUTE = "attribute"
    PROPERTY = "property"
    EVENT = "event"
    TRAIT = "trait"


@dataclass(frozen=True, slots=True)
class Use:
    """Something that is read; of events that are meant by a prefix, `path` is the prefix and `prefix` true."""

    sort: Sort
    path: Path
    origin: Span | None = field(default=None, compare=False)
    prefix: bool = False


def uses(part: Node | Expression, sort: Sort = Sort.ATTRIBUTE, above: Path = ()) -> Iterator[Use]:
    """All that is read, from left to right; `sort` and `above` say what the paths of values lead from."""
    match part:
        case nodes.All(of) | nodes.Any(of):
            for one in of:
                yield from uses(one, sort, above)
        case nodes.Not(of):
            yield from uses(of, sort, above)
        case nodes.Arithmetic(_, left, right):
            yield from uses(left)
            yield from uses(right)
        case nodes.Value(path, test, origin):
            yield Use(sort, (*above, *path), origin)
            yield from _elements(test, sort, (*above, *path))
        case nodes.Place(lat, lon, _, origin):
            yield from (Use(sort, (*above, *path), origin) for path in (lat, lon))
        case nodes.TraitValue(name=name, origin=origin) | nodes.TraitOf(name, origin):
            yield Use(Sort.TRAIT, (name,), origin)
        case _:
            yield from _of_events(part)


def _elements(test: object, sort: Sort, above: Path) -> Iterator[Use]:
    if isinstance(test, nodes.AnyElement):
        yield from uses(test.where, sort, above)


def _of_events(part: object) -> Iterator[Use]:
    match part:
        case nodes.EventTest(rows=rows, measure=measure) | nodes.EventMissing(rows, measure):
            yield from _rows(rows, measure.of)
        case nodes.Measured(rows, measure):
            yield from _rows(rows, measure.of)
        case nodes.Rfm(rows=rows, of=of):
            yield from _rows(rows, of)
        case nodes.Sequence(steps=steps):
            for step in steps:
                yield from _rows(step.rows)
        case nodes.Engagement(sent=sent, responses=responses, origin=origin):
            yield from (Use(Sort.EVENT, (name,), origin) for name in (sent, *responses))


def _rows(rows: Rows, of: Path | None = None) -> Iterator[Use]:
    yield from (Use(Sort.EVENT, (name,), rows.origin) for name in rows.names.exact)
    if rows.names.prefix:
        yield Use(Sort.EVENT, (rows.names.prefix,), rows.origin, prefix=True)
    if of is not None:
        yield Use(Sort.PROPERTY, of, rows.origin)
    yield from uses(rows.where, Sort.PROPERTY)
