"""CSV, also gzipped: every value is a text here; an empty unquoted field is missing, a quoted one is empty text."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
from pyarrow import csv as arrow_csv

from segctl.logic.types import NOTHING, Scalar
from segctl.sources.files import File, open_bytes
from segctl.sources.format import Request, Shapes, Unreadable, damaged, empty, skip, unique_names
from segctl.sources.kinds import kinds_of
from segctl.sources.lines import line_numbers
from segctl.sources.problems import counted
from segctl.sources.shape import ANYTHING, Shape, Texts

_BLOCK = 1 << 23
_EXAMPLES = 3
_BEFORE_ROWS = 2
"""Arrow counts rows from 1, and the header among them."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Csv:
    """The format of `.csv` and `.csv.gz`."""

    def shapes(self, file: File) -> Shapes:
        """What all values of each column could be read as; the whole file is read."""
        names = _header(file)
        kinds = dict.fromkeys(names, ANYTHING)
        seen = dict.fromkeys(names, False)
        last: pa.RecordBatch | None = None
        for batch in _read(file, names, tuple(names)):
            last = batch if batch.num_rows else last
            for name in names:
                texts = batch.column(name)
                kinds[name] = kinds_of(texts, kinds[name])
                seen[name] = seen[name] or texts.null_count < len(texts)
        _closed(file, last)
        return {name: _shape(kinds[name], seen=seen[name]) for name in names}

    def rows(self, file: File) -> int:  # noqa: ARG002 every format is asked
        """Nobody knows before the lines are read."""
        return 0

    def batches(self, file: File, request: Request) -> Iterator[pa.RecordBatch]:
        """The asked columns as texts."""
        yield from skip(_read(file, _header(file), request.columns), request.start)


def _shape(kinds: frozenset[Scalar], *, seen: bool) -> Shape:
    return Texts(kinds) if seen else NOTHING


def _header(file: File) -> list[str]:
    if not file.size:
        raise empty(file, "write its header, or remove the file")
    try:
        with io.TextIOWrapper(open_bytes(file), "utf-8-sig", newline="") as stream:
            names = next((row for row in csv.reader(stream) if row), [])
    except UnicodeDecodeError as cause:
        raise _not_utf8(file) from cause
    except (OSError, EOFError, csv.Error) as cause:
        raise damaged(file, "CSV", _plainly(cause)) from cause
    if not names:
        raise Unreadable("empty-file", f"{file.name} has no header", hint="write the names of its columns")
    unique_names(file, names)
    return names


@dataclass
class _Ragged:
    """Rows with another number of fields than the header."""

    fields: int
    count: int = 0
    examples: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, row: arrow_csv.InvalidRow) -> str:
        self.count += 1
        if self.count <= _EXAMPLES:
            self.examples.append((row.number - _BEFORE_ROWS, row.actual_columns))
        return "skip"

    def check(self, file: File) -> None:
        if self.count:
            rows = counted(self.count, "row")
            lines = line_numbers(file.path, [row for row, _ in self.examples])
            fields = [counted(fields, "field") for _, fields in self.examples]
            raise Unreadable(
                "ragged-rows",
                f"a number of fields that differs from the header's {self.fields} in {rows} of {file.name}",
                detail=", ".join(f"line {line}: {n}" for line, n in zip(lines, fields, strict=True)) if lines else "",
                hint='put values that hold a comma, a quote or a line break between quotes: "a, b"',
            )


def _read(file: File, names: list[str], columns: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    ragged = _Ragged(len(names))
    try:
        yield from _open(file, names, columns, ragged) or ()
    except pa.ArrowInvalid as cause:
        raise (_not_utf8(file) if "UTF8" in str(cause) else damaged(file, "CSV", _plainly(cause))) from cause
    except OSError as cause:
        raise damaged(file, "CSV", _plainly(cause)) from cause
    ragged.check(file)


def _open(
    file: File, names: list[str], columns: tuple[str, ...], ragged: _Ragged
) -> arrow_csv.CSVStreamingReader | None:
    try:
        return arrow_csv.open_csv(
            file.path,
            read_options=arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=ragged),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), include_columns=list(columns),
                null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid as cause:
        if "cannot infer number of columns" in str(cause):  # a header, and not even the end of its line
            return None
        raise


def _closed(file: File, last: pa.RecordBatch | None) -> None:
    """A quote that is never closed swallows all rows after it into the last field."""
    if last is None or "\n" not in (last.column(last.num_columns - 1)[-1].as_py() or ""):
        return
    with open_bytes(file) as stream:
        quotes = sum(block.count(b'"') for block in iter(lambda: stream.read(_BLOCK), b""))
    if quotes % 2:
        raise Unreadable("unreadable-file", f"{file.name} ends inside a quoted value", hint="close the quote")


def _not_utf8(file: File) -> Unreadable:
    with file.path.open("rb") as stream:
        if stream.read(2) in _UTF16:
            return Unreadable("not-utf8", f"{file.name} is UTF-16 text", hint="save the file as UTF-8")
    bad: list[int] = []
    count = 0
    with open_bytes(file) as stream:
        for number, line in enumerate(stream, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                count += 1
                bad = [*bad, number][:_EXAMPLES]
    return Unreadable(
        "not-utf8",
        f"invalid UTF-8 in {counted(count, 'line')} of {file.name}",
        detail=", ".join(f"line {number}" for number in bad),
        hint="save the file as UTF-8",
    )


def _plainly(cause: Exception) -> Exception | str:
    text = str(cause)
    if "Truncated compressed" in text or isinstance(cause, EOFError):
        return "the compressed data was cut off"
    if isinstance(cause, gzip.BadGzipFile) or "zlib" in text:
        return "it is not gzip"
    return cause
