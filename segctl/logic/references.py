"""What conditions refer to, and what that refers to in turn."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from segctl.load.document import Key
from segctl.logic import nodes
from segctl.logic.nodes import Node, Reference

_Name = TypeVar("_Name", bound=Hashable)
_Logic = TypeVar("_Logic")

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


def leaves(node: Node) -> Iterator[Node]:
    """All conditions in a condition that are none of `All`, `Any` and `Not`, from left to right."""
    match node:
        case nodes.All(of) | nodes.Any(of):
            for part in of:
                yield from leaves(part)
        case nodes.Not(of):
            yield from leaves(of)
        case _:
            yield node


def references(node: Node) -> Iterator[Reference]:
    """The references of a condition, from left to right."""
    for leaf in leaves(node):
        match leaf:
            case Reference():
                yield leaf
            case nodes.TraitValue(name=name, origin=origin):
                yield Reference("trait", name, origin)


def ranks_in(node: Node) -> Iterator[Node]:
    """The conditions in a condition that ask for a rank or a score among the whole population."""
    for leaf in leaves(node):
        match leaf:
            case nodes.Value(test=nodes.Rank()) | nodes.TraitValue(test=nodes.Rank()) | nodes.Rfm():
                yield leaf


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
    found: dict[Reference, Node] = _after_their_own(_memberships(node), resolve, _memberships)
    return {(reference.kind, reference.name): logic for reference, logic in found.items()}


def _after_their_own(
    names: Iterable[_Name], resolve: Callable[[_Name], _Logic | None], inner: Callable[[_Logic], Iterable[_Name]]
) -> dict[_Name, _Logic]:
    """These and all that they refer to, as far as `resolve` knows, each after its own; a chain may be of any length."""
    found: dict[_Name, _Logic] = {}
    waiting: list[tuple[_Name, _Logic | None]] = [(name, None) for name in names]
    while waiting:
        name, logic = waiting.pop()
        if name in found:
            continue
        if logic is not None:
            found[name] = logic
            continue
        logic = resolve(name)
        if logic is not None:
            waiting.append((name, logic))
            waiting.extend((other, None) for other in inner(logic))
    return found


def _memberships(node: Node) -> Iterator[Reference]:
    return (reference for reference in references(node) if reference.kind != "trait")


def traits_of(node: Node) -> Iterator[str]:
    """The names of the traits that a condition tests itself."""
    return (reference.name for reference in references(node) if reference.kind == "trait")


def traits_upstream(names: Iterable[str], traits: Traits) -> dict[str, nodes.Expression]:
    """These traits and all that they are computed from, as far as `traits` knows, each after those in it."""
    return _after_their_own(names, traits, _names_in)


def _names_in(part: nodes.Expression) -> Iterator[str]:
    return (inner.name for inner in traits_in(part))
