"""What conditions refer to, and what that refers to in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from segctl.load.document import Key
from segctl.logic import nodes
from segctl.logic.nodes import Node, Reference

Resolve = Callable[[Reference], Node | None]
"""The logic of a reference, to be bound in its place, or None for a membership that is given."""


Traits = Callable[[str], nodes.Expression | None]
"""What a trait is, by its name, or None where there is none."""


def given_only(reference: Reference) -> None:  # noqa: ARG001 a `Resolve` that knows none
    """Leave every reference to be given."""
    return


def no_traits(name: str) -> None:  # noqa: ARG001 `Traits` that knows none
    """Know of no trait."""
    return


def references(node: Node) -> Iterator[Reference]:
    """The references of a condition, from left to right."""
    match node:
        case Reference():
            yield node
        case nodes.All(of) | nodes.Any(of):
            for part in of:
                yield from references(part)
        case nodes.Not(of):
            yield from references(of)
        case nodes.TraitValue(name=name, origin=origin):
            yield Reference("trait", name, origin)


def ranks_in(node: Node) -> Iterator[Node]:
    """The conditions in a condition that ask for a rank or a score among the whole population."""
    match node:
        case nodes.All(of) | nodes.Any(of):
            for part in of:
                yield from ranks_in(part)
        case nodes.Not(of):
            yield from ranks_in(of)
        case nodes.Value(test=nodes.Rank()) | nodes.TraitValue(test=nodes.Rank()) | nodes.Rfm():
            yield node


def traits_in(part: nodes.Expression) -> Iterator[Reference]:
    """The traits that a trait is computed from, from left to right."""
    match part:
        case nodes.TraitOf(name, origin):
            yield Reference("trait", name, origin)
        case nodes.Arithmetic(_, left, right):
            yield from traits_in(left)
            yield from traits_in(right)


def upstream(node: Node, resolve: Resolve) -> dict[Key, Node]:
    """All that a condition refers to and `resolve` knows, each after those that it refers to itself."""
    found: dict[Key, Node] = {}
    waiting: list[tuple[Reference, Node | None]] = [(reference, None) for reference in _memberships(node)]
    while waiting:
        reference, logic = waiting.pop()
        key = (reference.kind, reference.name)
        if key in found:
            continue
        if logic is not None:
            found[key] = logic
            continue
        logic = resolve(reference)
        if logic is not None:
            waiting.append((reference, logic))
            waiting.extend((inner, None) for inner in _memberships(logic))
    return found


def _memberships(node: Node) -> Iterator[Reference]:
    return (reference for reference in references(node) if reference.kind != "trait")


def traits_of(node: Node) -> Iterator[str]:
    """The names of the traits that a condition tests itself."""
    return (reference.name for reference in references(node) if reference.kind == "trait")


def traits_upstream(names: Iterable[str], traits: Traits) -> dict[str, nodes.Expression]:
    """These traits and all that they are computed from, as far as `traits` knows, each after those in it."""
    found: dict[str, nodes.Expression] = {}
    waiting: list[tuple[str, nodes.Expression | None]] = [(name, None) for name in names]
    while waiting:
        name, logic = waiting.pop()
        if name in found:
            continue
        if logic is not None:
            found[name] = logic
            continue
        logic = traits(name)
        if logic is not None:
            waiting.append((name, logic))
            waiting.extend((inner.name, None) for inner in traits_in(logic))
    return found
