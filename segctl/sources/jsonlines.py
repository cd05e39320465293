"""JSON Lines, also gzipped: one object per line."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from pyarrow import json as arrow_json

from segctl.logic.types import NOTHING, Scalar
from segctl.sources.files import File, open_bytes
from segctl.sources.format import Request, Shapes, Unreadable, damaged, skip
from segctl.sources.kinds import TEXT_TIMES, kinds_of
from segctl.sources.problems import counted
from segctl.sources.shape import Conflict, ListShape, Shape, StructShape, Texts, join, join_all

_LINES = 20_000
_BLOCK = 1 << 23
_TYPES = {Scalar.BOOL: pa.bool_(), Scalar.INT: pa.int64(), Scalar.FLOAT: pa.float64()}
_EXAMPLES = 3
_SCALARS: dict[type, Shape] = {
    bool: Scalar.BOOL, int: Scalar.INT, float: Scalar.FLOAT, type(None): NOTHING,
}  # fmt: skip
_WORDS: dict[type, str] = {
    list: "a list", str: "a text", int: "a number", float: "a number", bool: "a boolean", type(None): "null",
}  # fmt: skip
Row = dict[str, Any]


class JsonLines:
    """The format of `.jsonl` and `.jsonl.gz`."""

    def shapes(self, file: File) -> Shapes:
        """What all values of each key could be; the whole file is read."""
        found: dict[str, Shape] = {}
        for rows in _chunks(file):
            for name in dict.fromkeys(itertools.chain.from_iterable(rows)):
                found[name] = _joined(file, name, found.get(name, NOTHING), [row.get(name) for row in rows])
        return found

    def rows(self, file: File) -> int:  # noqa: ARG002 every format is asked
        """Nobody knows before the lines are read."""
        return 0

    def batches(self, file: File, request: Request) -> Iterator[pa.RecordBatch]:
        """The asked keys as the file's shapes say."""
        yield from skip(_batches(file, request), request.start)


def _batches(file: File, request: Request) -> Iterator[pa.RecordBatch]:
    """Arrow parses much faster; what it refuses (a line of many megabytes, 1e400) is left to Python."""
    if not set(request.columns) <= set(request.shapes):
        yield from _by_python(file, request.columns)
        return
    done = 0
    try:
        for batch in _by_arrow(file, request):
            yield batch
            done += batch.num_rows
    except (pa.ArrowException, OSError):
        yield from skip(_by_python(file, request.columns), done)


def _by_arrow(file: File, request: Request) -> Iterator[pa.RecordBatch]:
    schema = pa.schema([(name, _arrow(request.shapes[name])) for name in request.columns])
    keys = arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    with pa.input_stream(str(file.path), compression="gzip" if file.name.endswith(".gz") else None) as stream:
        blocks = arrow_json.ReadOptions(use_threads=False, block_size=_BLOCK)
        for batch in arrow_json.open_json(stream, read_options=blocks, parse_options=keys):
            yield batch.select(list(request.columns))


def _arrow(shape: Shape) -> pa.DataType:
    match shape:
        case ListShape(element):
            return pa.list_(_arrow(element))
        case StructShape(fields):
            return pa.struct([(name, _arrow(field)) for name, field in fields.items()])
        case Scalar():
            return _TYPES[shape]
        case Texts():
            return pa.string()
    return pa.null()


def _by_python(file: File, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for rows in _chunks(file):
        yield pa.record_batch([_array(file, name, [row.get(name) for row in rows]) for name in columns], list(columns))


def _array(file: File, name: str, values: list[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowException, ValueError, OverflowError) as cause:
        summary = f"`{name}` of {file.name} cannot be read: its values have no common type"
        raise Unreadable("unreadable-file", summary) from cause


def _joined(file: File, name: str, before: Shape, values: Sequence[Any]) -> Shape:
    try:
        return join(before, _shape_of(values))
    except Conflict as cause:
        raise Unreadable(
            "conflicting-types",
            f"`{name}` of {file.name} holds both {cause}",
            hint="write values of one type under one key",
        ) from cause
    except OverflowError as cause:
        raise Unreadable(
            "number-overflow",
            f"`{name}` of {file.name} holds numbers beyond 64-bit integers",
            hint="write them as text",
        ) from cause


def _shape_of(values: Iterable[Any]) -> Shape:
    """The shape of all values.

    Raises:
        Conflict: they have no type in common.
        OverflowError: an integer beyond 64 bits.
    """
    by_type: dict[type, list[Any]] = {}
    for value in values:
        by_type.setdefault(type(value), []).append(value)
    return join_all(_of_one_type(kind, by_type[kind]) for kind in sorted(by_type, key=lambda t: t.__name__))


def _of_one_type(kind: type, values: list[Any]) -> Shape:
    if kind is int and not -(1 << 63) <= min(values) <= max(values) < 1 << 63:
        raise OverflowError
    if kind in _SCALARS:
        return _SCALARS[kind]
    if kind is str:
        return Texts(kinds_of(pa.array(values, pa.string()), TEXT_TIMES))
    if kind is list:
        return ListShape(_shape_of(itertools.chain.from_iterable(values)))
    names = dict.fromkeys(itertools.chain.from_iterable(values))
    return StructShape({name: _shape_of(value.get(name) for value in values) for name in names})


# --- lines -------------------------------------------------------------------------------------


@dataclass
class _Bad:
    """Lines that are no JSON objects."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, number: int, why: str) -> None:
        self.count += 1
        if self.count <= _EXAMPLES:
            self.examples.append(f"line {number}: {why}")

    def check(self, file: File) -> None:
        if self.count:
            lines = counted(self.count, "line")
            raise Unreadable(
                "bad-json", f"no JSON object in {lines} of {file.name}", detail=", ".join(self.examples),
                hint='one object per line: {"user_id": "u1", "event": "login"}',
            )  # fmt: skip


def _chunks(file: File) -> Iterator[list[Row]]:
    bad = _Bad()
    try:
        with open_bytes(file) as stream:
            numbered = ((number, line) for number, line in enumerate(stream, start=1) if line.strip())
            while lines := list(itertools.islice(numbered, _LINES)):
                yield [row for number, line in lines if (row := _parse(number, line, bad)) is not None]
    except (OSError, EOFError) as cause:
        raise damaged(file, "JSON Lines", "the compressed data was cut off, or is not gzip") from cause
    bad.check(file)


def _parse(number: int, line: bytes, bad: _Bad) -> Row | None:
    try:
        row = json.loads(line.rstrip(b"\r\n"))
    except (ValueError, RecursionError) as cause:
        bad.add(number, _why(cause))
        return None
    if isinstance(row, dict):
        return row
    bad.add(number, _WORDS[type(row)])
    return None


def _why(cause: Exception) -> str:
    """What is wrong with a line, without anything that stands in it."""
    if isinstance(cause, json.JSONDecodeError):
        return f"{cause.msg[:1].lower()}{cause.msg[1:]} at column {cause.colno}"
    if isinstance(cause, UnicodeDecodeError):
        return "no UTF-8 text"
    return "nested too deep" if isinstance(cause, RecursionError) else "a number of too many digits"
