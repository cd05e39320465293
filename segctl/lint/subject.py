"""What rules look at, and ways to walk through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from segctl.diagnostics import Span
from segctl.graph import Graph
from segctl.lint.facts import Facts
from segctl.load.document import Document, Key
from segctl.logic import nodes
from segctl.logic.nodes import Expression, Names, Node, Rows
from segctl.logic.references import Traits


@dataclass(frozen=True)
class Definition:
    """A definition that is right, and what it means as it was written."""

    document: Document
    logic: Node | Expression

    @property
    def key(self) -> Key:
        """Kind and name."""
        return self.document.key

    @property
    def place(self) -> Span | None:
        """Where its name stands."""
        return self.document.span(("name",))


@dataclass(frozen=True)
class Subject:
    """The definitions that are right, what refers to what, and facts about the data where it was read.

    Where the project is not `complete`, some of its definitions are wrong and not among these.
    """

    definitions: Mapping[Key, Definition]
    graph: Graph
    facts: Facts | None = None
    complete: bool = True


def traits_of(definitions: Mapping[Key, Definition]) -> Traits:
    """What the traits among the definitions are."""

    def trait(name: str) -> Expression | None:
        definition = definitions.get(("trait", name))
        return None if definition is None or isinstance(definition.logic, Node) else definition.logic

    return trait


@dataclass(frozen=True, slots=True)
class Found:
    """A condition, with the rows that it is about; None where it is about the user."""

    node: Node
    rows: Rows | None = None


def conditions(part: object, rows: Rows | None = None) -> Iterator[Found]:
    """All conditions inside a definition's logic and itself, from left to right; those on rows after their event."""
    match part:
        case nodes.All(of) | nodes.Any(of):
            yield Found(part, rows)
            for one in of:
                yield from conditions(one, rows)
        case nodes.Not(of):
            yield Found(part, rows)
            yield from conditions(of, rows)
        case nodes.Arithmetic(_, left, right):
            yield from conditions(left)
            yield from conditions(right)
        case _:
            if isinstance(part, Node):
                yield Found(part, rows)
            for inner in rows_in(part):
                yield from conditions(inner.where, inner)


def rows_in(part: object) -> Iterator[Rows]:
    """The rows that a single condition, or a measure, looks at; none where its form is not known here."""
    match part:
        case nodes.EventTest(rows=rows) | nodes.EventMissing(rows=rows) | nodes.Measured(rows=rows):
            yield rows
        case nodes.Rfm(rows=rows):
            yield rows
        case nodes.Sequence(steps=steps):
            yield from (step.rows for step in steps)


def all_rows(part: object) -> Iterator[Rows]:
    """All rows that a definition looks at."""
    if isinstance(part, nodes.Arithmetic):
        yield from all_rows(part.left)
        yield from all_rows(part.right)
    elif isinstance(part, nodes.Measured):
        yield part.rows
    else:
        for found in conditions(part):
            yield from rows_in(found.node)


def origin(node: object) -> Span | None:
    """Where a condition stands: of one with parts, where its first part stands."""
    for found in conditions(node):
        own = getattr(found.node, "origin", None)
        if isinstance(own, Span):
            return own
        inner = next(rows_in(found.node), None)
        if inner is not None and inner.origin is not None:
            return inner.origin
    return None


def names_in(names: Names, facts: Facts) -> tuple[str, ...]:
    """The event names of the data that are meant."""
    known = facts.schema.events
    if names.prefix is not None:
        return tuple(sorted(name for name in known if name.startswith(names.prefix)))
    return tuple(sorted(known.keys() & set(names.exact)))
