"""Whether files still hold what was indexed: by their identity, and by content where that cannot tell."""

from __future__ import annotations

from segctl.diagnostics import SegctlError
from segctl.index.manifest import FileRecord
from segctl.sources.files import File, digest, stat

TICK_NS = 2_000_000_000
"""Two writes less than this apart may leave the same times: the coarsest clock of a filesystem is FAT's."""


def is_settled(file: File, now_ns: int) -> bool:
    """Whether another write, from `now_ns` on, is sure to change the identity; both by the filesystem's clock."""
    return file.status_changed < now_ns - TICK_NS


def is_unchanged(record: FileRecord, file: File) -> bool:
    """Whether a file is surely the one that was read; if not, its digest decides."""
    return record.settled and record.identity == file.identity


class Confirming:
    """Confirms, after files were read, that they are what was identified before.

    What was read between two equal identities is what was identified. A file that was written just before it
    was identified is read once more for its digest, each time until the clock has moved on.
    """

    def __init__(self, now_ns: int) -> None:
        self._now_ns = now_ns
        self._settled: set[str] = set()

    def identity(self, file: File) -> None:
        """Make sure of what can be told without reading.

        Raises:
            SegctlError: the file changed.
        """
        now = stat(file)
        if now is None or now.identity != file.identity:
            raise changed(file.name)

    def content(self, file: File, record: FileRecord) -> None:
        """Make sure of what was read.

        Raises:
            SegctlError: the file changed.
        """
        self.identity(file)
        if record.settled or file.name in self._settled:
            return
        try:
            same = digest(file) == record.digest
        except OSError:
            same = False
        if not same:
            raise changed(file.name)
        self.identity(file)
        if is_settled(file, self._now_ns):
            self._settled.add(file.name)


def changed(file: str) -> SegctlError:
    """A file that is not what the index says it is."""
    return SegctlError(f"{file} changed while it was read", hint="run the command again")
