"""One resource: its model, the plain data it was written as, and where each part stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from segctl.diagnostics import Diagnostic, InvalidInput, Span
from segctl.load.node import Node, node_of
from segctl.load.validate import validate
from segctl.model.project import Project
from segctl.model.resources import KINDS, Named

Key = tuple[str, str]
"""Kind and name: the identity of a resource."""

MODELS: Mapping[str, type[Any]] = {"project": Project, **KINDS}
"""The model of each kind."""


class Placed:
    """Data that may know where it stands in a file."""

    key: Key
    data: Mapping[str, object]
    node: Node | None
    file: str

    def span(self, path: Sequence[str | int] = ()) -> Span | None:
        """Where the value at the path stands, or the nearest one above it that exists."""
        return None if self.node is None else Span(self.file, *self.node.find(path).place)

    def spans(self, paths: Iterable[tuple[str | int, ...]]) -> tuple[Span | None, ...]:
        """As `span`, of many values; what they lie in is found once."""
        root = self.node
        if root is None:
            return tuple(None for _ in paths)
        above: dict[tuple[str | int, ...], Node | None] = {}
        found = []
        for path in paths:
            if path[:-1] not in above:
                above[path[:-1]] = root.at(path[:-1])
            parent = above[path[:-1]]
            node = parent.child(path[-1]) if parent and path else None
            found.append(Span(self.file, *(node or root.find(path)).place))
        return tuple(found)

    def key_span(self, path: Sequence[str | int]) -> Span | None:
        """Where the last key of the path stands, instead of its value."""
        return None if self.node is None else Span(self.file, *self.node.key_place(path))


@dataclass(frozen=True)
class Document(Placed):
    """One resource; `data` has the keys as written and fractions as Decimal.

    A document out of the state has neither `node` nor `file`: its spans are None.
    """

    key: Key
    resource: Named | Project
    data: Mapping[str, object]
    node: Node | None = field(default=None, compare=False, repr=False)
    file: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Draft(Placed):
    """A document with mistakes: anything may stand anywhere in its data."""

    key: Key
    data: Mapping[str, object]
    node: Node | None
    file: str


def unchecked(key: Key, data: Mapping[str, object]) -> Draft:
    """A document out of the state as it was written, for what asks no more than its data."""
    return Draft(key, data, None, "")


def restore(data: Mapping[str, object]) -> Document:
    """A document out of the state: the same model, without spans.

    Raises:
        InvalidInput: the data is no definition of this version.
    """
    kind, name = data.get("kind"), data.get("name")
    if not isinstance(kind, str) or kind not in MODELS or not isinstance(name, str):
        raise InvalidInput([Diagnostic("unknown-kind", "stored data is no definition that this version knows")])
    resource, mistakes = validate(node_of(data), MODELS[kind], file="")
    if resource is None:
        raise InvalidInput(replace(mistake, span=None) for mistake in mistakes)
    return Document((kind, name), resource, data)


def to_json(value: object) -> str:
    """Plain data as JSON; a Decimal is a number with a point or an exponent, with every digit it has.

    Raises:
        TypeError: something that is not plain data.
    """
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(str(key))}:{to_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(to_json(item) for item in value) + "]"
    if isinstance(value, Decimal):
        digits = str(value)
        return digits if {".", "E"}.intersection(digits) else f"{digits}.0"
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    raise TypeError(f"{type(value).__name__} is not plain data")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def from_json(text: str) -> Any:
    """What `to_json` wrote: fractions are Decimals again, integers integers.

    Raises:
        ValueError: not JSON.
    """
    return json.loads(text, parse_float=Decimal)
