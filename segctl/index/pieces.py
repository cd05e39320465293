"""Reads pieces of files one after the other; a file that goes on in the next piece is not opened again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segctl.diagnostics import SegctlError
from segctl.index.manifest import Piece
from segctl.sources.files import File, stat
from segctl.sources.format import Request
from segctl.sources.problems import Problems
from segctl.sources.table import Batch, Source


class PieceReader:
    """Typed columns of the pieces of a table's files."""

    def __init__(self, source: Source, files: Mapping[str, File], columns: tuple[str, ...], problems: Problems) -> None:
        self._source = source
        self._files = files
        self._columns = columns
        self._problems = problems
        self._open: Iterator[Batch] = iter(())
        self._at: tuple[str, int] | None = None
        self._rest: Batch | None = None

    def read(self, piece: Piece) -> Iterator[Batch]:
        """The rows of a piece.

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
        self._at = (piece.file, piece.first + piece.rows)

    def _start(self, piece: Piece) -> None:
        file = self._files[piece.file]
        now = stat(file)
        if now is None or now.identity != file.identity:
            raise changed(piece.file)
        request = Request(self._columns, piece.first, self._source.codable())
        self._open, self._rest = self._source.typed(file, request, self._problems), None


def changed(file: str) -> SegctlError:
    """A file that is not what the index says it is."""
    return SegctlError(f"{file} changed while it was read", hint="run the command again")
