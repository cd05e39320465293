"""A YAML document as a tree that knows where each node and each key stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Place = tuple[int, int]
"""Line and column, from 1."""


@dataclass(slots=True, eq=False)
class Node:
    """A scalar, a list or a mapping; nodes behind an alias are shared, not copied.

    `data` is the plain value: dict, list, str, int, Decimal, bool or None. `children` are the
    nodes of `data`'s items, `keys` the places of a mapping's keys. `size` counts the nodes below
    and this one with every alias expanded, `height` the levels. `spoiled`: something in it has
    been diagnosed and left out, so what is found wrong with the node itself follows from that.
    `hollow`: it is null, or holds a null.
    """

    place: Place
    data: Any
    children: dict[str, Node] | list[Node] | None = None
    keys: dict[str, Place] | None = None
    size: int = 1
    height: int = 1
    spoiled: bool = False
    hollow: bool = False

    def child(self, part: str | int) -> Node | None:
        """The node under this key or index, if there is one."""
        if isinstance(part, str):
            return self.children.get(part) if isinstance(self.children, dict) else None
        within = isinstance(self.children, list) and 0 <= part < len(self.children)
        return self.children[part] if within and isinstance(self.children, list) else None

    def at(self, path: Sequence[str | int]) -> Node | None:
        """The node at the end of the path, if there is one."""
        node: Node | None = self
        for part in path:
            node = node.child(part) if node else None
        return node

    def find(self, path: Sequence[str | int]) -> Node:
        """The nearest node on the path that exists."""
        node = self
        for part in path:
            below = node.child(part)
            if below is None:
                return node
            node = below
        return node

    def key_place(self, path: Sequence[str | int]) -> Place:
        """Where the last key of the path stands; where its node stands if it has no key."""
        if not path:
            return self.place
        parent = self.find(path[:-1])
        place = parent.keys.get(path[-1]) if parent.keys and isinstance(path[-1], str) else None
        return place or self.find(path).place


def walk(node: Node, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Node]]:
    """Every node with its path, parents first; as often as aliases repeat it."""
    waiting = [(path, node)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        if isinstance(node.children, dict):
            waiting.extend(((*path, key), child) for key, child in reversed(node.children.items()))
        elif node.children is not None:
            waiting.extend(((*path, i), child) for i, child in reversed(list(enumerate(node.children))))


def node_of(data: Any) -> Node:
    """A tree for data that stands in no file."""
    if isinstance(data, Mapping):
        children = {key: node_of(value) for key, value in data.items()}
        return Node((0, 0), data, children, hollow=any(child.hollow for child in children.values()))
    if isinstance(data, list):
        items = [node_of(value) for value in data]
        return Node((0, 0), data, items, hollow=any(item.hollow for item in items))
    return Node((0, 0), data, hollow=data is None)
