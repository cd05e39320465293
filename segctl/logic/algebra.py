"""Building bound conditions without constants, repetition and double negation inside."""

from __future__ import annotations

from collections.abc import Iterable

from segctl.logic.bound import All, Any, Everyone, Node, Not

EVERYONE = Everyone()
NOBODY = Any(())


def constant(holds: bool) -> Node:  # noqa: FBT001 the value is the point
    """Everyone, or nobody."""
    return EVERYONE if holds else NOBODY


def all_of(nodes: Iterable[Node]) -> Node:
    """The condition that all are true, its parts in the order of their keys."""
    return _joined(All, nodes, neutral=EVERYONE, absorbing=NOBODY)


def any_of(nodes: Iterable[Node]) -> Node:
    """The condition that one is true, its parts in the order of their keys."""
    return _joined(Any, nodes, neutral=NOBODY, absorbing=EVERYONE)


def negated(node: Node) -> Node:
    """The condition that the other is false."""
    if isinstance(node, Not):
        return node.of
    if node == NOBODY:
        return EVERYONE
    return NOBODY if node == EVERYONE else Not(node)


def _joined(kind: type[All | Any], nodes: Iterable[Node], *, neutral: Node, absorbing: Node) -> Node:
    distinct = {node.key: node for node in nodes}
    if absorbing.key in distinct:
        return absorbing
    distinct.pop(neutral.key, None)
    parts = tuple(distinct[key] for key in sorted(distinct))
    if not parts:
        return neutral
    return parts[0] if len(parts) == 1 else kind(parts)
