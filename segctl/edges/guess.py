"""The schema that definitions are about, from their literals alone: for projects whose data is not at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from segctl.logic import nodes
from segctl.logic.nodes import MeasureKind, Names, Node, Path, ValueTest
from segctl.logic.types import CatalogSchema, ListOf, Scalar, Schema, Struct, Type
from segctl.model.project import Project
from segctl.model.values import path_parts

_MEASURED = {MeasureKind.DISTINCT: Scalar.STRING}
_SURE = (Scalar.STRING, Scalar.INT, Scalar.BOOL, Scalar.FLOAT, Scalar.DATE, Scalar.TIME)
"""What a column is if its literals disagree: the later one."""

Hints = dict[Path, list[Type]]


@dataclass
class _Found:
    """What is read: the attributes, and by event name the properties."""

    users: Hints = field(default_factory=dict)
    events: dict[str, Hints] = field(default_factory=dict)
    anywhere: list[tuple[Names, Hints]] = field(default_factory=list)


def guess(conditions: Iterable[Node], project: Project) -> Schema:
    """The schema of all that the conditions read."""
    found = _Found()
    for condition in conditions:
        _read(condition, found)
    for names, hints in found.anywhere:
        for name in _meant(names, found.events):
            _merge(found.events.setdefault(name, {}), hints)
    catalogs = {name: path_parts(source.on or [source.key]) for name, source in project.catalogs.items()}
    rows: Hints = {}
    for of in found.events.values():
        _merge(rows, of)
    for name, of in found.events.items():
        found.events[name] = _joined(of, catalogs)
    return Schema(
        project.timezone,
        _types(found.users),
        {name: _types(of) for name, of in sorted(found.events.items())},
        {
            name: CatalogSchema(on, project.catalogs[name].key, _types(_below(rows, name)))
            for name, on in catalogs.items()
        },
    )


def _meant(names: Names, known: Mapping[str, Hints]) -> list[str]:
    """The names of a prefix that others mention, or one of its own."""
    prefix = names.prefix or ""
    return [name for name in known if name.startswith(prefix)] or [f"{prefix}something"]


def _joined(hints: Hints, catalogs: Mapping[str, Path]) -> Hints:
    """The properties; in place of a catalogue's fields the key that leads to them."""
    own = {path: of for path, of in hints.items() if path[0] not in catalogs or len(path) == 1}
    for path in hints:
        if path[0] in catalogs and len(path) > 1:
            own.setdefault(catalogs[path[0]], [Scalar.STRING])
    return own


def _below(hints: Hints, name: str) -> Hints:
    return {path[1:]: of for path, of in hints.items() if path[0] == name and len(path) > 1}


def _merge(into: Hints, hints: Hints) -> None:
    for path, of in hints.items():
        into.setdefault(path, []).extend(of)


def _read(node: Node, found: _Found) -> None:
    for leaf in _leaves(node):
        if isinstance(leaf, nodes.Value):
            found.users.setdefault(leaf.path, []).extend(_hint(leaf.test))
        elif isinstance(leaf, nodes.EventTest | nodes.EventMissing):
            _read_event(leaf, found)


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case nodes.All(of) | nodes.Any(of):
            for part in of:
                yield from _leaves(part)
        case nodes.Not(of):
            yield from _leaves(of)
        case _:
            yield node


def _read_event(leaf: nodes.EventTest | nodes.EventMissing, found: _Found) -> None:
    hints: Hints = {}
    for row in _leaves(leaf.rows.where):
        if isinstance(row, nodes.Value):
            hints.setdefault(row.path, []).extend(_hint(row.test))
    if leaf.measure.of is not None:
        fallback: Type = _MEASURED.get(leaf.measure.kind, Scalar.FLOAT)
        hints.setdefault(leaf.measure.of, []).append(fallback)
    for name in leaf.rows.names.exact:
        _merge(found.events.setdefault(name, {}), hints)
    if leaf.rows.names.prefix is not None:
        found.anywhere.append((leaf.rows.names, hints))


def _hint(test: ValueTest) -> list[Type]:
    match test:
        case nodes.OneOf(values):
            return [_of(value) for value in values]
        case nodes.Includes(_, values):
            return [ListOf(_strongest([_of(value) for value in values]))]
        case nodes.TextMatch():
            return [Scalar.STRING]
        case nodes.Range(low, high):
            return [Scalar.TIME if isinstance(v, str) else _of(v) for v in (low, high) if v is not None]
        case nodes.TimeTest():
            return [Scalar.TIME]
        case _:
            return []


def _of(value: nodes.Literal) -> Scalar:
    if isinstance(value, bool):
        return Scalar.BOOL
    if isinstance(value, Decimal):
        return Scalar.FLOAT
    return Scalar.INT if isinstance(value, int) else Scalar.STRING


def _strongest(found: list[Scalar]) -> Scalar:
    return max(found, key=_SURE.index, default=Scalar.STRING)


def _types(hints: Hints) -> dict[str, Type]:
    """The types of columns; those of paths that go on are structs."""
    found: dict[str, Type] = {}
    for name in dict.fromkeys(path[0] for path in hints):
        below = {path[1:]: of for path, of in hints.items() if path[0] == name and len(path) > 1}
        found[name] = Struct(_types(below)) if below else _type(hints[(name,)])
    return found


def _type(of: list[Type]) -> Type:
    lists = [kind.element for kind in of if isinstance(kind, ListOf)]
    if lists:
        return ListOf(_strongest(lists))
    return _strongest([kind for kind in of if isinstance(kind, Scalar)])
