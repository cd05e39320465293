"""Names to columns: attributes of users, properties of events, fields of the catalogues they point to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from segctl.diagnostics import did_you_mean
from segctl.logic.bound import Column, Scope
from segctl.logic.problem import Problem, dotted, type_words
from segctl.logic.types import NO_ELEMENTS, NOTHING, CatalogSchema, ListOf, Scalar, Schema, Struct, Type, flat

Path = tuple[str, ...]
Fields = Mapping[str, Type]

_KEYS = (Scalar.INT, Scalar.FLOAT, Scalar.STRING, NOTHING)
_FEW = 12


@dataclass(frozen=True)
class Attributes:
    """Where the paths of conditions on users lead."""

    schema: Schema

    def column(self, path: Path) -> Column | Problem:
        """The column of an attribute."""
        kind = _descend(self.schema.users, path)
        if kind is None and not self.schema.partial:
            return _unknown("attribute", path, self.schema.users, "the users have")
        return Column(Scope.ATTRIBUTE, path, flat(kind or NOTHING))

    def elements(self, path: Path) -> Elements:
        """Where the paths of conditions on one element of an attribute lead."""
        return Elements(path, {"": _descend(self.schema.users, path) or NOTHING}, partial=self.schema.partial)


@dataclass(frozen=True)
class Properties:
    """Where the paths of conditions on rows of these events lead; all names are in the schema."""

    schema: Schema
    names: tuple[str, ...]

    def column(self, path: Path) -> Column | Problem:
        """The column of a property, or of a field of a catalogue."""
        catalog = self.schema.catalogs.get(path[0]) if len(path) > 1 else None
        if catalog is not None:
            return self._ambiguous(path) or self._field(catalog, path)
        kind = self._kind(path)
        if isinstance(kind, Problem):
            return kind
        if kind is None and not self.schema.partial:
            return self._unknown(path)
        return Column(Scope.PROPERTY, path, kind or NOTHING)

    def elements(self, path: Path) -> Elements:
        """Where the paths of conditions on one element of a property, or of a field of a catalogue, lead."""
        catalog = self.schema.catalogs.get(path[0]) if len(path) > 1 else None
        kinds = {name: _descend(self.schema.events[name], path) or NOTHING for name in self.names}
        if catalog is not None:
            kinds = {"": _descend(catalog.fields, path[1:]) or NOTHING}
        return Elements(path, kinds, partial=self.schema.partial)

    def _kind(self, path: Path) -> Type | Problem | None:
        """The one type that a property has in all events that have it; None if none has."""
        return _in_all(path, {name: _descend(self.schema.events[name], path) for name in self.names})

    def _ambiguous(self, path: Path) -> Problem | None:
        with_struct = [name for name in self.names if isinstance(self.schema.events[name].get(path[0]), Struct)]
        if not with_struct:
            return None
        return Problem(
            "ambiguous-name", f"`{dotted(path)}` can mean two things",
            detail=f"`{path[0]}` is a catalogue, and a property of `{with_struct[0]}` with fields of its own",
            hint="give the catalogue another name in segctl.yaml",
        )  # fmt: skip

    def _field(self, catalog: CatalogSchema, path: Path) -> Column | Problem:
        key = self._kind(catalog.on)
        if isinstance(key, Problem):
            return key
        kind = _descend(catalog.fields, path[1:])
        if self.schema.partial and (key is None or kind is None):
            return Column(Scope.CATALOG, path[1:], NOTHING, path[0])
        if key is None:
            return self._no_key(catalog, path[0])
        if key not in _KEYS:
            return Problem(
                "catalog-key", f"`{dotted(catalog.on)}` cannot join the catalogue `{path[0]}`",
                detail=f"it is {type_words(key)}; a key is text or a number",
                hint=f"name another property of the events at `on` of `{path[0]}` in segctl.yaml",
            )  # fmt: skip
        if kind is None:
            return _unknown("field", path, {}, f"the catalogue `{path[0]}` has", {path[0]: catalog.fields})
        return Column(Scope.CATALOG, path[1:], flat(kind), path[0])

    def _no_key(self, catalog: CatalogSchema, name: str) -> Problem:
        key = dotted(catalog.on)
        problem = self._unknown(catalog.on)
        return Problem(
            "unknown-property", f"the catalogue `{name}` cannot be joined: {self._whose()} no property `{key}`",
            detail=problem.detail,
            hint=problem.hint or f"name the property that holds the key: `on` of `{name}` in segctl.yaml",
        )  # fmt: skip

    def _unknown(self, path: Path) -> Problem:
        fields: dict[str, Type] = {}
        for name in self.names:
            fields.update(self.schema.events[name])
        catalogs = {name: catalog.fields for name, catalog in self.schema.catalogs.items()}
        return _unknown("property", path, fields, f"{self._whose()} the properties", catalogs)

    def _whose(self) -> str:
        quoted = [f"`{name}`" for name in self.names]
        if len(quoted) < 2:  # noqa: PLR2004 one, or none
            return f"{''.join(quoted) or 'no event'} has"
        shown = quoted if len(quoted) <= _FEW else [*quoted[:_FEW], "others"]
        return f"{', '.join(shown[:-1])} and {shown[-1]} have"


@dataclass(frozen=True)
class Elements:
    """Where the paths of conditions on one element of a list lead.

    `kinds` is the type of the list, by event name where it is a property.
    """

    list: Path
    kinds: Mapping[str, Type]
    partial: bool

    def column(self, path: Path) -> Column | Problem:
        """The column of a field of the element; of the element itself without a path."""
        elements = {name: kind.element for name, kind in self.kinds.items() if isinstance(kind, ListOf)}
        kind = _in_all((*self.list, *path), {name: _within(element, path) for name, element in elements.items()})
        if isinstance(kind, Problem):
            return kind
        if kind is None and not self.partial:
            return self._unknown(path, elements.values())
        return Column(Scope.ELEMENT, path, kind or NOTHING)

    def _unknown(self, path: Path, elements: Iterable[Type]) -> Problem:
        fields: dict[str, Type] = {}
        for element in elements:
            fields.update(element.fields if isinstance(element, Struct) else {})
        if fields:
            return _unknown("field", path, fields, f"the elements of `{dotted(self.list)}` have")
        first = next(iter(elements))
        return Problem(
            "unknown-field", f"there is no field `{dotted(path)}`",
            detail=f"each element of `{dotted(self.list)}` is {type_words(first)}",
            hint="write the operator alone: `any_element: {is: ...}`",
        )  # fmt: skip


def _within(element: Type, path: Path) -> Type | None:
    """The type of a field of an element, or of the element itself."""
    if not path or element == NOTHING:
        return element
    return _descend(element.fields, path) if isinstance(element, Struct) else None


def _in_all(path: Path, by_name: Mapping[str, Type | None]) -> Type | Problem | None:
    """The one type of a column that several events may have; None if none has."""
    known = {name: flat(kind) for name, kind in by_name.items() if kind is not None and kind != NOTHING}
    if not known:
        return NOTHING if NOTHING in by_name.values() else None
    first = next(iter(known))
    merged = known[first]
    for name, kind in known.items():
        together = _merged(merged, kind)
        if together is None:
            return _disagreement(path, (first, merged), (name, kind))
        merged = together
    return merged


def _descend(fields: Fields, path: Path) -> Type | None:
    """The type at a path; None if there is nothing."""
    kind: Type | None = fields.get(path[0])
    if len(path) == 1 or kind is None:
        return kind
    if kind == NOTHING:
        return NOTHING
    return _descend(kind.fields, path[1:]) if isinstance(kind, Struct) else None


def _merged(one: Type, other: Type) -> Type | None:
    """The type of values of both types: integers and numbers are numbers."""
    if one == other:
        return one
    if NO_ELEMENTS in (one, other):
        lists = [kind for kind in (one, other) if isinstance(kind, ListOf)]
        return lists[0] if lists else None
    if isinstance(one, ListOf) and isinstance(other, ListOf):
        element = _merged(one.element, other.element)
        return None if element is None else ListOf(element)
    return Scalar.FLOAT if {one, other} == {Scalar.INT, Scalar.FLOAT} else None


def _disagreement(path: Path, one: tuple[str, Type], other: tuple[str, Type]) -> Problem:
    return Problem(
        "mixed-types", f"`{dotted(path)}` is not the same in all of these events",
        detail=f"it is {type_words(one[1])} in `{one[0]}` and {type_words(other[1])} in `{other[0]}`",
        hint="write one condition for each event, joined by `any`",
    )  # fmt: skip


def _unknown(
    what: str, path: Path, fields: Fields, owner: str, catalogs: Mapping[str, Fields] = MappingProxyType({})
) -> Problem:
    """There is nothing of that name among the fields, nor in the catalogues."""
    name = dotted(path)
    names = [*_names(fields), *(field for above, types in catalogs.items() for field in _names(types, f"{above}."))]
    listed = ", ".join(f"`{n}`" for n in names[:_FEW])
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    detail = f"{owner} {listed}{more}" if names else ""
    return Problem(f"unknown-{what}", f"there is no {what} `{name}`", detail, _mend(path, fields, names))


def _mend(path: Path, fields: Fields, names: list[str]) -> str:
    joined = ".".join(path)
    if len(path) > 1 and joined in fields:
        return f"a name that holds a dot is written as a list of its parts: `[{joined}]`"
    kind = fields.get(path[0])
    if len(path) > 1 and isinstance(kind, ListOf) and isinstance(kind.element, Struct):
        return f"`{path[0]}` is a list of structs: conditions on its elements are written at `any_element`"
    if len(path) > 1 and kind is not None and not isinstance(kind, Struct):
        return f"`{path[0]}` is {type_words(kind)} and has no fields"
    return did_you_mean(joined, names)


def _names(fields: Fields, above: str = "") -> Iterator[str]:
    """All paths that lead to something, fields of structs included."""
    for name, kind in fields.items():
        yield f"{above}{name}"
        if isinstance(kind, Struct):
            yield from _names(kind.fields, f"{above}{name}.")
