"""One user out of the index, as the interpreter wants it: the values that conditions read, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from segctl.diagnostics import SegctlError
from segctl.index.column import ColumnData, Lists, Presence, Values
from segctl.index.view import Slice, View
from segctl.logic.interpret import Catalog, Row, User
from segctl.logic.needs import Needs
from segctl.logic.types import ELEMENTS, Scalar

Path = tuple[str, ...]


def profile(view: View, needs: Needs, user_id: str) -> User:
    """The user, with the attributes and events that are needed.

    Raises:
        SegctlError: no such user in the population.
    """
    shard = view.shard(_shard_of(user_id, view.shards))
    local = pc.index(shard.ids, pa.scalar(user_id, type=shard.ids.type)).as_py()
    if local < 0:
        raise SegctlError(f"there is no user `{user_id}` in the population", hint="the id as it is written in the data")
    if not shard.present[local]:
        raise _outside(user_id, derived=view.index.users_rows is None)
    attributes = _fields((path, value_at(shard.attribute(path), local)) for path in sorted(needs.attributes))
    events = [
        row
        for name in sorted(needs.properties)
        for part in shard.events(name)
        for row in _rows(part, name, int(local), needs)
    ]
    return User(user_id, attributes, events)


def _outside(user_id: str, *, derived: bool) -> SegctlError:
    """A user that is known from events only."""
    why = f"there is no user `{user_id}` in the population"
    if derived:
        return SegctlError(f"{why}: the first event comes after as_of", hint="a later `--as-of`")
    return SegctlError(f"{why}: there are events of that id, but it is not in the users table", hint="add it there")


def catalogs(view: View, needs: Needs, user: User) -> Mapping[str, Catalog]:
    """The catalogues' rows that the user's events point to; events know them by number."""
    found: dict[str, Catalog] = {}
    for name, paths in needs.catalogs.items():
        numbers = {row.properties[_pointer(name)] for row in user.events if _pointer(name) in row.properties}
        columns = {path: view.catalog_column(name, path) for path in sorted(paths)}
        rows = {
            str(n): _fields((path, value_at(column, n)) for path, column in columns.items())
            for n in numbers
            if isinstance(n, int)
        }
        found[name] = Catalog((_pointer(name),), rows)
    return found


def _shard_of(user_id: str, shards: int) -> int:
    """Shards are by the top bits of the id's hash."""
    return xxhash.xxh3_64_intdigest(user_id.encode()) * shards >> 64


def _rows(part: Slice, name: str, local: int, needs: Needs) -> Iterable[Row]:
    places = np.flatnonzero(part.users == local)
    if not len(places):
        return
    properties = {path: part.property(path) for path in sorted(needs.properties[name])}
    joined = {catalog: part.catalog_rows(catalog) for catalog in sorted(needs.joins.get(name, ()))}
    for place in places.tolist():
        fields = _fields((path, value_at(column, place)) for path, column in properties.items())
        pointers = {_pointer(catalog): int(rows[place]) for catalog, rows in joined.items() if rows[place] >= 0}
        yield Row(name, int(part.times[place]), fields | pointers)


def _pointer(catalog: str) -> str:
    """A property that no data has: the number of the catalogue's row."""
    return f"\0{catalog}"


def _fields(values: Iterable[tuple[Path, object]]) -> dict[str, object]:
    """Values by path as nested mappings; what is missing is left out. Shorter paths come first."""
    fields: dict[str, object] = {}
    for path, value in values:
        if value is None:
            continue
        if ELEMENTS in path:
            place = path.index(ELEMENTS)
            _fill(_elements(fields, path[:place], value), path[place + 1 :], value)
        else:
            _put(fields, path, value)
    return fields


def _put(fields: dict[str, object], path: Path, value: object) -> None:
    inner = fields
    for part in path[:-1]:
        below = inner.setdefault(part, {})
        if not isinstance(below, dict):
            return
        inner = below
    inner[path[-1]] = value


def _elements(fields: dict[str, object], path: Path, values: object) -> list[object]:
    """The list at a path, made if it is not there yet."""
    found: object = fields
    for part in path:
        found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, list):
        return found
    made: list[object] = [None] * (len(values) if isinstance(values, list) else 0)
    _put(fields, path, made)
    return made


def _fill(elements: list[object], path: Path, values: object) -> None:
    """One field of every element; an element that has none stays missing."""
    for place, value in enumerate(values if isinstance(values, list) else []):
        if value is not None:
            element = elements[place]
            element = element if isinstance(element, dict) else {}
            elements[place] = element
            _put(element, path, value)


def value_at(column: ColumnData, row: int) -> object:
    """One value of a column as plain Python, None if it is missing; of a struct only that it is there."""
    match column:
        case Presence(valid):
            return {} if valid[row] else None
        case Lists(_, offsets, elements, valid):
            if valid is not None and not valid[row]:
                return None
            return [value_at(elements, at) for at in range(int(offsets[row]), int(offsets[row + 1]))]
        case Values():
            return _scalar_at(column, row)


def _scalar_at(column: Values, row: int) -> object:
    if column.valid is not None and not column.valid[row]:
        return None
    value = column.values[row].item()
    if column.type is Scalar.STRING:
        return None if value < 0 or column.dictionary is None else column.dictionary[value].as_py()
    if column.type is Scalar.FLOAT and value != value:  # noqa: PLR0124 NaN is missing
        return None
    return value
