"""The files of a table, examined together: which columns there are, and of which types."""

from __future__ import annotations

from collections.abc import Mapping

from segctl.logic.types import NOTHING, Scalar, Type
from segctl.sources.declared import EventsTable, Reading, Table
from segctl.sources.endings import ENDINGS, format_of
from segctl.sources.files import File
from segctl.sources.format import Shapes, Unreadable
from segctl.sources.naming import columns_hint
from segctl.sources.problems import Problems, name_files
from segctl.sources.shape import Conflict, Shape, describe, describe_type, join, resolve


def examine(table: Table, file: File, problems: Problems) -> Shapes | None:
    """The columns of a file; None, and a problem, if it cannot be read."""
    place = (*table.place, "path")
    known = format_of(file.name)
    if known is None:
        problems.add("unknown-format", f"{file.name} has an unknown format", place, hint=f"files end in {ENDINGS}")
        return None
    try:
        return known.shapes(file)
    except Unreadable as cause:
        problems.add(cause.code, cause.summary, place, detail=cause.detail, hint=cause.hint)
        return None


def settle(table: Table, shapes: Mapping[str, Shapes], problems: Problems) -> dict[str, Type]:
    """The type of every column of the table, over all its files (name to shapes)."""
    for reading in table.needed:
        _check_present(reading, shapes, problems)
    needed = {reading.column for reading in table.needed}
    columns = dict.fromkeys(name for shape in shapes.values() for name in shape)
    types = {name: _settle_column(table, name, shapes, None if name in needed else problems) for name in columns}
    if isinstance(table, EventsTable):
        _check_time(table.time, types, shapes, problems)
    for name, zone in table.zones.items():
        reading = Reading(name, (*table.place, "times", name), zone=zone)
        _check_present(reading, shapes, problems)
        _check_time(reading, types, shapes, problems)
        if types.get(name) is Scalar.STRING:
            types[name] = Scalar.TIME
    return types


def _settle_column(table: Table, name: str, shapes: Mapping[str, Shapes], problems: Problems | None) -> Type:
    """Columns that are read in their own way (no `problems`) may differ from file to file: they are text then."""
    joined: Shape = NOTHING
    first: dict[str, str] = {}
    for file, found in shapes.items():
        if name not in found:
            continue
        try:
            joined = join(joined, found[name])
        except Conflict:
            if problems is not None:
                _conflict(table, name, {**first, file: describe(found[name])}, problems)
            return Scalar.STRING
        if found[name] != NOTHING and not first:
            first[file] = describe(found[name])
    return resolve(joined)


def _conflict(table: Table, name: str, kinds: Mapping[str, str], problems: Problems) -> None:
    held = " and ".join(f"{kind} in {file}" for file, kind in kinds.items())
    hint = "write one type in all files of a table"
    problems.add("conflicting-types", f"`{name}` is {held}", (*table.place, "path"), hint=hint)


def _check_present(reading: Reading, shapes: Mapping[str, Shapes], problems: Problems) -> None:
    """A file without any column has no rows (an hour of JSON Lines in which nothing happened), and lacks none."""
    some = {file: found for file, found in shapes.items() if found} or shapes
    without = [file for file, found in some.items() if reading.column not in found]
    if not without:
        return
    names = list(shapes[without[0]])
    hint = columns_hint(reading.column, names)
    problems.add("missing-column", f"{name_files(without)}: no column `{reading.column}`", reading.place, hint=hint)


def _check_time(reading: Reading, types: Mapping[str, Type], shapes: Mapping[str, Shapes], problems: Problems) -> None:
    kind = types.get(reading.column, NOTHING)
    if kind in (Scalar.TIME, Scalar.DATE, Scalar.STRING, NOTHING):
        return
    numbers = kind in (Scalar.INT, Scalar.FLOAT)
    if numbers and reading.unit:
        return
    what = "holds numbers, not times" if numbers else f"is {describe_type(kind)}, not a time"
    hint = "name a column that holds times"
    if numbers and reading.place[-1] == "time":
        hint = f"give their unit: `time: {{column: {reading.column}, unit: s}}` (s, ms, us or ns)"
    files = [file for file, found in shapes.items() if reading.column in found]
    problems.add("not-a-time", f"`{reading.column}` {what}: {name_files(files)}", reading.place, hint=hint)
