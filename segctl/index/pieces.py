"""Reads pieces of files one after the other; a file that goes on in the next piece is not opened again."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.index.identity import changed
from segctl.index.manifest import Piece, TableRecord
from segctl.index.work import Indexing
from segctl.sources.declared import Table
from segctl.sources.format import Request
from segctl.sources.table import Batch


class PieceReader:
    """Typed columns of the pieces of a table's files."""

    def __init__(self, work: Indexing, table: Table, record: TableRecord, columns: tuple[str, ...]) -> None:
        self._source = work.source(table, record)
        self._files = work.files(record)
        self._records = {file.name: file for file in record.files}
        self._confirming = work.confirming
        self._columns = columns
        self._problems = work.problems
        self._open: Iterator[Batch] = iter(())
        self._at: tuple[str, int] | None = None
        self._rest: Batch | None = None

    def read(self, piece: Piece) -> Iterator[Batch]:
        """The rows of a piece; at its end the file is sure to be the one that was indexed.

        Raises:
            SegctlError: the file is not the one that was indexed.
            Unreadable: the file is damaged.
        """
        if self._at != (piece.file, piece.first):
            self._start(piece)
        left = piece.rows
        while left:
            batch = self._rest or next(self._open, None)
            if batch is None:
                raise changed(piece.file)
            head = batch.head(left)
            self._rest = batch.tail(head.rows) if head.rows < batch.rows else None
            left -= head.rows
            yield head
        self._confirming.content(self._files[piece.file], self._records[piece.file])
        self._at = (piece.file, piece.first + piece.rows)

    def _start(self, piece: Piece) -> None:
        file = self._files[piece.file]
        self._confirming.identity(file)
        request = Request(self._columns, piece.first, self._source.codable())
        self._open, self._rest = self._source.typed(file, request, self._problems), None
