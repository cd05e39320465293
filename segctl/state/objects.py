"""A store in an object store: S3 and what speaks like it, Google Cloud Storage, Azure.

Every write is conditional, and the server compares and writes in one: a name is created if it is
absent, replaced if it has the entity tag of what was read. An answer may be lost after a write that
was done, and the second try then meets the first one's work: the bytes that are there are read back,
and what equals them is ours, for heads, records and locks carry what no other writer has.

Where the server is, and who may in, comes from the environment, by the variables that the service's
own tools know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from segctl.diagnostics import SegctlError, Usage
from segctl.model.state_place import ObjectPlace
from segctl.state.object_client import CONNECT_S, TRANSFER_S, client
from segctl.state.object_troubles import AZURE, GCS, S3, Nature, Service, Trouble, trouble
from segctl.state.requests import Patience, tried
from segctl.state.store import Missing, Unsure

if TYPE_CHECKING:
    from obstore.store import ObjectStore as Client

T = TypeVar("T")

_SERVICES: Mapping[str, Service] = {"s3": S3, "gs": GCS, "az": AZURE}
_LARGE = 1_000_000
"""Bytes of a write from which on it may take longer than an answer."""
_LONGEST_S = CONNECT_S + TRANSFER_S + 5
"""Of one try, in seconds: the library itself gives up before."""
_LEAST_S, _MOST_S = 0.5, 240.0


@dataclass(frozen=True)
class ObjectStore:
    """A store below a prefix of a bucket; nothing is asked of the server before the first operation."""

    place: ObjectPlace
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    patience: Patience = field(default=Patience(), repr=False)

    atomic_delete = False
    """Servers delete whatever is there: what is to be deleted is compared first, and not in one."""

    def read(self, name: str) -> bytes:
        """The bytes under this name; `Missing` if there are none."""
        return self._read(name)[0]

    def write_once(self, name: str, data: bytes) -> bool:
        """Create; False if the name is taken."""
        return self._put(name, data, "create")

    def replace(self, name: str, data: bytes, *, expected: bytes | None) -> bool:
        """Put `data` in the place of `expected`; False if something else is there."""
        if expected is None:
            return self.write_once(name, data)
        try:
            found, version = self._read(name)
        except Missing:
            return False
        return found == expected and self._put(name, data, version)

    def delete(self, name: str, *, expected: bytes) -> bool:
        """Delete `expected`; False if something else or nothing is there."""
        import obstore

        try:
            if self._read(name)[0] != expected:
                return False
        except Missing:
            return False
        self._ask("delete", name, lambda: obstore.delete(self._client(), name))
        return True

    def list(self, folder: str) -> Sequence[str]:
        """The names right below a folder, sorted."""
        return tuple(sorted(str(entry["path"]) for entry in self._listed(folder)))

    def sizes(self, folder: str) -> Mapping[str, int]:
        """The names right below a folder with their bytes; nothing is ever unfinished here."""
        return {str(entry["path"]): int(entry["size"]) for entry in self._listed(folder)}

    def discard(self, name: str) -> bool:
        """Delete what nothing refers to; most servers do not say whether it was there."""
        import obstore

        try:
            self._ask("delete", name, lambda: obstore.delete(self._client(), name))
        except Missing:
            return False
        return True

    def where(self, name: str = "") -> str:
        """The URL of a name."""
        return f"{self.place}{'/' if name else ''}{name}"

    def _listed(self, folder: str) -> Sequence[Mapping[str, Any]]:
        import obstore

        return self._ask("list", folder, lambda: obstore.list_with_delimiter(self._client(), folder or None)["objects"])

    def _read(self, name: str) -> tuple[bytes, Mapping[str, str]]:
        """The bytes, and the version that they are, for a write on condition."""
        import obstore

        def get() -> tuple[bytes, Mapping[str, str]]:
            found = obstore.get(self._client(), name)
            version = {key: text for key in ("e_tag", "version") if (text := found.meta[key])}
            return bytes(found.bytes()), version

        return self._ask("read", name, get)

    def _put(self, name: str, data: bytes, mode: str | Mapping[str, str]) -> bool:
        import obstore

        opened = self._client(large=len(data) >= _LARGE)
        condition: Any = mode if isinstance(mode, str) else dict(mode)

        def put() -> object:
            return obstore.put(opened, name, data, mode=condition, use_multipart=False)

        done = tried(put, self.patience, self._is_passing, _LONGEST_S)
        if done.error is None:
            return True
        found = self._trouble(done.error)
        if found.nature is Nature.CONFLICT or (found.nature is Nature.ABSENT and mode != "create"):
            return done.unsure and self._holds(name, data)
        raise self._failed("write", name, found, done.tries, unsure=done.unsure)

    def _holds(self, name: str, data: bytes) -> bool:
        """Whether these very bytes are there: an earlier try was carried out, and its answer was lost."""
        try:
            return self.read(name) == data
        except Missing:
            return False

    def _ask(self, verb: str, name: str, request: Callable[[], T]) -> T:
        done = tried(request, self.patience, self._is_passing, _LONGEST_S)
        if done.error is None:
            return done.answer  # type: ignore[return-value]
        found = self._trouble(done.error)
        if found.nature is Nature.ABSENT:
            raise Missing(name) from None
        raise self._failed(verb, name, found, done.tries)

    def _failed(self, verb: str, name: str, found: Trouble, tries: int, *, unsure: bool = False) -> SegctlError:
        often = f" ({tries} tries)" if tries > 1 else ""
        kind = Unsure if unsure else SegctlError
        return kind(f"cannot {verb} `{self.where(name)}`: {found.cause}{often}", hint=found.hint)

    def _trouble(self, error: Exception) -> Trouble:
        if isinstance(error, SegctlError):
            raise error
        if isinstance(error, TimeoutError):
            return Trouble(Nature.PASSING, str(error))
        return trouble(self._service, self.place.container, type(error).__name__, str(error))

    def _is_passing(self, error: Exception) -> bool:
        return not isinstance(error, SegctlError) and self._trouble(error).nature is Nature.PASSING

    @property
    def _service(self) -> Service:
        return _SERVICES[self.place.scheme]

    def _client(self, *, large: bool = False) -> Client:
        return self._patient_client if large else self._quick_client

    @cached_property
    def _quick_client(self) -> Client:
        return client(self.place, self._service, self.environ, self.patience, large=False)

    @cached_property
    def _patient_client(self) -> Client:
        return client(self.place, self._service, self.environ, self.patience, large=True)


PATIENCE = "SEGCTL_STATE_TIMEOUT"
"""The variable that says for how many seconds one goes on trying."""


def object_store(place: ObjectPlace, environ: Mapping[str, str]) -> ObjectStore:
    """The store at a place, with the settings of an environment.

    Raises:
        Usage: the patience that it asks for is no number of seconds.
    """
    patience = Patience()
    written = environ.get(PATIENCE)
    if not written:
        return ObjectStore(place, environ, patience)
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0.0
    if not _LEAST_S <= seconds <= _MOST_S:
        raise Usage(
            f"`{PATIENCE}` is `{written}`", hint=f"write seconds from {_LEAST_S:g} to {_MOST_S:g}, such as `30`"
        )
    answer = min(patience.answer_s, max(_LEAST_S, seconds / 2))
    return ObjectStore(place, environ, replace(patience, answer_s=answer, total_s=seconds))
