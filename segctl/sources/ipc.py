"""Arrow IPC: the file format and the stream format, told apart by their first bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyarrow import ipc

from segctl.sources.arrow_shape import shape_of
from segctl.sources.files import File
from segctl.sources.format import Request, Shapes, damaged, empty, skip, unique_names

_MAGIC = b"ARROW1"


class Ipc:
    """The format of `.arrow`."""

    def shapes(self, file: File) -> Shapes:
        """From the file's schema."""
        schema, _ = _open(file, ())
        unique_names(file, schema.names)
        return {field.name: shape_of(field.type) for field in schema}

    def rows(self, file: File) -> int:  # noqa: ARG002 every format is asked
        """Each batch says it of itself only."""
        return 0

    def batches(self, file: File, request: Request) -> Iterator[pa.RecordBatch]:
        """Only the asked columns are read."""
        _, read = _open(file, request.columns)
        try:
            for batch in skip(read, request.start):
                yield batch.select(list(request.columns))
        except (pa.ArrowException, OSError) as cause:
            raise damaged(file, "Arrow", cause) from cause


def _open(file: File, columns: tuple[str, ...]) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    if not file.size:
        raise empty(file)
    try:
        source = pa.OSFile(str(file.path))  # not mapped: another program may write to it while it is read
        is_file = source.read(len(_MAGIC)) == _MAGIC
        source.seek(0)
        whole = (ipc.open_file if is_file else ipc.open_stream)(source)
        if not columns:
            return whole.schema, iter(())
        source.seek(0)
        chosen = ipc.IpcReadOptions(included_fields=[whole.schema.get_field_index(name) for name in columns])
        if is_file:
            return whole.schema, _of_file(ipc.open_file(source, options=chosen))
        return whole.schema, iter(ipc.open_stream(source, options=chosen))
    except (pa.ArrowException, OSError) as cause:
        raise damaged(file, "Arrow", _plainly(file, cause)) from cause


def _of_file(reader: ipc.RecordBatchFileReader) -> Iterator[pa.RecordBatch]:
    return (reader.get_batch(number) for number in range(reader.num_record_batches))


def _plainly(file: File, cause: Exception) -> Exception | str:
    try:
        with file.path.open("rb") as stream:
            starts = stream.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return cause
    return "it was cut off: the footer is missing" if starts else "it is another format, or was cut off"
