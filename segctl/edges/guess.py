"""The schema that definitions are about, from their literals alone: for projects whose data is not at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from segctl.logic import nodes
from segctl.logic.nodes import MeasureKind, Names, Node, Path, ValueTest
from segctl.logic.references import leaves
from segctl.logic.types import CatalogSchema, ListOf, Scalar, Schema, Struct, Type
from segctl.model.project import Project
from segctl.model.values import path_parts

_SURE = (Scalar.STRING, Scalar.INT, Scalar.BOOL, Scalar.FLOAT, Scalar.DATE, Scalar.TIME)
"""What a column is if its literals disagree: the later one."""
_ANY_VALUE = frozenset({
    MeasureKind.DISTINCT, MeasureKind.FIRST_VALUE, MeasureKind.LAST_VALUE, MeasureKind.MOST_FREQUENT,
    MeasureKind.UNIQUE_LIST,
})  # fmt: skip
_TESTS: Mapping[type, list[Type]] = {
    nodes.TextMatch: [Scalar.STRING], nodes.Pattern: [Scalar.STRING], nodes.VersionRange: [Scalar.STRING],
    nodes.TimeTest: [Scalar.TIME], nodes.Rank: [Scalar.FLOAT], nodes.Length: [ListOf(Scalar.STRING)],
    nodes.YearlyWithin: [Scalar.DATE], nodes.YearlyBetween: [Scalar.DATE],
}  # fmt: skip

Hints = dict[Path, list[Type]]


@dataclass
class _Found:
    """What is read: the attributes, and by event name the properties."""

    users: Hints = field(default_factory=dict)
    events: dict[str, Hints] = field(default_factory=dict)
    anywhere: list[tuple[Names, Hints]] = field(default_factory=list)


def guess(conditions: Iterable[Node], project: Project, traits: Iterable[nodes.Expression] = ()) -> Schema:
    """The schema of all that the conditions and the traits read."""
    found = _Found()
    for condition in conditions:
        _read(condition, found)
    for trait in traits:
        _read_trait(trait, found)
    for names, hints in found.anywhere:
        for name in _meant(names, found.events):
            _merge(found.events.setdefault(name, {}), hints)
    return _schema(found, project)


def _schema(found: _Found, project: Project) -> Schema:
    catalogs = {name: path_parts(source.on or [source.key]) for name, source in project.catalogs.items()}
    rows: Hints = {}
    for of in found.events.values():
        _merge(rows, of)
    fields = {name: _types(_below(rows, name)) for name in catalogs}
    return Schema(
        project.timezone,
        _types(found.users),
        {name: _types(_joined(of, catalogs)) for name, of in sorted(found.events.items())},
        {name: CatalogSchema(on, project.catalogs[name].key, fields[name]) for name, on in catalogs.items()},
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


# --- what is read -------------------------------------------------------------------------------------


def _read(node: Node, found: _Found) -> None:
    for leaf in leaves(node):
        match leaf:
            case nodes.EventTest(rows, measure) | nodes.EventMissing(rows, measure):
                _read_rows(rows, _measured(measure), found)
            case nodes.Sequence(steps):
                for step in steps:
                    _read_rows(step.rows, {}, found)
            case nodes.Engagement(sent, responses, message):
                for name in (sent, *responses):
                    _merge(found.events.setdefault(name, {}), {message: [Scalar.STRING]})
            case nodes.Rfm(rows, of):
                _read_rows(rows, {of: [Scalar.FLOAT]}, found)
            case _:
                _merge(found.users, _values(leaf))


def _read_trait(part: nodes.Expression, found: _Found) -> None:
    match part:
        case nodes.Measured(rows, measure):
            _read_rows(rows, _measured(measure), found)
        case nodes.Arithmetic(_, left, right):
            _read_trait(left, found)
            _read_trait(right, found)


def _measured(measure: nodes.Measure) -> Hints:
    if measure.of is None:
        return {}
    return {measure.of: [] if measure.kind in _ANY_VALUE else [Scalar.FLOAT]}


def _read_rows(rows: nodes.Rows, hints: Hints, found: _Found) -> None:
    hints = {path: list(of) for path, of in hints.items()}
    for leaf in leaves(rows.where):
        _merge(hints, _values(leaf))
    for name in rows.names.exact:
        _merge(found.events.setdefault(name, {}), hints)
    if rows.names.prefix is not None:
        found.anywhere.append((rows.names, hints))


def _values(leaf: Node) -> Hints:
    """What a test on values reads."""
    match leaf:
        case nodes.Value(path, test):
            return {path: _hint(test)}
        case nodes.Place(lat, lon):
            return {lat: [Scalar.FLOAT], lon: [Scalar.FLOAT]}
        case _:
            return {}


def _hint(test: ValueTest) -> list[Type]:
    match test:
        case nodes.OneOf(values):
            return [_of(value) for value in values]
        case nodes.Includes(_, values):
            return [ListOf(_strongest([_of(value) for value in values]))]
        case nodes.Range(low, high):
            return [Scalar.TIME if isinstance(v, str) else _of(v) for v in (low, high) if v is not None]
        case nodes.AnyElement(where):
            hints: Hints = {}
            for leaf in leaves(where):
                _merge(hints, _values(leaf))
            return [ListOf(_type(hints[()]) if () in hints else Struct(_types(hints)))]
        case _:
            return _TESTS.get(type(test), [])


def _of(value: nodes.Literal) -> Scalar:
    if isinstance(value, bool):
        return Scalar.BOOL
    if isinstance(value, Decimal):
        return Scalar.FLOAT
    return Scalar.INT if isinstance(value, int) else Scalar.STRING


# --- types --------------------------------------------------------------------------------------------


def _strongest(found: list[Scalar]) -> Scalar:
    return max(found, key=_SURE.index, default=Scalar.STRING)


def _types(hints: Hints) -> dict[str, Type]:
    """The types of columns; those of paths that go on are structs."""
    found: dict[str, Type] = {}
    for name in dict.fromkeys(path[0] for path in hints):
        below = _below(hints, name)
        found[name] = Struct(_types(below)) if below else _type(hints[(name,)])
    return found


def _type(of: list[Type]) -> Type:
    """The type of a column; of lists one whose elements are structs, if any is."""
    lists = [kind.element for kind in of if isinstance(kind, ListOf)]
    if not lists:
        return _strongest([kind for kind in of if isinstance(kind, Scalar)])
    structs = [element for element in lists if isinstance(element, Struct)]
    if structs:
        return ListOf(Struct({name: kind for element in structs for name, kind in element.fields.items()}))
    return ListOf(_strongest([element for element in lists if isinstance(element, Scalar)]))
