"""Two negative conditions on one value under `any`: nearly everybody meets one of them."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.diagnostics import Diagnostic
from segctl.lint.rules import NEGATIVES_UNDER_ANY
from segctl.lint.subject import Subject, conditions, origin
from segctl.logic import nodes
from segctl.logic.nodes import Node, OneOf, TextKind, TextMatch, Value
from segctl.logic.problem import dotted


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """The second negative under each `any`."""
    for definition in subject.definitions.values():
        for found in conditions(definition.logic):
            pair = negatives(found.node)
            if pair is not None:
                yield _finding(*pair)


def negatives(node: Node) -> tuple[Value, Value] | None:
    """Two conditions on one value of which an `any` asks that one does not hold."""
    if not isinstance(node, nodes.Any):
        return None
    seen: dict[tuple[object, ...], Value] = {}
    for part in node.of:
        value = part.of if isinstance(part, nodes.Not) else None
        kind = _kind(value) if isinstance(value, Value) else None
        if not isinstance(value, Value) or kind is None:
            continue
        first = seen.setdefault((value.path, kind), value)
        if first.test != value.test:
            return first, value
    return None


def _kind(value: Value) -> str | None:
    """What is asked of the value, where two such questions exclude each other, or nearly so."""
    if isinstance(value.test, OneOf):
        return "is"
    return "contains" if isinstance(value.test, TextMatch) and value.test.kind is TextKind.CONTAINS else None


def _finding(first: Value, second: Value) -> Diagnostic:
    name = dotted(second.path)
    together = "`not_in: [...]`" if isinstance(second.test, OneOf) else "`not_contains: [...]`"
    at = origin(first)
    return NEGATIVES_UNDER_ANY.found(
        f"a second negative on `{name}` where one of them is enough",
        origin(second),
        detail=f"with the one {f'at {at}' if at else 'before'} it excludes only users who fail both",
        hint=f"write {together} with all values, or `all` instead of `any`",
    )
