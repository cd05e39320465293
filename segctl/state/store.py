"""Where a state is kept, as five operations that a folder and an object store can both do.

A name is a path with `/`, such as `records/000042.json`. Whatever is stored under a name appears
there whole or not at all. `expected` makes `replace` and `delete` conditional: they are the only
operations that can lose somebody else's work, and none of them does so blindly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from segctl.diagnostics import SegctlError

TEMPORARY = ".tmp-"
"""How the names of unfinished files begin; a killed process leaves them behind, `list` skips them."""


class Missing(Exception):
    """Nothing is stored under this name."""


class Unsure(SegctlError):
    """A write was sent and never answered: whether it was done is not known."""


class Store(Protocol):
    """Named bytes; an operation that cannot be done raises `SegctlError` with the cause in one line."""

    @property
    def atomic_delete(self) -> bool:
        """Whether `delete` compares and deletes in one; without, only what nobody writes may be deleted."""

    def read(self, name: str) -> bytes:
        """The bytes under this name.

        Raises:
            Missing: there are none.
        """

    def write_once(self, name: str, data: bytes) -> bool:
        """Create, durably; False, and nothing done, if the name is taken."""

    def replace(self, name: str, data: bytes, *, expected: bytes | None) -> bool:
        """Put `data` in the place of `expected` (None: of nothing), durably; False if something else is there."""

    def delete(self, name: str, *, expected: bytes) -> bool:
        """Delete `expected`; False, and nothing done, if something else or nothing is there."""

    def list(self, folder: str) -> Sequence[str]:
        """The names right below a folder, sorted; none if there is no such folder."""

    def sizes(self, folder: str) -> Mapping[str, int]:
        """The names right below a folder ("": of the state itself) with their bytes, unfinished ones too."""

    def discard(self, name: str) -> bool:
        """Delete what is immutable and nothing refers to, whatever it is; False if it is in use, or was not there.

        A server may not say whether it was there.
        """

    def where(self, name: str = "") -> str:
        """The place of a name, for people."""


def is_unfinished(name: str) -> bool:
    """Whether this is a file that somebody is writing, or was when they died."""
    return name.rpartition("/")[2].startswith(TEMPORARY)
